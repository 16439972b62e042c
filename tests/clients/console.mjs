// A tester in Chromium at the console: node console.mjs BASE_URL. The standard input is {chromium, width}.
// Prints what the tester saw in each view, and everything that was not as it should be.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(`${process.cwd()}/`);
const { chromium } = require("playwright-core");

const mock = process.argv[2];
const given = JSON.parse(readFileSync(0));
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const VIEWS = ["now", "journal", "journal/1", "timeline", "state", "state/contact/anna", "state/-changed", "rules", "rules/new", "outbox", "operations", "operations/createMeterReading"];
const SHIFTS = () => {
  window.shifted = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => (window.shifted += entry.hadRecentInput ? 0 : entry.value))).observe({ type: "layout-shift", buffered: true });
};

const browser = await chromium.launch({ executablePath: given.chromium, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
const context = await browser.newContext({ viewport: { width: given.width, height: 844 }, reducedMotion: "reduce", permissions: ["clipboard-read", "clipboard-write"] });
const complaints = [];
async function prepared() {
  const one = await context.newPage();
  one.setDefaultTimeout(15_000);
  // A refusal is noted by the browser, and shown by the view.
  one.on("console", (message) => message.type() === "error" && !message.text().includes("status of 4") && complaints.push(message.text()));
  one.on("pageerror", (error) => complaints.push(String(error)));
  await one.addInitScript(SHIFTS);
  return one;
}
const page = await prepared();

const open = async (path, world = "main", one = page) => {
  await one.goto(`${mock}/__mockportal/#/${world}/${path}`);
  const view = one.locator(`main > console-${path.split(/[/?]/)[0]}`);
  await view.locator("h1:visible, h2:visible").first().waitFor();
};
const rows = () => page.locator("main").getByRole("listitem");
const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
const asked = (path, token = "dev-anna", world = "main") => fetch(`${mock}/@${world}${path}`, { headers: { authorization: `Bearer ${token}` } });
const control = async (path, world = "main") => (await fetch(`${mock}/__mockportal/worlds/${world}/${path}`)).json();
const tab = (name) => page.getByRole("tab", { name }).click();
const seen = {};

async function people() {
  await open("now");
  await page.getByRole("button", { name: "Copy token of Anna Berger" }).click();
  await page.getByText("Token of Anna Berger copied").waitFor();
  seen.token = await clipboard();
}

async function journal() {
  await open("journal");
  await page.getByText("Nothing has been asked yet").waitFor();
  await asked("/v2/portal/user");
  await rows().filter({ hasText: "getPortalUser" }).waitFor();
  await asked("/v2/portal/user", "dev-jan");
  await rows().filter({ hasText: "403" }).waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("status:4xx");
  await page.getByText("1 of 2").waitFor();
  seen.found = await rows().count();
  await page.keyboard.press("Escape");
  await rows().getByRole("link").click();
  await page.getByRole("heading", { name: "GET /v2/portal/user" }).waitFor();
  await tab("Explanation");
  await page.getByRole("tabpanel").locator(".steps").waitFor();
  await accessible("an explanation");
  seen.explained = (await page.getByRole("tabpanel").textContent()).length > 20;
  seen.address = new URL(page.url()).hash;
}

async function resend() {
  await open("journal/1");
  await page.getByRole("button", { name: "Edit and send again" }).click();
  await page.getByLabel("Path and query").fill("/v2/portal/contact");
  await page.getByLabel("Method").selectOption("PATCH");
  await page.getByLabel("Headers").fill("content-type: application/json");
  await page.getByLabel("Body", { exact: true }).fill('{"first_name": "Ännchen"}');
  await page.getByRole("button", { name: "Send", exact: true }).click();
  const answer = page.getByRole("region", { name: "Answer" });
  await answer.waitFor();
  await accessible("the form to send again");
  seen.resent = (await answer.locator(".tag").allTextContents()).slice(0, 2);
  await answer.getByRole("link", { name: /^Entry/ }).click();
  await page.getByRole("heading", { name: "PATCH /v2/portal/contact" }).waitFor();
  await tab("Changes");
  await page.getByText("Ännchen", { exact: true }).first().waitFor();
  await page.getByText("Anna", { exact: true }).first().waitFor();
}

async function edit() {
  await open("state/contract/v-900001");
  await page.getByRole("button", { name: "Edit" }).click();
  const field = page.getByLabel("start_date", { exact: true });
  await accessible("the form of a record");
  await field.fill("gestern");
  await page.getByRole("button", { name: "Save" }).click();
  await page.locator(".problem:visible").waitFor();
  seen.invalid = await field.getAttribute("aria-invalid");
  await field.fill("2023-02-01");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("at the start: 2023-01-01").waitFor();
  seen.edited = (await control("state/contract/v-900001")).start_date;
  await page.getByRole("link", { name: /Ännchen/ }).first().click();
  await page.getByRole("heading", { name: /Ännchen/ }).waitFor();
}

async function timeline() {
  await open("timeline");
  await page.getByRole("slider").focus();
  await page.keyboard.press("Home");
  await page.getByText("The start, before any exchange").waitFor();
  await page.getByRole("button", { name: "Rewind to here" }).click();
  await page.getByText("Back to the start").waitFor();
  seen.rewound = (await control("state/contract/v-900001")).start_date;
  await page.getByLabel("Name of the snapshot").fill("kept");
  await page.getByRole("button", { name: "Keep the present" }).click();
  await page.getByRole("button", { name: "Restore" }).waitFor();
}

async function outbox() {
  await open("outbox");
  await rows().filter({ hasText: "emilia" }).getByRole("link").click();
  const link = page.locator(".letter a").first();
  await link.waitFor();
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.getByText("link copied").waitFor();
  await accessible("a mail");
  seen.mail = [(await clipboard()) === (await link.getAttribute("href")), await link.getAttribute("rel")];
}

/** A mail with markup, a script and a link that is none: it is shown, and nothing of it runs. */
async function hostileMail() {
  const mail = { to: "müller@example.org", subject: "<b>Rechnung</b>", created_at: "2026-06-15T07:00:00.000Z", link: "javascript:alert(1)", html: '<h1>Hallo</h1><script>alert(2)</script><img src="x" onerror="alert(3)">' };
  await fetch(`${mock}/__mockportal/worlds/main/state/mail/markup`, { method: "PUT", headers: { "content-type": "application/json" }, body: JSON.stringify(mail) });
  const one = await context.newPage(); // without the others' complaints: the browser tells of what it blocks
  const alerts = [];
  one.on("dialog", (dialog) => alerts.push(dialog.message()) && dialog.dismiss());
  await open("outbox", "main", one);
  await one.getByText("<b>Rechnung</b>").first().click();
  await one.frameLocator(".letter iframe").getByRole("heading", { name: "Hallo" }).waitFor();
  await one.waitForTimeout(200);
  seen.hostile = [alerts, await one.locator(".letter a").first().getAttribute("href")];
  await one.close();
}

async function rule() {
  await open("rules/new?operation=getPortalUser&as=anna");
  await page.getByLabel("What it does").selectOption("status");
  await page.getByLabel("Name", { exact: true }).fill("out-of-order");
  await page.getByRole("button", { name: "Make the rule" }).click();
  await rows().filter({ hasText: "out-of-order" }).waitFor();
  seen.rule = [(await asked("/v2/portal/user")).status];
  await open("rules/new?operation=getAllContracts");
  await page.getByLabel("What it does").selectOption("hold");
  await page.getByRole("button", { name: "Make the rule" }).click();
  const waiting = asked("/v2/portal/contract");
  await page.getByRole("button", { name: "Release" }).click();
  seen.rule.push((await waiting).status);
  for (const { id } of (await control("rules")).rules) await fetch(`${mock}/__mockportal/worlds/main/rules/${id}`, { method: "DELETE" });
}

async function tryIt() {
  await open("operations/getAllContracts");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByRole("region", { name: "Answer" }).getByText("200").waitFor();
  await open("operations/createMeterReading");
  await page.getByLabel("value", { exact: false }).first().fill("-5");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByRole("region", { name: "Answer" }).getByText("400").waitFor();
}

async function keyboard() {
  await open("journal");
  await rows().first().waitFor();
  await page.locator("main").focus();
  await page.keyboard.press("j");
  await page.waitForURL(/journal\/\d+/);
  const first = new URL(page.url()).hash;
  await page.keyboard.press("j");
  await page.waitForURL((url) => url.hash !== first);
  await page.keyboard.press("k");
  await page.waitForURL((url) => url.hash === first);
  await page.keyboard.press("?");
  seen.help = await page.getByRole("dialog").getByText("search in this view").count();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.keyboard.press("6");
  await page.waitForURL(/outbox/);
}

/** Ten thousand entries, scrolled from end to end: the rows that exist, and the milliseconds that a frame takes. */
async function manyEntries() {
  await open("journal");
  await rows().first().waitFor();
  const [drawn, frame] = await page.evaluate(async () => {
    const { live } = await import("/__mockportal/console/live.js");
    const entry = { at: "2026-06-15T07:00:00.000Z", operation: "getAllContracts", method: "GET", path: `/v2/${"lang".repeat(40)}`, status: 200, answered_by: "behaviour", as: "anna", rule: null };
    live.entries = Array.from({ length: 10_000 }, (_, number) => ({ ...entry, n: number + 1 }));
    live.dispatchEvent(new Event("entries"));
    const list = document.querySelector("virtual-list");
    const times = [];
    for (let step = 0; step <= 100; step += 1) {
      const start = performance.now();
      list.scrollTop = (list.scrollHeight / 100) * step;
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      times.push(performance.now() - start);
    }
    return [document.querySelectorAll(".virtual-row").length, times.sort((one, other) => one - other)[50]];
  });
  seen.rows = drawn;
  seen.frame = frame;
}

/** Complains of everything that axe finds in a page as it is now. */
async function accessible(name, one = page, rules) {
  await one.evaluate(AXE);
  const { violations } = await one.evaluate((options) => window.axe.run(document, options), { resultTypes: ["violations"], ...(rules && { runOnly: rules }) });
  for (const found of violations) complaints.push(`${name} ${found.id}: ${found.nodes.slice(0, 3).map((node) => `${node.target} ${node.any.map((check) => check.message).join(" ")}`).join(" | ")}`);
}

/** What is wrong with the looks of a view in a page: overflow, shifts of layout, accessibility in both themes. */
async function look(world, path, one) {
  await one.goto("about:blank"); // so that the view is loaded anew
  await open(path, world, one);
  await one.waitForTimeout(700);
  const [wide, shifted] = await one.evaluate(() => [[document.documentElement, document.querySelector("main")].some((part) => part.scrollWidth > part.clientWidth), window.shifted]);
  if (wide) complaints.push(`${world}/${path} is wider than the screen`);
  if (shifted > 0.02) complaints.push(`${world}/${path} shifts by ${shifted.toFixed(3)}`);
  await accessible(`${world}/${path}`, one);
  await one.evaluate(() => { document.documentElement.dataset.theme = "dark"; });
  await one.waitForTimeout(200); // until the colours have changed
  await accessible(`dark ${world}/${path}`, one, ["color-contrast"]);
}

async function looks(world, paths) {
  const rest = [...paths];
  const worker = async () => {
    const one = await prepared();
    while (rest.length) await look(world, rest.shift(), one);
    await one.close();
  };
  await Promise.all([worker(), worker(), worker()]);
}

try {
  for (const part of [people, journal, resend, edit, timeline, outbox, hostileMail, rule, tryIt, keyboard]) await part();
  await looks("main", VIEWS);
  await fetch(`${mock}/__mockportal/worlds`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ name: "long", scenario: "large-texts-i18n" }) });
  await asked(`/v2/${"sehr-lang-".repeat(60)}`, "dev-anna", "long");
  await looks("long", ["now", "journal/1", "state/contract", "state/contact/anna", "outbox", "timeline"]);
  await manyEntries();
} catch (error) {
  await page.screenshot({ path: "console-failed.png" });
  throw new Error([error.message, JSON.stringify(seen), ...complaints].join("\n"));
}
await browser.close();
console.log(JSON.stringify({ ...seen, complaints }));
