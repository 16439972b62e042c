// A person in Chromium at a portal of another origin than the mock: node browser.mjs BASE_URL.
// The path of Chromium is the standard input. Prints what the person saw, and everything that the browser asked for.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";

const require = createRequire(`${process.cwd()}/`);
const { build } = require("esbuild");
const { chromium } = require("playwright-core");

const mock = process.argv[2];
const executablePath = JSON.parse(readFileSync(0));
const POOL = "eu-central-1_MockEcp01";
const CLIENT = "mockecp0client000000000001";
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAAAAAC4HznGAAAADklEQVR4nGMQUDBgAGIAAsgAwfLXW5IAAAAASUVORK5CYII="; // 3 by 2 pixels
const PDF = [
  "%PDF-1.4",
  "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj",
  "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj",
  "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj",
  "trailer<</Root 1 0 R>>",
].join("\n");
const here = (name) => readFileSync(new URL(`browser/${name}`, import.meta.url));

const { outputFiles: [bundle] } = await build({
  stdin: { contents: here("portal.js").toString(), resolveDir: process.cwd() },
  define: { MOCK: JSON.stringify(mock) },
  bundle: true,
  format: "esm",
  target: "es2022",
  write: false,
});
const server = createServer((request, response) => {
  const isScript = request.url === "/portal.js";
  response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
  response.end(isScript ? bundle.contents : here("index.html"));
});
await new Promise((ready) => server.listen(0, "localhost", ready));
const portal = `http://localhost:${server.address().port}`;

const browser = await chromium.launch({
  executablePath,
  args: [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
  ],
});
const page = await browser.newPage();
const requests = [];
const complaints = [];
page.context().on("request", (request) => requests.push(request));
page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
page.on("pageerror", (error) => complaints.push(String(error)));
page.on("download", (download) => complaints.push(`${download.url()} is saved instead of shown`));
page.setDefaultTimeout(30_000);

const contracts = async () => (await page.locator("#contracts li").allTextContents()).sort();
const entered = async () => {
  await page.locator("#signed-in:visible, #problem:not(:empty)").first().waitFor();
  const [problem, user] = await page.locator("#problem, #user").allTextContents();
  return { user, problem, contracts: await contracts() };
};
const left = async () => {
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.locator("#signed-out").waitFor();
};
// Uploads a file, waits until it is shown, and returns the media type with which the mock answers for it.
const uploaded = async (name, mimeType, buffer) => {
  const isDownload = (response) => response.request().method() === "GET" && response.url().includes(name);
  const download = page.waitForResponse(isDownload);
  await page.getByLabel("Upload").setInputFiles({ name, mimeType, buffer });
  await page.locator(`[data-shown="${name}"]`).waitFor();
  return (await download).headers()["content-type"];
};

const seen = {};
const walk = async () => {
  await page.goto(portal);
  await page.getByLabel("E-mail").fill("anna.berger@example.org");
  await page.getByLabel("Password").fill("Musterau!2026");
  await page.getByRole("button", { name: "Sign in" }).click();
  seen.password = await entered();
  seen.picture = [await uploaded("zaehler.png", "image/png", Buffer.from(PNG, "base64"))];
  const picture = page.locator("img");
  seen.picture.push(...(await picture.evaluate((image) => [image.naturalWidth, image.naturalHeight])));
  seen.document = await uploaded("protokoll.pdf", "application/pdf", Buffer.from(PDF));
  await page.reload();
  seen.reloaded = await entered();
  await left();
  await page.reload();
  await page.locator("#signed-out").waitFor();

  await page.getByRole("button", { name: "Musterau ID" }).click();
  await page.getByRole("link", { name: "Lea Winter" }).click();
  seen.provider = await entered();
  await left();
  await page.getByRole("button", { name: "Apfel-Konto" }).click();
  await page.getByLabel("E-mail address").fill("ida.neu@example.org");
  await page.getByLabel("First name").fill("Ida");
  await page.getByRole("button", { name: "Sign in" }).click();
  seen.newcomer = await entered();
  await left();

  const login = new URLSearchParams({ response_type: "code", client_id: CLIENT, redirect_uri: `${portal}/` });
  await page.goto(`${mock}/__services/cognito/${POOL}/oauth2/authorize?${login}`);
  await page.getByLabel("E-mail address").fill("anna.berger@example.org");
  await page.getByLabel("Password").fill("Musterau!2026");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(`${portal}/?code=*`);
  await page.locator("#signed-out").waitFor();
};

try {
  await walk();
} catch (error) {
  throw new Error([error.message, ...complaints].join("\n"));
}

// A request that the browser gives up, because it leaves the page for example, is no failure.
const isFailure = (request) => request.failure() && request.failure().errorText !== "net::ERR_ABORTED";
const asked = requests.filter((request) => /^(http|ws)s?:/.test(request.url()));
seen.origins = [...new Set(asked.map((request) => new URL(request.url()).origin))].sort();
seen.failed = asked.filter(isFailure).map((request) => `${request.method()} ${request.url()}`);
await browser.close();
server.close();

console.log(JSON.stringify({ ...seen, complaints, portal }));
