// Now: the worlds, the clock, the people with their tokens, and the addresses to paste.

import { control, inWorld, worldAddress } from "../api.js";
import { ask, copy, copyButton, empty, failed, h, toast } from "../dom.js";
import { listen, live, paced } from "../live.js";
import { address, go, here } from "../route.js";

const STEPS = [["−1 d", "-P1D"], ["−1 h", "-PT1H"], ["+1 h", "PT1H"], ["+1 d", "P1D"], ["+1 w", "P7D"], ["+30 d", "P30D"]];
const PAUSE = 200; // milliseconds between something new and a look at the worlds
const KINDS = { Registered: "good", disabled: "bad", deleted: "bad" };

class Now extends HTMLElement {
  #search = h("input", { type: "search", placeholder: "Find a person", "aria-label": "Find a person", oninput: () => this.#showPeople() });
  #world = h("section", { class: "card", "aria-label": "World" });
  #time = h("section", { class: "card", "aria-label": "Time" });
  #addresses = h("section", { class: "card", "aria-label": "Addresses" });
  #people = h("div", { class: "people" });
  #page;
  #list = [];
  #count = h("span", { class: "soft small" });
  #told = "";
  #seed = "";
  #stop = () => {};
  #stopClock = () => {};

  connectedCallback() {
    const search = h("label", { class: "search" }, this.#search, h("kbd", {}, "/"));
    this.append(
      this.#page = h("div", { class: "page", hidden: true },
        h("div", { class: "head" }, h("h1", {}, "Now"), h("button", { type: "button", class: "primary", onclick: () => this.#make() }, "New world")),
        h("div", { class: "pair even" }, this.#world, this.#time),
        h("section", { class: "card stack", "aria-label": "People" }, h("div", { class: "head" }, h("h2", {}, "People"), search), this.#people),
        this.#addresses),
    );
    this.#stop = listen(["reset", "worlds"], paced(this, PAUSE, () => this.#refresh()));
    this.#stopClock = listen(["clock"], () => this.#tick());
  }

  disconnectedCallback() {
    this.#stop();
    this.#stopClock();
  }

  async show({ world }) {
    this.world = world;
    this.#showAddresses();
    await Promise.all([this.#refresh(), this.#loadPeople()]);
    this.#page.hidden = false; // once everything has its size, so that nothing moves
  }

  move() {}

  async #refresh() {
    try {
      live.clock ??= await control.get(inWorld(this.world, "clock"));
      const [{ worlds }, { scenarios }] = await Promise.all([control.get("worlds"), this.scenarios ?? control.get("scenarios")]);
      this.scenarios = { scenarios };
      this.#showWorlds(worlds, scenarios);
      this.#showTime();
    } catch (error) {
      this.#world.replaceChildren(failed(error, () => this.#refresh()));
    }
  }

  #showWorlds(worlds, scenarios) {
    const own = worlds.find((one) => one.name === this.world);
    if (this.#world.contains(document.activeElement) && document.activeElement.matches("select")) return;
    const choice = h("select", { "aria-label": "Scenario" }, scenarios.map((one) => h("option", { value: one.name, title: one.about ?? one.problem }, one.name)));
    if (own && !scenarios.some((one) => one.name === own.scenario)) choice.prepend(h("option", { value: own.scenario }, own.scenario));
    choice.value = own?.scenario ?? "";
    const about = h("p", { class: "soft small about" }, scenarios.find((one) => one.name === choice.value)?.about ?? "");
    choice.addEventListener("change", () => { about.textContent = scenarios.find((one) => one.name === choice.value)?.about ?? ""; });
    const load = h("button", { type: "button", onclick: () => this.#reset(choice.value) }, "Load");
    this.#seed = own?.seed ?? "";
    this.#tick();
    const others = worlds.filter((one) => one.name !== this.world);
    this.#world.replaceChildren(
      h("div", { class: "stack" },
        h("div", { class: "line between" }, h("h2", { class: "any" }, this.world), this.#count),
        h("label", { class: "field" }, h("span", {}, "Scenario"), h("span", { class: "line nowrap" }, h("span", { class: "grow" }, choice), load)), about,
        h("div", { class: "line" },
          h("button", { type: "button", onclick: () => this.#reset() }, "Back to the start"),
          this.world !== "main" && h("button", { type: "button", class: "danger", onclick: () => this.#remove() }, "Delete world")),
        others.length > 0 && h("div", { class: "stack tight" }, h("h3", {}, "Other worlds"),
          h("ul", { class: "line" }, others.map((one) => h("li", {}, h("a", { class: "button", href: address(one.name, "now") }, one.name, h("span", { class: "soft" }, one.scenario))))))),
    );
  }

  #tick() {
    this.#count.textContent = `${live.last} exchanges · seed ${this.#seed}`;
    if (JSON.stringify(live.clock) !== this.#told) this.#showTime();
  }

  #showTime() {
    if (!live.clock || this.#time.contains(document.activeElement)) return;
    this.#told = JSON.stringify(live.clock);
    const now = new Date(live.clock.now);
    const told = now.toLocaleString("en-GB", { dateStyle: "full", timeStyle: "short", timeZone: "Europe/Berlin" });
    const set = h("input", { type: "datetime-local", step: "1", "aria-label": "Set the time, UTC", value: live.clock.now.slice(0, 19) });
    const isFrozen = live.clock.mode === "frozen";
    this.#time.replaceChildren(
      h("div", { class: "stack" },
        h("div", { class: "line between" }, h("h2", {}, "Clock"), h("span", { class: `tag ${isFrozen ? "accent" : "good"}` }, live.clock.mode)),
        h("p", { class: "big-time" }, told, h("span", { class: "soft small" }, " German time")),
        h("div", { class: "line" }, STEPS.map(([label, by]) => h("button", { type: "button", onclick: () => this.#setClock("post", "clock/advance", { by }) }, label))),
        h("form", { class: "line nowrap", onsubmit: (event) => { event.preventDefault(); this.#setClock("put", "clock", { now: `${set.value}Z` }); } }, h("span", { class: "grow" }, set), h("button", {}, "Set (UTC)")),
        h("div", { class: "line" }, h("button", { type: "button", onclick: () => this.#setClock("put", "clock", { mode: isFrozen ? "ticking" : "frozen" }) }, isFrozen ? "Let it tick" : "Freeze it"))),
    );
  }

  #showAddresses() {
    const base = worldAddress(this.world);
    const host = new URL(base);
    const rows = [
      ["Base URL", base], ["Header", `X-Mockportal-World: ${this.world}`], ["Host", `${host.protocol}//${this.world}.localhost${host.port ? `:${host.port}` : ""}`],
      ["Cookie", `mockportal-world=${this.world}`], ["Baggage", `baggage: mockportal-world=${this.world}`],
    ];
    this.#addresses.replaceChildren(h("h2", {}, "Addresses of this world"), h("ul", { class: "copies" }, rows.map(([name, text]) => h("li", {}, h("span", { class: "soft small" }, name), h("code", { class: "any" }, text), copyButton(text, name)))));
  }

  async #loadPeople() {
    try {
      this.#list = (await control.get(inWorld(this.world, "people"))).people;
      this.#showPeople();
    } catch (error) {
      this.#people.replaceChildren(failed(error, () => this.#loadPeople()));
    }
  }

  #showPeople() {
    const wanted = this.#search.value.trim().toLowerCase();
    const found = this.#list.filter((one) => [one.name, one.alias, one.email, one.role, one.group, one.status].some((text) => text?.toLowerCase().includes(wanted)));
    if (!found.length) {
      this.#people.replaceChildren(this.#list.length ? empty("Nobody found", `No name, role or address holds “${this.#search.value}”.`) : empty("Nobody here yet", "This scenario has no users and no tokens."));
      return;
    }
    this.#people.replaceChildren(h("ul", { class: "person-list" }, found.map((one) => this.#person(one))));
  }

  #person(one) {
    const [kind, alias] = (one.user ?? "").split("/");
    const name = one.user ? h("a", { href: here("state", [kind, alias]) }, one.name) : h("span", {}, one.name);
    const state = one.status && h("span", { class: `tag ${KINDS[one.status] ?? "warn"}` }, one.status);
    const button = h("button", { type: "button", "aria-label": `Copy token of ${one.name}`, onclick: () => this.#copyToken(one) }, "Copy token");
    return h("li", { class: "person" },
      h("div", { class: "grow" }, h("p", { class: "line" }, h("strong", { class: "any" }, name), state), h("p", { class: "soft small any" }, [one.role, one.group, one.email].filter(Boolean).join(" · "))),
      one.token && h("code", { class: "soft small any person-token" }, one.token), button);
  }

  async #copyToken(one) {
    try {
      const token = one.token ?? (await control.post(inWorld(this.world, "tokens"), { user: one.user, kind: one.kind })).token;
      await copy(token, `Token of ${one.name}`);
    } catch (error) {
      toast(error.message, true);
    }
  }

  async #setClock(method, path, body) {
    try {
      await control[method](`${inWorld(this.world)}/${path}`, body);
      document.activeElement?.blur();
      await live.refreshClock();
      this.#showTime();
    } catch (error) {
      toast(error.message, true);
    }
  }

  async #reset(scenario) {
    try {
      await control.post(inWorld(this.world, "reset"), scenario ? { scenario } : {});
      document.activeElement?.blur();
      toast(scenario ? `${this.world} starts from ${scenario}` : `${this.world} is as it was at the start`);
      this.show({ world: this.world });
    } catch (error) {
      toast(error.message, true);
    }
  }

  async #make() {
    const name = h("input", { name: "name", pattern: "[a-z0-9\\-]{1,63}", title: "1 to 63 of a-z, 0-9 and -", placeholder: "the next free one" });
    const scenario = h("select", {}, (this.scenarios?.scenarios ?? []).map((one) => h("option", { value: one.name }, one.name)));
    scenario.value = "default";
    const content = h("div", { class: "stack" }, h("h2", {}, "New world"), h("p", { class: "soft" }, "A world has its own records, clock, rules and journal."), h("label", { class: "field" }, h("span", {}, "Name"), name), h("label", { class: "field" }, h("span", {}, "Scenario"), scenario));
    if (!(await ask(content, [["make", "Make it", "primary"]]))) return;
    try {
      const made = await control.post("worlds", { ...(name.value && { name: name.value }), ...(scenario.value && { scenario: scenario.value }) });
      go(address(made.name, "now"));
    } catch (error) {
      toast(error.message, true);
    }
  }

  async #remove() {
    const content = h("div", { class: "stack" }, h("h2", {}, `Delete ${this.world}?`), h("p", {}, "Its records, journal and snapshots are gone then."));
    if (!(await ask(content, [["delete", "Delete", "danger"]]))) return;
    await control.delete(inWorld(this.world)).catch((error) => toast(error.message, true));
    go(address("main", "now"));
  }
}

customElements.define("console-now", Now);
