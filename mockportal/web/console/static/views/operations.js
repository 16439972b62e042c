// Operations: all of them by area, how each is answered, and a form to try one.

import { control, inWorld } from "../api.js";
import { empty, failed, h, prose, tabs } from "../dom.js";
import { go, here } from "../route.js";
import { tryForm } from "./try.js";

const KINDS = { behaviour: "good", resource: "accent", example: "warn", rule: "moved" };

class Operations extends HTMLElement {
  #search = h("input", { type: "search", placeholder: "Find an operation", "aria-label": "Find an operation", oninput: () => this.#show() });
  #list = h("div", { class: "kinds" });
  #count = h("p", { class: "count", role: "status" });
  #detail = h("div", { class: "pane-body" });
  #panes = h("div", { class: "panes" });
  #operations = [];

  connectedCallback() {
    this.#panes.append(
      h("section", { class: "pane", "aria-label": "Operations" }, h("div", { class: "pane-head" }, h("h1", {}, "Operations"), h("label", { class: "search" }, this.#search, h("kbd", {}, "/")), this.#count), this.#list),
      h("section", { class: "pane", "aria-label": "Operation" }, h("a", { class: "button back", href: here("operations") }, "← Operations"), this.#detail));
    this.append(this.#panes);
  }

  async show({ world, parts }) {
    Object.assign(this, { world, id: parts[0] ?? "" });
    this.#panes.dataset.level = this.id ? 1 : 0;
    this.#open();
    try {
      if (!this.#operations.length) this.#operations = (await control.get(inWorld(world, "operations"))).operations;
      this.#show();
    } catch (error) {
      this.#list.replaceChildren(failed(error, () => this.show({ world, parts })));
    }
  }

  move(step) {
    const shown = this.#found();
    const now = shown.findIndex((one) => one.operation === this.id);
    const next = shown[now < 0 ? 0 : Math.min(Math.max(now + step, 0), shown.length - 1)];
    this.id = next?.operation ?? "";
    if (next) go(here("operations", [next.operation]));
  }

  /** Those that fit the search, area by area. */
  #found() {
    const words = this.#search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fitting = this.#operations.filter((one) => words.every((word) => `${one.operation} ${one.method} ${one.path} ${one.summary} ${one.area} ${one.answered_by}`.toLowerCase().includes(word)));
    const areas = [...new Set(fitting.map((one) => one.area))].sort();
    return areas.flatMap((area) => fitting.filter((one) => one.area === area));
  }

  #show() {
    const found = this.#found();
    this.#count.textContent = `${found.length} of ${this.#operations.length}`;
    if (!found.length) {
      this.#list.replaceChildren(empty("Nothing found", "No operation has these words in its name, path, summary or area."));
      return;
    }
    const areas = Map.groupBy(found, (one) => one.area);
    this.#list.replaceChildren(...[...areas].map(([area, all]) => h("section", { class: "area" },
      h("h2", { class: "group-name" }, area, h("span", { class: "soft" }, ` ${all.length}`)),
      h("ul", {}, all.map((one) => h("li", {}, h("a", { href: here("operations", [one.operation]), "aria-current": one.operation === this.id && "true", title: one.summary }, h("span", { class: "method" }, one.method), h("span", { class: "cut grow" }, one.operation), one.answered_by !== "behaviour" && h("span", { class: `tag ${KINDS[one.answered_by] ?? ""}` }, one.answered_by))))))));
    this.#list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  async #open() {
    const { id, world } = this;
    this.#detail.scrollTop = 0;
    if (!id) {
      this.#detail.replaceChildren(empty("Choose an operation", "Try it with the example that the document gives, as anybody."));
      return;
    }
    try {
      const found = await control.get(inWorld(world, "operations", id));
      if (id === this.id) this.#detail.replaceChildren(operation(world, found));
    } catch (error) {
      this.#detail.replaceChildren(failed(error, () => this.#open()));
    }
  }
}

function operation(world, found) {
  return h("div", { class: "stack" },
    h("header", { class: "stack tight" },
      h("h1", { class: "any" }, found.operation),
      h("p", { class: "line" }, h("span", { class: "method" }, found.method), h("code", { class: "any" }, found.path)),
      h("p", { class: "any" }, found.summary),
      h("p", { class: "line" }, h("span", { class: `tag ${KINDS[found.answered_by] ?? ""}` }, `answered by ${found.answered_by}`), found.tokens.length ? found.tokens.map((name) => h("span", { class: "tag" }, name)) : h("span", { class: "tag" }, "public"), h("a", { class: "small", href: here("journal", [], { q: `operation:${found.operation}` }) }, "In the journal"), h("a", { class: "small", href: here("rules", ["new"], { operation: found.operation }) }, "Make a rule"))),
    tabs("The operation", [["Try it", () => tryForm(world, found)], ["About", () => about(found)]]));
}

function about(found) {
  const fields = [...found.parameters.map((one) => [one, one.in]), ...(found.body?.fields ?? []).map((one) => [one, "body"])];
  return h("div", { class: "stack" },
    found.description && h("p", { class: "any" }, prose(found.description)),
    h("dl", { class: "facts" }, h("dt", {}, "Statuses"), h("dd", {}, found.statuses.join(", ")), h("dt", {}, "Function"), h("dd", {}, found.behaviour ?? "none")),
    fields.length > 0 && h("table", { class: "table" }, h("thead", {}, h("tr", {}, ["Name", "In", "Type", "Meaning"].map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, fields.map(([one, place]) => h("tr", {}, h("td", {}, h("code", {}, one.name), one.required && " *"), h("td", {}, place), h("td", {}, one.enum ? one.enum.map(String).join(", ") : one.format ?? one.type), h("td", {}, prose(one.description)))))));
}

customElements.define("console-operations", Operations);
