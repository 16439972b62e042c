// Pages of other origins in Chromium, which try to change a mock: node foreign_pages.mjs BASE_URL. The standard input is {chromium}.
// Prints what each attempt could read, and what the mock holds afterwards.
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(`${process.cwd()}/`);
const { chromium } = require("playwright-core");

const mock = process.argv[2];
const port = new URL(mock).port;
const given = JSON.parse(readFileSync(0));
const CONTROL = `${mock}/__mockportal`;
const page = "<!doctype html><meta charset=utf-8><title>foreign</title><body></body>";
const elsewhere = createServer((_, answer) => answer.writeHead(200, { "content-type": "text/html" }).end(page));
await new Promise((listening) => elsewhere.listen(0, "127.0.0.1", listening));

const browser = await chromium.launch({
  executablePath: given.chromium,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--host-resolver-rules=MAP *.evil.test 127.0.0.1",
    // Newer browsers keep such pages from this machine by themselves; here the mock has to.
    "--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests,PrivateNetworkAccessSendPreflights",
  ],
});
const seen = {};
const control = async (path) => (await fetch(`${CONTROL}${path}`)).json();

// What a page can send: each attempt would make a world, reset one, or read something, if it were let in.
const attempts = async (control) => {
  const done = {};
  const read = async (name, path, options) => {
    try {
      const answer = await fetch(`${control}${path}`, options);
      done[name] = answer.type === "opaque" ? "opaque" : answer.status;
    } catch {
      done[name] = "blocked";
    }
  };
  const json = JSON.stringify({ name: "stolen" });
  const post = { method: "POST", body: json };
  await read("json", "/worlds", { ...post, headers: { "content-type": "application/json" } });
  await read("json without CORS", "/worlds", { ...post, mode: "no-cors", headers: { "content-type": "application/json" } });
  await read("text", "/worlds", { ...post, headers: { "content-type": "text/plain" } });
  await read("nothing to send", "/worlds/main/reset", { method: "POST", mode: "no-cors" });
  await read("delete", "/worlds/kept", { method: "DELETE" });
  await read("journal", "/worlds/main/journal", {});
  await read("token", "/worlds/main/tokens", { ...post, body: JSON.stringify({ user: "portal_user/anna" }), mode: "no-cors" });
  done.beacon = navigator.sendBeacon(`${control}/worlds`, new Blob([json], { type: "text/plain" }));
  const loaded = (element) => new Promise((settled) => {
    element.onload = () => settled("loaded");
    element.onerror = () => settled("blocked");
    document.body.append(element);
  });
  done.image = await loaded(Object.assign(new Image(), { src: `${control}/worlds/image/clock` }));
  done.script = await loaded(Object.assign(document.createElement("script"), { src: `${control}/worlds/script/journal` }));
  done.events = await new Promise((settled) => {
    const events = new EventSource(`${control}/events`);
    events.onopen = () => settled("open");
    events.onerror = () => settled("blocked") || events.close();
  });
  const frame = Object.assign(document.createElement("iframe"), { name: "target" });
  document.body.append(frame);
  for (const enctype of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
    const form = Object.assign(document.createElement("form"), { action: `${control}/worlds`, method: "post", target: "target" });
    form.enctype = enctype;
    form.innerHTML = `<input name='{"name":"stolen","x":"' value='"}'>`;
    document.body.append(form);
    const answered = new Promise((settled) => (frame.onload = settled));
    form.submit();
    await answered;
  }
  return done;
};

async function tried(name, url, address) {
  const one = await browser.newPage();
  if (address === "") await one.route(`${url}page`, (route) => route.fulfill({ contentType: "text/html", body: page }));
  await one.goto(address === "" ? `${url}page` : url);
  seen[name] = await one.evaluate(attempts, `${address}/__mockportal`);
  await one.close();
}

try {
  await fetch(`${CONTROL}/worlds`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ name: "kept" }) });
  await tried("another port", `http://127.0.0.1:${elsewhere.address().port}/`, mock);
  await tried("another site", `http://www.evil.test:${elsewhere.address().port}/`, mock);
  await tried("a rebound name", `http://rebound.evil.test:${port}/`, "");
  const own = await browser.newPage();
  await own.goto(`${CONTROL}/`);
  seen.own = await own.evaluate(async () => (await fetch("worlds")).status);
  seen.worlds = (await control("/worlds")).worlds.map((world) => world.name).sort();
  seen.entries = (await control("/worlds/main/journal")).entries.length;
} finally {
  await browser.close();
  elsewhere.close();
}
process.stdout.write(JSON.stringify(seen));
