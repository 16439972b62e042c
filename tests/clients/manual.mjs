// A reader of the manual in Chromium, without a server: node manual.mjs ADDRESS. The standard input is {chromium}.
// Prints what the reader saw on a wide and on a narrow screen, and everything that was not as it should be.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(`${process.cwd()}/`);
const { chromium } = require("playwright-core");

const index = process.argv[2];
const given = JSON.parse(readFileSync(0));
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const browser = await chromium.launch({ executablePath: given.chromium, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
const complaints = [];
const seen = {};
for (const [name, width] of [["wide", 1280], ["narrow", 390]]) {
  const page = await (await browser.newContext({ viewport: { width, height: 844 } })).newPage();
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("requestfailed", (request) => complaints.push(`${request.url()}: ${request.failure().errorText}`));
  await page.goto(index);
  await page.keyboard.press("/");
  await page.keyboard.type("rate_limit retry-after");
  const found = page.locator("#found a");
  await found.first().waitFor();
  const titles = await found.allTextContents();
  await found.first().click();
  await page.waitForURL(/scenarios\.html#rules$/);
  await page.waitForLoadState();
  const heading = page.getByRole("heading", { name: "Rules", exact: true });
  await page.addScriptTag({ content: AXE });
  const broken = await page.evaluate(async () => (await globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa"], preload: false })).violations.map((one) => `${one.id}: ${one.nodes[0].target}`));
  complaints.push(...broken);
  seen[name] = {
    found: titles.slice(0, 1),
    there: await heading.evaluate((one) => Math.abs(one.getBoundingClientRect().top) < 200),
    current: await page.locator("nav [aria-current]").textContent(),
    scrolls: await page.evaluate(() => document.documentElement.scrollWidth > innerWidth),
  };
}
await browser.close();
console.log(JSON.stringify({ ...seen, complaints }));
