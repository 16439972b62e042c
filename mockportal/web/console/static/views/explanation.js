// Why an exchange was answered as it was: each stage that its request has passed, and what it found there.

import { control, inWorld } from "../api.js";
import { facts, failed, h } from "../dom.js";
import { here } from "../route.js";

/** The explanation of an entry of the journal. */
export async function explanation(world, entry) {
  try {
    return stages(await control.get(inWorld(world, "journal", entry.n, "explain")));
  } catch (error) {
    if (!error.isMissing) return failed(error);
    const known = { answered_by: entry.answered_by, caller: entry.as ?? "nobody", rule: entry.rule ?? "none applied", violations: entry.violations.map((one) => one.message) };
    return h("div", { class: "stack" }, h("p", { class: "note" }, "This server does not explain exchanges. The entry itself says:"), facts(known));
  }
}

function stages(told) {
  const { guard, route } = told;
  const caller = guard && `${guard.caller.as ?? "nobody"}${guard.caller.kind ? ` (${guard.caller.kind})` : ""}`;
  return h("div", { class: "stack" },
    told.reason && h("p", { class: "note warn" }, told.reason),
    h("ol", { class: "steps" },
      stage(!route.problem, "Route", ...routed(route)),
      guard && stage(guard.admitted, "Caller", `${caller} was ${guard.admitted ? "let in" : "not let in"}.`, guard.needs.flat().length > 0 && soft(`The operation needs ${guard.needs.map((all) => all.join(" and ")).join(", or ")}.`)),
      told.operation && stage(!told.request.violations.length, "Request", ...requested(told.request)),
      told.rules.length > 0 && stage(true, "Rules", told.rules.map(rule)),
      stage(told.status < 400, "Answer", h("p", {}, `${told.status} by ${told.answered_by}`), told.behaviour && h("code", { class: "any soft small" }, told.behaviour)),
      records("Read", told.records.read), records("Written", told.records.written),
      told.missing.length > 0 && stage(false, "Not found", told.missing.map((one) => h("p", { class: "any" }, h("code", {}, one.at), ` ${one.id}: ${one.reason}`)))));
}

const soft = (text) => h("p", { class: "soft small any" }, text);

function stage(isGood, name, ...content) {
  return h("li", {}, h("span", { class: `tag ${isGood ? "good" : "warn"}`, "aria-label": isGood ? "good" : "stopped here" }, isGood ? "✓" : "!"), h("div", { class: "stack tight" }, h("h2", { class: "minor" }, name), content));
}

function routed({ candidates, problem }) {
  if (problem) return [h("p", {}, problem)];
  const [chosen, ...others] = candidates;
  if (!chosen) return [soft("It was no request to the API.")];
  return [h("p", { class: "any" }, `${chosen.method} ${chosen.path}`), others.length > 0 && soft(`Also here: ${others.map((one) => `${one.method} ${one.operation}`).join(", ")}`)];
}

function requested({ violations, ignored }) {
  const broken = violations.map((one) => h("li", { class: "any" }, h("code", {}, `${one.in ?? ""}${one.path ?? ""}`), ` ${one.message}`));
  return [broken.length ? h("ul", {}, broken) : h("p", {}, "It keeps the contract."), ignored.length > 0 && soft(`Ignored: ${ignored.join(", ")}`)];
}

function rule(one) {
  return h("p", { class: "any" }, h("a", { href: here("rules") }, one.id), one.fired ? " fired" : ` did not: ${one.misses}`);
}

function records(name, paths) {
  if (!paths.length) return null;
  const links = paths.map((path) => [path, path.split("/")]).map(([path, [kind, ...rest]]) => h("li", {}, h("a", { class: "button", href: here("state", [kind, rest.join("/")]) }, h("span", { class: "cut" }, path))));
  return stage(true, name, h("ul", { class: "links" }, links));
}
