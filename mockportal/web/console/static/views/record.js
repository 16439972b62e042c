// A record: its attributes to read and to edit, its relations as links, and what changed since the start.

import { control, inWorld } from "../api.js";
import { ask, copy, empty, failed, h, json, toast } from "../dom.js";
import { go, here } from "../route.js";

const FEW = 12; // related records that are shown at once

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const isSimple = (value) => value === null || typeof value !== "object";
const stepOf = (path) => path.split("/")[1]?.replaceAll("~1", "/").replaceAll("~0", "~");

/** Fills `place` with a record of `view`, which has `world`, `kind`, `name` and `at`; `changed` is called after a write. */
export async function showRecord(place, view, changed) {
  const { world, kind, name, at } = view;
  const isStill = () => view.kind === kind && view.name === name && view.at === at;
  try {
    const query = at === null ? "" : `?at=${at}`;
    const found = await control.get(inWorld(world, "collections", kind, name) + query);
    if (isStill()) place.replaceChildren(reading(place, view, found, changed));
  } catch (error) {
    if (isStill()) place.replaceChildren(error.status === 404 && !error.isMissing ? empty("No such record", `${error.message}.`) : failed(error, () => showRecord(place, view, changed)));
  }
}

function header(found, ...buttons) {
  return h("header", { class: "stack tight" },
    h("h1", { class: "any" }, found.title),
    h("p", { class: "line soft small" }, h("code", { class: "any" }, `${found.kind}/${found.name}`), found.id !== found.name && h("code", { class: "any" }, found.id), h("button", { type: "button", class: "quiet", onclick: () => copy(found.id, "The id") }, "Copy id")),
    h("div", { class: "line" }, buttons));
}

function reading(place, view, found, changed) {
  const { record, start, attributes } = found;
  const edit = h("button", { type: "button", class: "primary", onclick: () => place.replaceChildren(editing(place, view, found, changed)) }, "Edit");
  const remove = h("button", { type: "button", class: "danger", onclick: () => removing(view, found, changed) }, "Delete");
  const rows = Object.entries(record).map(([name, value]) => {
    const links = found.links.filter((one) => one.attribute === name);
    const isChanged = !start ? false : !same(start[name], value);
    return h("div", { class: "attribute" },
      h("span", { title: attributes[name]?.description }, name, isChanged && h("span", { class: "tag moved" }, "changed")),
      h("div", { class: "stack tight" },
        links.length ? linked(links) : isSimple(value) ? h("span", { class: "any" }, value === "" ? "“”" : String(value)) : json(value),
        isChanged && h("p", { class: "soft small any" }, "at the start: ", start[name] === undefined ? "not there" : isSimple(start[name]) ? String(start[name]) : JSON.stringify(start[name]))));
  });
  const gone = start ? Object.keys(start).filter((name) => !(name in record)) : [];
  return h("div", { class: "stack" },
    view.at === null ? header(found, edit, remove) : header(found),
    !start && h("p", { class: "note" }, "This record was made after the start."),
    h("div", { class: "attributes" }, rows),
    found.referring.length > 0 && h("section", { class: "stack tight", "aria-label": "Related" }, h("h2", {}, "Related"), grouped(found.referring)),
    gone.length > 0 && h("p", { class: "soft small any" }, `At the start there was also: ${gone.join(", ")}`));
}

const linked = (links) => h("ul", { class: "links" }, links.map((one) => h("li", {}, h("a", { class: "button", title: `${one.kind}/${one.name}`, href: here("state", [one.kind, one.name]) }, h("span", { class: "cut" }, one.title)))));

function grouped(referring) {
  const names = [...new Set(referring.map((one) => one.attribute))];
  return h("div", { class: "stack tight" }, names.map((name) => {
    const all = referring.filter((one) => one.attribute === name);
    return h("div", { class: "attribute" }, h("span", {}, name), h("div", { class: "stack tight" }, linked(all.slice(0, FEW)), all.length > FEW && h("details", {}, h("summary", {}, `and ${all.length - FEW} more`), linked(all.slice(FEW)))));
  }));
}

function fieldOf(name, value, shape) {
  const label = { "aria-label": name };
  if (shape?.enum && isSimple(value)) {
    const choice = h("select", label, [...new Set([value, ...shape.enum])].map((one) => h("option", { value: JSON.stringify(one) }, String(one))));
    choice.value = JSON.stringify(value);
    return { field: choice, read: () => JSON.parse(choice.value) };
  }
  if (typeof value === "boolean") {
    const box = h("input", { type: "checkbox", checked: value, ...label });
    return { field: box, read: () => box.checked };
  }
  if (typeof value === "string" && !value.includes("\n") && value.length < 200) {
    const input = h("input", { value, ...label });
    return { field: input, read: () => input.value };
  }
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  const area = h("textarea", { value: text, rows: Math.min(12, text.split("\n").length + 1), spellcheck: "false", class: "short", ...label });
  return { field: area, read: () => (typeof value === "string" ? area.value : JSON.parse(area.value)) };
}

function editing(place, view, found, changed) {
  const { record, attributes } = found;
  const more = Object.keys(attributes).filter((name) => !(name in record)).sort();
  const rows = new Map();
  const list = h("div", { class: "attributes" });
  const put = (name, value) => {
    if (name === found.key) return; // a record keeps its id
    const one = { ...fieldOf(name, value, attributes[name]), problem: h("p", { class: "problem", hidden: true, id: `problem-${rows.size}` }) };
    one.field.setAttribute("aria-describedby", one.problem.id);
    rows.set(name, one);
    list.append(h("label", { class: "attribute" }, h("span", { title: attributes[name]?.description }, name), h("span", { class: "stack tight" }, one.field, one.problem)));
    return one.field;
  };
  Object.entries(record).forEach(([name, value]) => put(name, value));
  const blank = { boolean: false, object: {}, array: [], number: 0, integer: 0 };
  const adding = h("select", { "aria-label": "Add an attribute", onchange: () => { put(adding.value, structuredClone(blank[attributes[adding.value].type] ?? "")).focus(); adding.selectedOptions[0].remove(); adding.value = ""; } }, h("option", { value: "" }, "Add an attribute …"), more.map((name) => h("option", { value: name }, name)));
  const whole = h("p", { class: "note bad", hidden: true, role: "alert" });
  const leave = () => showRecord(place, view, changed);
  const form = h("form", { class: "stack", novalidate: true, onsubmit: (event) => { event.preventDefault(); save(view, found, rows, whole, leave, changed); } },
    header(found, h("button", { class: "primary" }, "Save"), h("button", { type: "button", onclick: leave }, "Cancel")), whole, list, more.length > 0 && adding);
  return form;
}

function complain(rows, whole, errors) {
  rows.forEach(({ field, problem }) => {
    field.removeAttribute("aria-invalid");
    problem.hidden = true;
  });
  const others = errors.filter((error) => {
    const row = rows.get(stepOf(error.path));
    if (!row) return true;
    row.field.setAttribute("aria-invalid", "true");
    row.problem.textContent = error.message;
    row.problem.hidden = false;
    return false;
  });
  whole.hidden = !others.length;
  whole.textContent = others.map((error) => `${error.path} ${error.message}`).join("; ");
  [...rows.values()].find(({ field }) => field.hasAttribute("aria-invalid"))?.field.focus();
}

async function save(view, found, rows, whole, leave, changed) {
  const patch = {};
  const errors = [];
  rows.forEach(({ read }, name) => {
    try {
      const value = read();
      if (!same(value, found.record[name])) patch[name] = value;
    } catch (error) {
      errors.push({ path: `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`, message: `is not JSON: ${error.message}` });
    }
  });
  if (errors.length) return complain(rows, whole, errors);
  try {
    await control.patch(inWorld(view.world, "state", found.kind, found.id), patch);
    toast("Saved");
    leave();
    changed();
  } catch (error) {
    complain(rows, whole, error.body?.errors ?? [{ path: "", message: error.message }]);
  }
}

async function removing(view, found, changed) {
  const content = h("div", { class: "stack" }, h("h2", {}, `Delete ${found.title}?`), h("p", {}, "You can rewind to before that in the timeline."));
  if (!(await ask(content, [["delete", "Delete", "danger"]]))) return;
  try {
    await control.delete(inWorld(view.world, "state", found.kind, found.id));
    go(here("state", [found.kind]));
    changed();
  } catch (error) {
    toast(error.message, true);
  }
}
