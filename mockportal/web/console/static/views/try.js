// The form to try an operation: a field for each parameter and each field of the body, with the example filled in.

import { h, prose, tabs, toast } from "../dom.js";
import { live } from "../live.js";
import { callerChoice, send } from "./send.js";

const isSimple = (value) => value === null || typeof value !== "object";

export function tryForm(world, operation) {
  const parameters = operation.parameters.map((one) => ({ one, ...control(one, one.required || one.in === "path" ? sample(one) : undefined) }));
  const body = operation.body && bodyForm(operation.body);
  const place = h("div", { "aria-live": "polite" });
  const caller = h("div", {});
  const last = live.entries.findLast((entry) => entry.operation === operation.operation && entry.as)?.as;
  const ready = callerChoice(world, last, operation).then((found) => {
    caller.append(found.choice);
    return found;
  });
  const submit = async (event) => {
    event.preventDefault();
    try {
      const request = requestOf(operation, parameters, body);
      await send(world, request, await (await ready).token(), place);
    } catch (error) {
      toast(error.message, true);
    }
  };
  return h("form", { class: "stack", novalidate: true, onsubmit: submit },
    h("label", { class: "field" }, h("span", {}, "As"), caller),
    parameters.length > 0 && h("fieldset", { class: "stack tight" }, h("legend", { class: "small soft" }, "Parameters"), h("div", { class: "form-grid" }, parameters.map(({ one, field }) => labelled(one, field)))),
    body?.element,
    h("div", { class: "line" }, h("button", { class: "primary" }, "Send"), h("span", { class: "soft small" }, "An empty field is left out.")),
    place);
}

const sample = (one) => one.example ?? undefined;

function labelled(one, field) {
  const told = (one.description ?? "").split(/(?<=\.)\s/)[0];
  return h("label", { class: `field ${field.localName === "textarea" ? "wide" : ""}` }, h("span", {}, one.name, one.required && h("span", { class: "soft" }, " required")), field, told && h("span", { class: "hint any" }, prose(told)));
}

/** The field for a value of this shape, and `read`, which gives undefined where it is empty. */
function control(shape, value) {
  const text = value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value, null, isSimple(value) ? 0 : 2);
  if (shape.enum || shape.type === "boolean") {
    const choices = shape.enum ?? [true, false];
    const choice = h("select", {}, h("option", { value: "" }, "–"), choices.filter((one) => one !== "").map((one) => h("option", { value: JSON.stringify(one) }, String(one))));
    choice.value = value === undefined ? "" : JSON.stringify(value);
    return { field: choice, read: () => (choice.value ? JSON.parse(choice.value) : undefined) };
  }
  if (["object", "array", "any"].includes(shape.type) && !(value !== undefined && isSimple(value))) {
    const area = h("textarea", { class: "short", rows: Math.min(10, text.split("\n").length + 1), spellcheck: "false", value: text });
    return { field: area, read: () => (area.value.trim() ? parsed(shape.name, area.value) : undefined) };
  }
  const isNumber = ["number", "integer"].includes(shape.type);
  const input = h("input", { value: text, inputmode: isNumber ? "decimal" : null, spellcheck: "false" });
  return { field: input, read: () => (input.value === "" ? undefined : isNumber || shape.type === "any" ? asJson(input.value) : input.value) };
}

function parsed(name, text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${name} is not JSON: ${error.message}`);
  }
}

/** A number if it is one; else the text, so that a wrong one can be tried as well. */
function asJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function bodyForm(body) {
  const example = body.example;
  const isObject = example !== null && typeof example === "object" && !Array.isArray(example);
  const area = h("textarea", { rows: 14, spellcheck: "false", "aria-label": "Body", value: example === null ? "" : typeof example === "string" ? example : JSON.stringify(example, null, 2) });
  const asText = { media: body.media_type, read: () => area.value };
  if (!isObject || !body.media_type.includes("json") || !body.fields.length) {
    return { element: h("label", { class: "field" }, h("span", {}, `Body, ${body.media_type}`), area), read: asText.read, media: body.media_type };
  }
  const fields = body.fields.map((one) => ({ one, ...control(one, example[one.name]) }));
  const known = new Set(body.fields.map((one) => one.name));
  const rest = Object.fromEntries(Object.entries(example).filter(([name]) => !known.has(name)));
  const collected = () => JSON.stringify({ ...rest, ...Object.fromEntries(fields.map(({ one, read }) => [one.name, read()]).filter(([, value]) => value !== undefined)) }, null, 2);
  let read = collected;
  const element = tabs("Body", [
    ["Fields", () => { read = collected; return h("div", { class: "form-grid" }, fields.map(({ one, field }) => labelled(one, field))); }],
    ["Body as JSON", () => { area.value = collected(); read = () => area.value; return area; }],
  ]);
  return { element, read: () => read(), media: body.media_type };
}

function requestOf(operation, parameters, body) {
  const query = new URLSearchParams();
  const headers = {};
  let path = operation.path;
  for (const { one, read } of parameters) {
    const value = read();
    const listed = Array.isArray(value) ? value : [value];
    const texts = listed.map((item) => (isSimple(item) ? String(item) : JSON.stringify(item)));
    if (one.in === "path") path = path.replace(`{${one.name}}`, encodeURIComponent(value === undefined ? "" : texts.join(",")));
    else if (value === undefined) continue;
    else if (one.in === "header") headers[one.name] = texts.join(",");
    else if (one.in === "query") (one.explode ? texts : [texts.join(",")]).forEach((text) => query.append(one.name, text));
  }
  const text = body?.read();
  if (text) headers["content-type"] = body.media;
  const more = query.toString();
  return { method: operation.method, target: path + (more ? `?${more}` : ""), headers, body: text };
}
