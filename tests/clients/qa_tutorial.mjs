// A tester in Chromium who clicks what docs/tutorials/qa.md says: node qa_tutorial.mjs BASE_URL.
// The standard input is [path of Chromium, path of a screenshot or null]. Prints what the tester saw.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { chromium } = createRequire(`${process.cwd()}/`)("playwright-core");
const [executablePath, screenshot] = JSON.parse(readFileSync(0));
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const page = await browser.newPage({ viewport: { width: 1280, height: 640 } });
page.setDefaultTimeout(15_000);
const seen = {};

const view = async (name) => page.getByRole("navigation").getByRole("link", { name }).click();
const press = (name) => page.getByRole("button", { name, exact: true }).click();
const OFFER = "55410e09-7a35-504d-9f60-a343fba7f0c6";
const operation = async (id, fill = async () => {}) => {
  await view("Operations");
  await page.getByRole("link", { name: id }).first().click();
  const caller = page.locator("main").getByRole("combobox", { name: "As" });
  await caller.selectOption({ label: await caller.locator("option", { hasText: "Anna Berger" }).first().textContent() });
  await fill();
  await press("Send");
  const answer = page.getByRole("region", { name: "Answer" });
  await answer.waitFor();
  return answer.textContent();
};
const accept = async () => {
  await page.getByLabel("id", { exact: false }).first().fill(OFFER);
  await page.getByLabel("decision", { exact: false }).selectOption({ label: "accept" });
};
const clock = async () => page.locator(".big-time").textContent();

await page.goto(`${process.argv[2]}/__mockportal/`);
await page.locator(".big-time").waitFor();
seen.start = await clock();
seen.offer = /AN-2026-00431[^]*open_for_acceptance/.test(await operation("getAllOrders"));
await view("Now");
await page.getByLabel("Set the time, UTC").fill("2026-06-15T21:59:00");
await press("Set (UTC)");
await page.getByText("23:59").first().waitFor();
seen.late = await clock();
await view("Rules");
await page.getByRole("link", { name: "New rule" }).or(page.getByRole("button", { name: "New rule" })).first().click();
await page.getByLabel("Operation", { exact: false }).first().fill("postOrderAcceptance");
await page.getByLabel("At most so many times").fill("1");
await press("Make the rule");
await page.getByRole("listitem").filter({ hasText: "postOrderAcceptance" }).waitFor();
seen.down = (await operation("postOrderAcceptance", accept)).includes("503");
await view("Now");
await press("+1 h");
await page.getByText("00:59").first().waitFor();
seen.tooLate = (await operation("postOrderAcceptance", accept)).includes("the offer expired on 2026-06-15");
await view("Journal");
await page.getByRole("listitem").filter({ hasText: "409" }).getByRole("link").click();
await page.getByRole("tab", { name: "Explanation" }).click();
await page.locator(".steps").waitFor();
if (screenshot) {
  await page.getByText("The rule applies").waitFor({ state: "hidden" });
  await page.screenshot({ path: screenshot });
}

console.log(JSON.stringify(seen));
await browser.close();
