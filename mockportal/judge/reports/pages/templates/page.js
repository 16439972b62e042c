"use strict";
const filter = document.getElementById("filter");
const buttons = [...document.querySelectorAll(".pick button")];
const entries = [...document.querySelectorAll("[data-text]")];
let state = "";

function fits(entry, words) {
  const text = entry.dataset.text;
  return (!state || entry.dataset.state === state) && words.every((word) => text.includes(word));
}

function show() {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  let seen = 0;
  for (const entry of entries) {
    entry.hidden = !fits(entry, words);
    seen += entry.hidden ? 0 : 1;
  }
  for (const group of document.querySelectorAll(".group")) {
    if (words.length) for (const rest of group.querySelectorAll(".rest")) rest.open = true;
    group.hidden = !group.querySelector("[data-text]:not([hidden])");
  }
  for (const section of document.querySelectorAll("main section")) {
    const all = section.querySelectorAll("[data-text]").length;
    const left = section.querySelectorAll("[data-text]:not([hidden])").length;
    section.hidden = Boolean(state || words.length) && !left;
    const count = section.querySelector("h2 .count");
    if (count && Number(count.dataset.all) === all) count.textContent = left === all ? all : left + " of " + all;
  }
  for (const table of document.querySelectorAll("table.matrix")) fold(table);
  document.getElementById("nothing").hidden = seen > 0 || !entries.length;
}

function fold(table) {
  const rows = [...table.tBodies[0].rows].filter((row) => !row.hidden);
  for (const [column, head] of [...table.tHead.rows[0].cells].entries()) {
    if (!column) continue;
    const used = rows.some((row) => !row.cells[column].classList.contains("none"));
    head.hidden = !used;
    for (const row of table.tBodies[0].rows) row.cells[column].hidden = !used;
  }
}

function pick(button) {
  state = button.dataset.state;
  for (const other of buttons) other.setAttribute("aria-pressed", other === button);
  show();
}

function open() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target.hidden || target.closest("[hidden]")) {
    filter.value = "";
    pick(buttons[0]);
  }
  const rest = target.closest("details.rest");
  if (rest) rest.open = true;
  if (target.tagName === "DETAILS") target.open = true;
  target.scrollIntoView();
}

async function copy(button) {
  const pres = button.dataset.all
    ? [...button.closest(".finding").querySelectorAll("pre.curl")]
    : [button.parentElement.querySelector("pre")];
  const text = pres.map((pre) => pre.textContent).join("\n");
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    button.focus();
  }
  const label = button.textContent;
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = label; }, 1200);
}

filter.addEventListener("input", show);
for (const button of buttons) button.addEventListener("click", () => pick(button));
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-copy]");
  if (button) copy(button);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && document.activeElement !== filter && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    filter.focus();
    filter.select();
  } else if (event.key === "Escape" && (filter.value || state)) {
    filter.value = "";
    pick(buttons[0]);
  }
});
window.addEventListener("hashchange", open);
if (filter.value) show();
open();
