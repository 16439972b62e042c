// Elements without markup: every text that comes from data becomes a text node.

const SVG = "http://www.w3.org/2000/svg";

/** h("a", {class: "x", href: "#", onclick: f}, "text", [more]) */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked") element[name] = value;
    else if (name === "data") Object.assign(element.dataset, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function icon(path) {
  const picture = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ viewBox: "0 0 24 24", width: 18, height: 18, "aria-hidden": "true", fill: "none", stroke: "currentColor", "stroke-width": 1.8, "stroke-linecap": "round", "stroke-linejoin": "round" })) {
    picture.setAttribute(name, value);
  }
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  picture.append(line);
  return picture;
}

export function toast(text, isBad = false) {
  const shown = h("p", { class: isBad ? "toast bad" : "toast" }, text);
  document.querySelector("#toasts").append(shown);
  setTimeout(() => shown.remove(), isBad ? 8000 : 3000);
}

export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    toast(`${what} copied`);
  } catch {
    ask(h("div", { class: "stack" }, h("h2", {}, "Copy it by hand"), h("pre", { class: "code" }, text)), []);
  }
}

/** Saves what the server exports, or tells why it does not. */
export async function saveFile(name, read) {
  try {
    const found = await read();
    const text = typeof found === "string" ? found : JSON.stringify(found, null, 2);
    const address = URL.createObjectURL(new Blob([text]));
    h("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  } catch (error) {
    toast(error.isMissing ? "This server cannot export that yet" : error.message, true);
  }
}

export const copyButton = (text, what, label = "Copy") =>
  h("button", { type: "button", "aria-label": `Copy ${what}`, onclick: () => copy(text, what) }, label);

/** A dialog; resolves to the value of the button that closed it, or "" if somebody left it. */
export function ask(content, buttons) {
  const choices = buttons.map(([value, label, kind = ""]) => h("button", { type: "submit", value, class: kind }, label));
  const leave = h("button", { type: "button", onclick: () => dialog.close("") }, buttons.length ? "Cancel" : "Close");
  const submit = (event) => !buttons.length && event.preventDefault();
  const form = h("form", { method: "dialog", onsubmit: submit }, content, h("div", { class: "dialog-end" }, leave, choices));
  const dialog = h("dialog", { "aria-label": content.querySelector("h2")?.textContent }, form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
  });
}

export function empty(title, text, ...more) {
  return h("div", { class: "empty" }, h("strong", {}, title), text && h("p", {}, text), more);
}

/** The state of a view whose data did not come: a feature that this server lacks, or an error with what to do. */
export function failed(error, again) {
  if (error.status === 404 && error.isMissing) {
    return empty("Not on this server", "This version of mockportal has no such endpoint. Update it to use this view.");
  }
  const retry = again && h("button", { type: "button", onclick: again }, "Try again");
  return empty(error.status ? `Refused: ${error.status}` : "The server does not answer", error.message, retry);
}

export const status = (code) => {
  const kind = code >= 500 ? "bad" : code >= 400 ? "warn" : code >= 300 ? "moved" : "good";
  return h("span", { class: `tag ${kind}` }, String(code));
};

/** A text of the document, in which `words` are code. */
export const prose = (text) => text.split("`").map((part, number) => (number % 2 ? h("code", {}, part) : part));

/** A value as coloured JSON. */
export function json(value) {
  const block = h("pre", { class: "code", tabindex: "0" });
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2) ?? "";
  if (typeof value === "string" || text.length > 60_000) {
    block.append(text);
    return block;
  }
  for (const [part, string, colon, plain] of text.matchAll(/("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null|-?\d[\d.eE+-]*)\b|[^"\w-]+|[\w-]/g)) {
    const kind = string ? (colon ? "key" : "text") : plain ? "plain" : "";
    block.append(kind ? h("span", { class: kind }, string ?? plain) : part, colon ?? "");
  }
  return block;
}

/** Any value as a list of facts, nested; used where the shape is the server's own. */
export function facts(value) {
  if (value === null || typeof value !== "object") return String(value ?? "–");
  if (Array.isArray(value)) {
    return value.length ? h("ul", { class: "stack tight" }, value.map((one) => h("li", {}, facts(one)))) : "none";
  }
  const rows = Object.entries(value).flatMap(([name, one]) => [h("dt", {}, name.replaceAll("_", " ")), h("dd", {}, facts(one))]);
  return h("dl", { class: "facts" }, rows);
}

/** Tabs over [label, function that makes the panel]. */
export function tabs(label, entries, chosen = 0) {
  const panel = h("div", { role: "tabpanel", class: "stack" });
  const buttons = entries.map(([name], number) => h("button", { type: "button", role: "tab", onclick: () => choose(number) }, name));
  const choose = (number) => {
    buttons.forEach((button, other) => {
      button.setAttribute("aria-selected", String(other === number));
      button.tabIndex = other === number ? 0 : -1;
    });
    panel.setAttribute("aria-label", entries[number][0]);
    panel.replaceChildren(entries[number][1]());
  };
  const bar = h("div", { class: "tabs", role: "tablist", "aria-label": label }, buttons);
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = (buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length;
    buttons[next].focus();
    choose(next);
  });
  choose(chosen);
  return h("div", { class: "stack" }, bar, panel);
}
