// Journal: every exchange as it comes, searched, and one of them whole.

import { control, inWorld } from "../api.js";
import { ask, empty, failed, h, saveFile, status, toast } from "../dom.js";
import { listen, live } from "../live.js";
import { go, here, replace } from "../route.js";
import { FIELD_NAMES, searchOf } from "../search.js";
import { showEntry } from "./entry.js";

/** A path without percent-encoding, where it has a meaning. */
const readable = (path) => {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
};
const keyOf = (entry) => entry.n;

class Journal extends HTMLElement {
  #search = h("input", { type: "search", placeholder: "status:4xx operation:getOrder as:anna", "aria-label": "Search the journal", autocomplete: "off", spellcheck: "false", oninput: () => this.#searched() });
  #count = h("p", { class: "count", role: "status" });
  #list = h("virtual-list", {});
  #nothing = h("div", { class: "pane-body", hidden: true });
  #detail = h("div", { class: "pane-body", tabindex: "-1" });
  #panes = h("div", { class: "panes" });
  #newest = 0;
  #revealed = null; // the entry that the list was scrolled to
  #stop = () => {};

  connectedCallback() {
    const head = h("div", { class: "pane-head" },
      h("div", { class: "line" }, h("h1", { class: "grow" }, "Journal"), h("button", { type: "button", class: "quiet", title: "Save as HAR", onclick: () => saveFile(`${this.world}.har`, () => control.get(inWorld(this.world, "journal.har"))) }, "HAR"), h("button", { type: "button", class: "quiet", onclick: () => this.#forget() }, "Clear")),
      h("label", { class: "search" }, this.#search, h("kbd", {}, "/")), this.#count);
    const back = h("a", { class: "button back", href: here("journal") }, "← Journal");
    this.#panes.append(h("section", { class: "pane", "aria-label": "Exchanges" }, head, this.#list, this.#nothing), h("section", { class: "pane", "aria-label": "Exchange" }, back, this.#detail));
    this.append(this.#panes);
    this.#list.setup((entry) => this.#row(entry), keyOf, "Exchanges, the newest first");
    this.#stop = listen(["entries", "state"], () => this.#refresh());
  }

  disconnectedCallback() {
    this.#stop();
  }

  show({ world, parts, query }) {
    const n = Number(parts[0]) || null;
    const isOther = n !== this.n || world !== this.world;
    Object.assign(this, { world, n });
    const text = query.get("q") ?? "";
    if (document.activeElement !== this.#search) this.#search.value = text;
    this.#panes.dataset.level = n ? 1 : 0;
    this.querySelector(".back").href = here("journal", [], { q: text });
    this.#refresh();
    this.#list.choose(n, false);
    if (isOther || !this.#detail.firstChild) this.#open();
  }

  move(step) {
    const entry = this.#list.beside(step);
    this.#list.choose(entry?.n); // at once, as the next key may come before the address has changed
    if (entry) go(here("journal", [entry.n], { q: this.#search.value }));
  }

  #open() {
    this.#detail.scrollTop = 0;
    if (this.n) showEntry(this.#detail, this.world, this.n);
    else this.#detail.replaceChildren(empty("Choose an exchange", "Its request, its answer, why it was so, and what it changed are shown here.", h("p", {}, h("kbd", {}, "j"), " ", h("kbd", {}, "k"), " move up and down")));
  }

  #refresh() {
    const { fits, unknown, isAll } = searchOf(this.#search.value);
    const found = live.entries.filter(fits).reverse();
    const added = this.#newest ? found.findIndex((entry) => entry.n <= this.#newest) : 0;
    this.#newest = found[0]?.n ?? 0;
    this.#list.show(found, Math.max(0, added));
    if (this.n !== this.#revealed && found.some((entry) => entry.n === this.n)) {
      this.#revealed = this.n;
      this.#list.choose(this.n);
    }
    this.#list.hidden = !found.length;
    this.#nothing.hidden = found.length > 0;
    if (!found.length) this.#nothing.replaceChildren(this.#none(isAll));
    const told = isAll ? `${found.length.toLocaleString("en-GB")} exchange${found.length === 1 ? "" : "s"}` : `${found.length.toLocaleString("en-GB")} of ${live.entries.length.toLocaleString("en-GB")}`;
    this.#count.replaceChildren(unknown.length ? `There is no ${unknown[0]}: — use ${FIELD_NAMES.join(", ")}` : told);
  }

  #none(isAll) {
    if (!live.isLoaded) return live.problem ? failed(live.problem) : empty("Connecting …");
    if (!isAll) return empty("Nothing fits", "Take a word out of the search.", h("button", { type: "button", onclick: () => { this.#search.value = ""; this.#searched(); } }, "Show everything"));
    return empty("Nothing has been asked yet", "Point a client at this world, or try an operation.", h("a", { class: "button", href: here("operations") }, "Try an operation"));
  }

  #row(entry) {
    const name = entry.operation ?? "no operation";
    const isControl = entry.answered_by === "control";
    return h("div", {}, h("a", { href: here("journal", [entry.n], { q: this.#search.value }) },
      h("span", { class: "row-one" }, status(entry.status), h("span", { class: "method" }, entry.method ?? ""), h("span", { class: "cut", title: entry.path ?? "" }, readable(entry.path ?? name))),
      h("span", { class: "row-two" }, h("span", { class: "mono" }, `#${entry.n}`), h("span", { class: "cut" }, isControl ? name : `${name}${entry.as ? ` · ${entry.as}` : ""}`), h("span", {}, entry.answered_by))));
  }

  #searched() {
    this.#newest = 0;
    replace(here("journal", this.n ? [this.n] : [], { q: this.#search.value }));
    this.#list.redraw();
    this.#list.scrollTop = 0;
    this.#refresh();
  }

  async #forget() {
    const content = h("div", { class: "stack" }, h("h2", {}, "Clear the journal?"), h("p", {}, "The entries are forgotten, and with them the moments to go back to. The records stay."));
    if (!(await ask(content, [["clear", "Clear", "danger"]]))) return;
    await control.delete(inWorld(this.world, "journal")).then(() => live.clear(), (error) => toast(error.message, true));
  }
}

customElements.define("console-journal", Journal);
