// One exchange whole: request, answer, explanation, what it changed, and what can be done with it.

import { control, inWorld } from "../api.js";
import { ask, copy, copyButton, empty, facts, failed, h, json, status, tabs, toast } from "../dom.js";
import { changes } from "../patch.js";
import { address, go, here } from "../route.js";
import { explanation } from "./explanation.js";
import { sendForm } from "./send.js";

const EXPLANATION = 2; // the tab that a refusal opens with
const LANGUAGES = ["curl", "httpx", "fetch", "playwright", "pytest"];

/** Fills `place` with entry `n` of a world. */
export async function showEntry(place, world, n) {
  place.dataset.n = n;
  let entry;
  try {
    entry = await control.get(inWorld(world, "journal", n));
  } catch (error) {
    const isGone = error.status === 404 && !error.isMissing;
    if (place.dataset.n === String(n)) place.replaceChildren(isGone ? empty(`Entry ${n} is not kept`, `${error.message}. A world keeps its newest exchanges.`) : failed(error, () => showEntry(place, world, n)));
    return;
  }
  if (place.dataset.n !== String(n)) return; // another one was chosen meanwhile
  const later = (make) => () => loaded(make);
  place.replaceChildren(h("div", { class: "stack" },
    title(entry),
    actions(world, entry),
    violations(entry),
    tabs("Parts of the exchange", [
      ["Answer", () => message(entry.response.headers, entry.response.body)],
      ["Request", () => message(entry.request.headers, entry.request.body, entry.request.query)],
      ["Explanation", later(() => explanation(world, entry))],
      ["Changes", later(() => changes(world, n - 1, n))],
      ["Code", () => code(world, n)],
    ], entry.status >= 400 ? EXPLANATION : 0),
  ));
}

function loaded(make) {
  const place = h("div", { class: "stack", "aria-busy": "true" });
  make().then((content) => {
    place.replaceChildren(content);
    place.removeAttribute("aria-busy");
  });
  return place;
}

function title(entry) {
  const { request } = entry;
  const query = request.query ? `?${request.query}` : "";
  const operation = entry.operation && !entry.operation.startsWith("mockportal.") && !entry.operation.startsWith("services.")
    ? h("a", { href: here("operations", [entry.operation]) }, entry.operation) : entry.operation ?? "no operation";
  return h("header", { class: "stack tight" },
    h("div", { class: "entry-title" }, status(entry.status), h("h1", {}, `${request.method} ${request.path}${query}`)),
    h("p", { class: "line soft small" }, h("span", { class: "mono" }, `#${entry.n}`), operation, h("span", {}, `as ${entry.as ?? "nobody"}`), h("span", {}, entry.at), h("span", { class: "tag" }, entry.answered_by),
      entry.rule && h("span", { class: "tag accent" }, `rule ${entry.rule}`), entry.response.delay > 0 && h("span", { class: "tag" }, `after ${entry.response.delay.toFixed(2)} s`), entry.response.fault && h("span", { class: "tag bad" }, entry.response.fault)));
}

function actions(world, entry) {
  const isOwn = entry.answered_by !== "control";
  return h("div", { class: "line" },
    isOwn && h("button", { type: "button", class: "primary", onclick: () => resend(world, entry) }, "Edit and send again"),
    isOwn && entry.operation && h("a", { class: "button", href: here("rules", ["new"], { operation: entry.operation, as: entry.as ?? "", n: entry.n }) }, "Make a rule"),
    h("button", { type: "button", onclick: () => fork(world, entry.n) }, "Fork here"),
    h("button", { type: "button", onclick: () => rewind(world, entry.n) }, "Rewind to here"),
    copyButton(location.href, "Link", "Copy link"));
}

function violations(entry) {
  const broken = entry.violations.map((one) => h("li", {}, `${one.in ?? ""} ${one.path ?? ""}: ${one.message}`));
  return broken.length > 0 && h("div", { class: "note bad" }, h("strong", {}, "The answer breaks the contract"), h("ul", {}, broken));
}

function message(headers, body, query) {
  const lines = Object.entries(headers ?? {});
  return h("div", { class: "stack" },
    query && h("div", { class: "stack tight" }, h("h3", {}, "Query"), facts(Object.fromEntries(new URLSearchParams(query)))),
    body === null || body === undefined || body === "" ? empty("No body") : json(body),
    lines.length > 0 && h("details", {}, h("summary", {}, `${lines.length} headers`), facts(headers)));
}

function code(world, n) {
  const place = h("div", { class: "stack", "aria-live": "polite" });
  const choice = h("select", { "aria-label": "Language", onchange: () => load() }, LANGUAGES.map((name) => h("option", { value: name }, name)));
  const load = async () => {
    try {
      const found = await control.get(`${inWorld(world, "journal", n, "code")}?as=${choice.value}`);
      const text = typeof found === "string" ? found : found.code ?? JSON.stringify(found, null, 2);
      place.replaceChildren(h("pre", { class: "code", tabindex: "0" }, text), h("div", {}, h("button", { type: "button", onclick: () => copy(text, `The ${choice.value} code`) }, "Copy the code")));
    } catch (error) {
      place.replaceChildren(failed(error, load));
    }
  };
  load();
  return h("div", { class: "stack" }, h("label", { class: "field" }, h("span", {}, "As"), choice), place);
}

function resend(world, entry) {
  const { request } = entry;
  const kept = Object.fromEntries(Object.entries(request.headers).filter(([name]) => ["content-type", "accept", "prefer", "accept-language"].includes(name)));
  const body = request.body === null ? "" : typeof request.body === "string" ? request.body : JSON.stringify(request.body, null, 2);
  const form = sendForm(world, { method: request.method, target: request.path + (request.query ? `?${request.query}` : ""), headers: kept, body, as: entry.as });
  const isHidden = `${request.path}${request.query}${body}`.includes("[redacted]");
  ask(h("div", { class: "stack" }, h("h2", {}, "Edit and send again"), isHidden && h("p", { class: "note warn" }, "The journal hides secrets: put a real value in place of [redacted]."), form), []);
}

export async function fork(world, n) {
  const name = h("input", { pattern: "[a-z0-9\\-]{1,63}", placeholder: "the next free one", title: "1 to 63 of a-z, 0-9 and -" });
  const content = h("div", { class: "stack" }, h("h2", {}, n ? `A new world after exchange ${n}` : "A new world from the start"), h("p", { class: "soft" }, `${world} stays as it is.`), h("label", { class: "field" }, h("span", {}, "Name"), name));
  if (!(await ask(content, [["fork", "Fork", "primary"]]))) return;
  try {
    const made = await control.post("worlds", { ...(name.value && { name: name.value }), from: { world, n } });
    toast(`${made.name} goes on from there`);
    go(address(made.name, "now"));
  } catch (error) {
    toast(error.message, true);
  }
}

export async function rewind(world, n) {
  try {
    await control.post(inWorld(world, "rewind"), { to: n });
    toast(n ? `Back to right after exchange ${n}` : "Back to the start");
  } catch (error) {
    toast(error.message, true);
  }
}
