// A form that sends a request to the API as somebody, and shows the answer.

import { call, control, inWorld } from "../api.js";
import { copyButton, h, json, status, toast } from "../dom.js";
import { live } from "../live.js";
import { address } from "../route.js";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"];

/** The choice of a caller; "" is nobody. Without a chosen one it is the first whom an operation lets in. */
export async function callerChoice(world, chosen, operation) {
  const { people } = await control.get(inWorld(world, "people")).catch(() => ({ people: [] }));
  const choice = h("select", { "aria-label": "As" }, h("option", { value: "" }, "nobody"), people.map((one, number) => h("option", { value: String(number) }, `${one.name}${one.role ? ` · ${one.role}` : ""}`)));
  const isLetIn = (one) => (chosen ? [one.alias, one.token, one.name].includes(chosen) : operation?.tokens.length && (!operation.callers.length || operation.callers.includes(one.kind)));
  const found = people.findIndex(isLetIn);
  choice.value = found < 0 ? "" : String(found);
  const token = async () => {
    const one = people[Number(choice.value)];
    if (choice.value === "" || !one) return "";
    return one.token ?? (await control.post(inWorld(world, "tokens"), { user: one.user, kind: one.kind })).token;
  };
  return { choice, token };
}

/** The answer to a request; a body that is JSON is shown as such. */
export function answerOf(world, answer) {
  let body = answer.text;
  try {
    body = JSON.parse(answer.text);
  } catch {
    // a text, shown as it is
  }
  const n = answer.n ?? live.last;
  return h("section", { class: "stack tight", "aria-label": "Answer" },
    h("div", { class: "line" }, h("h3", {}, "Answer"), answer.status > 0 && status(answer.status), answer.headers["x-mockportal-answered-by"] && h("span", { class: "tag" }, answer.headers["x-mockportal-answered-by"]),
      n > 0 && h("a", { href: address(world, "journal", [n]), onclick: (event) => event.target.closest("dialog")?.close() }, `Entry ${n}`)),
    answer.status === 0 && h("p", { class: "note" }, "A redirect: the browser does not show where it leads. The journal does."),
    answer.text ? json(body) : answer.status > 0 && h("p", { class: "soft small" }, "No body."));
}

/** Sends, and puts the answer into `place`. */
export async function send(world, request, token, place) {
  try {
    const headers = { ...request.headers, ...(token && { authorization: `Bearer ${token}` }) };
    place.replaceChildren(answerOf(world, await call(world, { ...request, headers })));
  } catch (error) {
    const isBroken = error instanceof TypeError;
    place.replaceChildren(h("p", { class: "note bad" }, isBroken ? "The connection broke before an answer came. A rule may have done that; the journal tells." : error.message));
  }
}

export function sendForm(world, { method, target, headers, body, as }) {
  const verb = h("select", { "aria-label": "Method" }, [...new Set([...METHODS, method])].map((name) => h("option", { value: name }, name)));
  verb.value = method;
  const path = h("input", { value: target, "aria-label": "Path and query", class: "mono", spellcheck: "false", required: true });
  const lines = h("textarea", { "aria-label": "Headers", rows: 2, class: "short", spellcheck: "false", value: Object.entries(headers).map(([name, value]) => `${name}: ${value}`).join("\n") });
  const content = h("textarea", { "aria-label": "Body", rows: 9, spellcheck: "false", value: body });
  const caller = h("div", {});
  const place = h("div", {});
  const ready = callerChoice(world, as).then((found) => {
    caller.append(found.choice);
    return found;
  });
  const submit = async () => {
    const given = Object.fromEntries(lines.value.split("\n").filter((line) => line.includes(":")).map((line) => [line.slice(0, line.indexOf(":")).trim(), line.slice(line.indexOf(":") + 1).trim()]));
    try {
      const token = await (await ready).token();
      await send(world, { method: verb.value, target: path.value, headers: given, body: content.value }, token, place);
    } catch (error) {
      toast(error.message, true);
    }
  };
  return h("div", { class: "stack" },
    h("div", { class: "send-line" }, verb, path),
    h("label", { class: "field" }, h("span", {}, "As"), caller),
    h("label", { class: "field" }, h("span", {}, "Headers"), lines),
    h("label", { class: "field" }, h("span", {}, "Body"), content),
    h("div", { class: "line" }, h("button", { type: "button", class: "primary", onclick: submit }, "Send"), copyButton(target, "path", "Copy path")),
    place);
}
