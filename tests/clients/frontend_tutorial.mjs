// A person in Chromium who has followed docs/tutorials/frontend.md: node frontend_tutorial.mjs PAGES_URL.
// The standard input is [path of Chromium, folder of screenshots or null]. Prints what the person saw.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { chromium } = createRequire(`${process.cwd()}/`)("playwright-core");
const [executablePath, screenshots] = JSON.parse(readFileSync(0));
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const page = await browser.newPage({ baseURL: process.argv[2], viewport: { width: 620, height: 330 } });
const texts = (selector) => page.locator(selector).allTextContents();
const seen = {};

await page.goto("/index.html");
await page.locator("li").nth(1).waitFor();
seen.contracts = await texts("li");

await page.goto("/reading.html");
await page.locator("li").first().waitFor();
const before = (await texts("li")).length;
seen.readings = [];
for (const [value, until] of [["24000", "#problem:not(:empty)"], ["25100", `li:nth-child(${before + 1})`], ["40000", "#problem:not(:empty)"]]) {
  await page.fill("input", value);
  await page.click("button");
  await page.locator(until).waitFor();
  seen.readings.push([...(await texts("#problem")), (await texts("li"))[0]]);
}
if (screenshots) await page.screenshot({ path: `${screenshots}/tutorial-frontend.png` });
await page.reload();
await page.locator("li").nth(before).waitFor();

await page.goto("/sign-in.html");
const signIn = async (password) => {
  await page.fill("[name=email]", "mehmet.yilmaz@example.org");
  await page.fill("[name=password]", password);
  await page.click("button");
};
await signIn("wrong");
await page.locator("#problem:not(:empty)").waitFor();
seen.wrong = await texts("#problem");
await signIn("Musterau!2026");
await page.locator("li").nth(1).waitFor();
seen.signedIn = await texts("li");

console.log(JSON.stringify(seen));
await browser.close();
