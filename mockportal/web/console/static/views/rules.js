// Rules and faults: the list with its hits, a form for a new one, and the exchanges that are held.

import { control, inWorld } from "../api.js";
import { ask, empty, facts, failed, h, json, status, toast } from "../dom.js";
import { listen, paced } from "../live.js";
import { patchList } from "../patch.js";
import { go, here } from "../route.js";
import { ruleForm } from "./rule-form.js";

const ABOUT = new Set(["id", "hits", "fired", "operation", "tag", "when"]);
const PAUSE = 300; // milliseconds between an entry and the next look at the hits

const named = ({ operation, tag }) => [operation ?? (tag ? `tag ${tag}` : "*")].flat().join(", ").replace(/^\*$/, "every operation");

class Rules extends HTMLElement {
  #list = h("div", {});
  #held = h("div", {});
  #search = h("input", { type: "search", placeholder: "Find a rule", "aria-label": "Find a rule", oninput: () => this.#show() });
  #rules = [];
  #page;
  #timer = 0;
  #shown = "";
  #stop = () => {};

  connectedCallback() {
    this.append(this.#page = h("div", { class: "page", hidden: true },
      h("div", { class: "head" }, h("h1", {}, "Rules and faults"), h("a", { class: "button", href: here("rules", ["new"]) }, "New rule")),
      this.formPlace = h("div", { hidden: true }),
      h("section", { class: "card", "aria-label": "Held exchanges" }, h("h2", {}, "Held exchanges"), this.#held),
      h("section", { class: "card stack", "aria-label": "Rules" }, h("div", { class: "head" }, h("h2", {}, "Rules of this world"), h("label", { class: "search" }, this.#search, h("kbd", {}, "/"))), this.#list)));
    this.#stop = listen(["entries", "reset"], paced(this, PAUSE, () => this.#read()));
    this.#timer = setInterval(() => this.#showHeld(), 2000);
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
    this.#stop();
  }

  async show({ world, parts, query }) {
    this.world = world;
    const isNew = parts[0] === "new";
    this.formPlace.hidden = !isNew;
    if (isNew) this.formPlace.replaceChildren(h("section", { class: "card stack", "aria-label": "New rule" }, h("h2", {}, "New rule"), ruleForm(world, Object.fromEntries(query), () => go(here("rules")))));
    await Promise.all([this.#read(), this.#showHeld()]);
    this.#page.hidden = false; // once everything has its size, so that nothing moves
  }

  move() {}


  async #read() {
    try {
      const found = await control.get(inWorld(this.world, "rules"));
      this.#rules = found.rules;
      this.#show();
    } catch (error) {
      this.#list.replaceChildren(failed(error, () => this.#read()));
    }
  }

  #show() {
    const wanted = this.#search.value.trim().toLowerCase();
    const found = this.#rules.filter((rule) => JSON.stringify(rule).toLowerCase().includes(wanted));
    if (!found.length) {
      this.#list.replaceChildren(this.#rules.length ? empty("No rule fits", "Take a word out of the search.") : empty("No rules", "Every request is answered from the records. A rule can answer instead, wait, break the connection, or hold an exchange.", h("a", { class: "button", href: here("rules", ["new"]) }, "Make one")));
      return;
    }
    this.#list.replaceChildren(h("ul", {}, found.map((rule) => this.#rule(rule))));
  }

  #rule(rule) {
    const does = Object.fromEntries(Object.entries(rule).filter(([name, value]) => !ABOUT.has(name) && value !== null));
    return h("li", { class: "rule" },
      h("div", { class: "line between" },
        h("p", { class: "line grow" }, h("strong", { class: "any" }, rule.id), h("span", { class: "soft small any" }, named(rule))),
        h("a", { class: `tag ${rule.fired ? "accent" : ""}`, href: here("journal", [], { q: `rule:${rule.id}` }), title: "Requests that fitted, and how often the rule then fired" }, `${rule.hits} fitted, ${rule.fired} fired`),
        h("button", { type: "button", class: "danger", "aria-label": `Delete ${rule.id}`, onclick: () => this.#remove(rule) }, "Delete")),
      facts({ ...(rule.when && Object.keys(rule.when).length > 0 && { when: rule.when }), ...does }));
  }

  async #remove(rule) {
    try {
      await control.delete(inWorld(this.world, "rules", rule.id));
      toast(`${rule.id} is gone`);
      this.#read();
    } catch (error) {
      toast(error.message, true);
    }
  }

  async #showHeld() {
    if (document.hidden) return;
    try {
      const { held } = await control.get(inWorld(this.world, "held"));
      if (JSON.stringify(held) === this.#shown) return;
      this.#shown = JSON.stringify(held);
      this.#held.replaceChildren(held.length ? h("ul", {}, held.map((one) => this.#heldRow(one))) : h("p", { class: "soft small" }, "None. A rule with hold lets an exchange wait here until you release it."));
    } catch (error) {
      this.#shown = "";
      this.#held.replaceChildren(h("p", { class: "soft small" }, error.isMissing ? "This server does not hold exchanges." : error.message));
    }
  }

  #heldRow(one) {
    const release = (body) => control.post(`${inWorld(this.world, "held", one.n)}/release`, body).then(() => { toast("Released"); this.#showHeld(); }, (error) => toast(error.message, true));
    return h("li", { class: "rule" },
      h("div", { class: "line" }, status(one.status),
        h("p", { class: "grow any" }, h("strong", {}, one.operation ?? one.path), h("span", { class: "soft small" }, ` as ${one.as ?? "nobody"}, held by ${one.rule} for at most ${one.hold} s`)),
        h("button", { type: "button", class: "primary", onclick: () => release({}) }, "Release"),
        h("button", { type: "button", onclick: () => this.#edit(one, release) }, "Edit the answer")),
      h("details", {}, h("summary", {}, "The answer that waits"), json(one.response?.body ?? null)),
      one.changes?.length > 0 && h("details", {}, h("summary", {}, `${one.changes.length} changes that it would bring`), patchList(one.changes)));
  }

  async #edit(one, release) {
    const area = h("textarea", { rows: 12, "aria-label": "The answer", value: JSON.stringify({ status: one.status, body: one.response?.body ?? null }, null, 2) });
    if (!(await ask(h("div", { class: "stack" }, h("h2", {}, "Release with another answer"), area), [["go", "Release", "primary"]]))) return;
    try {
      await release({ reply: JSON.parse(area.value) });
    } catch (error) {
      toast(`That is not JSON: ${error.message}`, true);
    }
  }
}

customElements.define("console-rules", Rules);
