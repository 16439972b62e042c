// State: the collections, the records of one, and a record with its relations as links.

import { control, inWorld } from "../api.js";
import { empty, failed, h } from "../dom.js";
import { listen, paced } from "../live.js";
import { changes } from "../patch.js";
import { go, here } from "../route.js";
import { showRecord } from "./record.js";

const PAGE = 1000;
const PAUSE = 200; // milliseconds after a key, before the server is asked

class StateView extends HTMLElement {
  #search = h("input", { type: "search", placeholder: "Find a record", "aria-label": "Find a record", oninput: () => this.#soon() });
  #soon = paced(this, PAUSE, () => this.#read());
  #kinds = h("nav", { class: "kinds", "aria-label": "Collections" });
  #list = h("virtual-list", {});
  #nothing = h("div", { class: "pane-body", hidden: true });
  #count = h("p", { class: "count", role: "status" });
  #title = h("h1", { class: "any second" });
  #detail = h("div", { class: "pane-body" });
  #panes = h("div", { class: "panes state-panes" });
  #moment = h("p", { class: "note", hidden: true });
  #stop = () => {};

  connectedCallback() {
    this.#list.setup((row) => this.#row(row), (row) => row.id, "Records");
    this.#panes.append(
      h("section", { class: "pane", "aria-label": "Collections" }, h("div", { class: "pane-head" }, h("h1", {}, "State"), this.#moment, h("a", { class: "button", href: here("state", ["-changed"]) }, "What changed")), this.#kinds),
      h("section", { class: "pane", "aria-label": "Records" }, h("a", { class: "button back", href: here("state") }, "← Collections"), h("div", { class: "pane-head" }, this.#title, h("label", { class: "search" }, this.#search, h("kbd", {}, "/")), this.#count), this.#list, this.#nothing),
      h("section", { class: "pane", "aria-label": "Record" }, h("a", { class: "button back up" }, "← Records"), this.#detail));
    this.append(this.#panes);
    this.#stop = listen(["entries", "reset"], () => this.#soon());
  }

  disconnectedCallback() {
    this.#stop();
  }

  show({ world, parts, query }) {
    const [kind = "", name = ""] = parts;
    const at = query.get("at");
    const isOther = kind !== this.kind || at !== this.at;
    Object.assign(this, { world, kind, name, at });
    this.#panes.dataset.level = name || kind === "-changed" ? 2 : kind ? 1 : 0;
    this.querySelector(".up").href = kind === "-changed" ? here("state") : here("state", [kind], { at });
    if (isOther) this.#search.value = "";
    this.#title.textContent = this.#isChosen ? kind : "Records";
    this.#search.parentElement.hidden = !this.#isChosen;
    this.#read();
    this.#open();
  }

  move(step) {
    const row = this.#list.beside(step);
    this.#list.choose(row?.id);
    if (row) go(this.#address(row));
  }

  get #isChosen() {
    return this.kind !== "" && this.kind !== "-changed";
  }

  #address(row) {
    return here("state", [row.kind, row.name], { at: this.at });
  }

  async #read() {
    const { world, kind, at } = this;
    const query = new URLSearchParams({ ...(at !== null && { at }) });
    this.#moment.hidden = at === null;
    this.#moment.replaceChildren(`As it was after exchange ${at}. `, h("a", { href: here("state", kind ? [kind, ...(this.name ? [this.name] : [])] : []) }, "Show the present"));
    try {
      const { collections } = await control.get(`${inWorld(world, "collections")}?${query}`);
      this.#showKinds(collections);
      if (kind && kind !== "-changed") {
        query.set("q", this.#search.value);
        query.set("limit", PAGE);
        const found = await control.get(`${inWorld(world, "collections", kind)}?${query}`);
        if (kind === this.kind) this.#showRows(found);
      } else this.#showRows({ total: 0, records: [] });
    } catch (error) {
      this.#nothing.hidden = false;
      this.#list.hidden = true;
      this.#nothing.replaceChildren(failed(error, () => this.#read()));
    }
  }

  #showKinds(collections) {
    const filled = [...collections].sort((one, other) => (other.records > 0) - (one.records > 0));
    this.#kinds.replaceChildren(h("ul", {}, filled.map((one) => h("li", {}, h("a", { href: here("state", [one.name], { at: this.at }), "aria-current": one.name === this.kind && "true", class: one.records ? "" : "is-empty" },
      h("span", { class: "cut" }, one.name), h("span", {}, one.changed > 0 && h("span", { class: "tag moved", title: `${one.changed} changed since the start` }, `${one.changed} ✎`), " ", String(one.records)))))));
  }

  #showRows({ total, records }) {
    const isChosen = this.#isChosen;
    this.#count.textContent = !isChosen ? "" : total > records.length ? `the first ${records.length} of ${total.toLocaleString("en-GB")}` : `${total.toLocaleString("en-GB")} records`;
    this.#list.hidden = !records.length;
    this.#nothing.hidden = records.length > 0;
    if (!records.length) this.#nothing.replaceChildren(!isChosen ? empty("Choose a collection", "Its records are listed here.") : this.#search.value ? empty("Nothing found", "No record has this text in it.") : empty("No records", `Nobody has made a record of ${this.kind} yet.`));
    this.#list.show(records);
    this.#list.redraw();
    this.#list.choose(records.find((row) => row.name === this.name || row.id === this.name)?.id, this.#shown !== this.name);
    this.#shown = this.name;
  }

  #shown = "";

  #row(row) {
    return h("div", {}, h("a", { href: this.#address(row) },
      h("span", { class: "row-one" }, h("span", { class: "cut", title: row.title }, row.title), row.changed && h("span", { class: "tag moved" }, "changed")),
      h("span", { class: "row-two" }, h("span", { class: "cut mono" }, row.name))));
  }

  async #open() {
    this.#detail.scrollTop = 0;
    if (this.kind === "-changed") {
      this.#detail.replaceChildren(h("div", { class: "stack" }, h("h1", {}, "Changed since the start"), await changes(this.world, 0, this.at ?? undefined)));
    } else if (this.name) showRecord(this.#detail, this, () => this.#read());
    else this.#detail.replaceChildren(empty("Choose a record", "Its attributes, and the records that it is related to, are shown here."));
  }
}

customElements.define("console-state", StateView);
