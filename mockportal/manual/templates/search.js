// Finds the parts of the pages that hold every word of the query; those whose title has them come first.
const UP = document.currentScript.dataset.up;
const MOST = 12;
const field = document.getElementById("query");
const list = document.getElementById("found");

function found(query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  const has = (text) => words.every((word) => text.toLowerCase().includes(word));
  const rank = ([, title]) => (has(title) ? 0 : 1);
  return WORDS.filter(([, title, text]) => has(`${title} ${text}`))
    .sort((one, other) => rank(one) - rank(other))
    .slice(0, MOST)
    .map((part) => [...part, words[0]]);
}

function item([address, title, text, word]) {
  const at = Math.max(0, text.toLowerCase().indexOf(word) - 40);
  const link = Object.assign(document.createElement("a"), { href: UP + address, textContent: title });
  const around = Object.assign(document.createElement("small"), { textContent: `${at ? "…" : ""}${text.slice(at, at + 110)}…` });
  const entry = document.createElement("li");
  entry.append(link, around);
  return entry;
}

field.addEventListener("input", () => {
  const parts = found(field.value);
  const none = Object.assign(document.createElement("li"), { textContent: "No page has all these words." });
  list.replaceChildren(...(field.value.trim() && !parts.length ? [none] : parts.map(item)));
});
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && document.activeElement !== field) {
    event.preventDefault();
    field.focus();
  }
});
