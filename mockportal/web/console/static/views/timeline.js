// Timeline: a slider over the exchanges, the state at any of them, and the ways back.

import { control, inWorld } from "../api.js";
import { empty, failed, h, saveFile, status, toast } from "../dom.js";
import { listen, live, paced } from "../live.js";
import { changes } from "../patch.js";
import { here, replace } from "../route.js";
import { fork, rewind } from "./entry.js";

const MOST = 240; // bars of the strip
const WIDEST = 36; // pixels of a bar
const PAUSE = 120; // milliseconds that the slider rests before the state is read

/** The kind of the bar for some entries: of the one that matters most. */
function kindOf(entries) {
  const worst = Math.max(...entries.map((entry) => entry.status));
  if (entries.some((entry) => entry.answered_by === "control")) return "control";
  return worst >= 500 ? "bad" : worst >= 400 ? "warn" : worst >= 300 ? "moved" : "";
}

class Timeline extends HTMLElement {
  #slider = h("input", { type: "range", min: 0, step: 1, "aria-label": "Exchange", oninput: () => this.#moved() });
  #strip = h("div", { class: "strip", "aria-hidden": "true" });
  #track = h("div", { class: "stack tight" }, this.#strip, this.#slider);
  #where = h("div", { class: "line between at-line", "aria-live": "polite" });
  #counts = h("div", {});
  #own = h("div", {});
  #since = h("div", {});
  #snapshots = h("div", {});
  #page;
  #waiting = h("div", {});
  #soon = paced(this, PAUSE, () => this.#read());
  #stop = () => {};

  connectedCallback() {
    const name = h("input", { placeholder: "before-the-bug", "aria-label": "Name of the snapshot", required: true, pattern: "[A-Za-z0-9][A-Za-z0-9._\\-]{0,79}", title: "letters, digits, dots, - and _" });
    const keep = h("form", { class: "line nowrap", onsubmit: (event) => { event.preventDefault(); this.#keep(name); } }, h("span", { class: "grow" }, name), h("button", {}, "Keep the present"));
    this.append(this.#waiting, this.#page = h("div", { class: "page", hidden: true },
      h("div", { class: "head" }, h("h1", {}, "Timeline"),
        h("button", { type: "button", onclick: () => rewind(this.world, this.at) }, "Rewind to here"), h("button", { type: "button", onclick: () => fork(this.world, this.at) }, "Fork here"),
        h("button", { type: "button", onclick: () => saveFile(`${this.world}.yaml`, () => control.get(inWorld(this.world, "export"))) }, "Export")),
      h("section", { class: "card stack", "aria-label": "Exchanges" }, this.#track, this.#where),
      h("div", { class: "pair" },
        h("section", { class: "card", "aria-label": "By this exchange" }, h("h2", {}, "What it changed"), this.#own),
        h("section", { class: "card", "aria-label": "Since the start" }, h("h2", {}, "Changed since the start"), this.#since)),
      h("section", { class: "card", "aria-label": "Records" }, h("h2", {}, "Records at this moment"), this.#counts),
      h("section", { class: "card stack", "aria-label": "Snapshots" }, h("h2", {}, "Snapshots"), keep, this.#snapshots)));
    this.#stop = listen(["entries", "state"], () => this.#refresh());
  }

  disconnectedCallback() {
    this.#stop();
  }

  show({ world, parts }) {
    this.world = world;
    this.at = parts[0] === undefined ? null : Number(parts[0]);
    this.#refresh();
    this.#showSnapshots();
    if (this.at !== null) this.#soon();
  }

  move(step) {
    this.#slider.value = Number(this.#slider.value) + step;
    this.#moved();
  }

  #refresh() {
    if (!live.isLoaded) return this.#waiting.replaceChildren(live.problem ? failed(live.problem) : "");
    this.#waiting.replaceChildren();
    const wasLast = this.at === null || this.at === this.newest;
    this.newest = live.last;
    const first = live.entries[0]?.n ?? 1;
    this.#slider.min = first === 1 ? 0 : first;
    this.#slider.max = this.newest;
    if (wasLast) this.at = this.newest;
    this.#slider.value = this.at;
    this.#drawStrip();
    if (wasLast) this.#soon();
    this.#tellWhere();
  }

  #drawStrip() {
    const all = live.entries;
    const width = Math.max(1, Math.ceil(all.length / MOST)); // entries of a bar
    const bars = Array.from({ length: Math.ceil(all.length / width) }, (_, number) => all.slice(number * width, (number + 1) * width));
    this.#track.style.maxWidth = `${Math.max(8, bars.length) * WIDEST}px`;
    this.#strip.replaceChildren(...bars.map((entries) => {
      const isAt = entries[0].n <= this.at && this.at <= entries.at(-1).n;
      return h("i", { class: `${kindOf(entries)} ${entries[0].n > this.at ? "is-later" : ""} ${isAt ? "is-at" : ""}` });
    }));
  }

  #tellWhere() {
    const entry = live.find(this.at);
    this.#slider.setAttribute("aria-valuetext", entry ? `exchange ${entry.n}, ${entry.operation ?? entry.path}` : "the start");
    this.#where.replaceChildren(
      entry ? h("p", { class: "line grow" }, status(entry.status), h("a", { class: "any", href: here("journal", [entry.n]) }, `#${entry.n} ${entry.operation ?? entry.path ?? ""}`), h("span", { class: "soft small" }, entry.as ? `as ${entry.as}` : "", ` ${entry.at}`)) : h("p", {}, "The start, before any exchange"),
      h("span", { class: "soft small" }, `${this.at} of ${this.newest}`));
  }

  #moved() {
    this.at = Number(this.#slider.value);
    replace(here("timeline", [this.at]));
    this.#drawStrip();
    this.#tellWhere();
    this.#soon();
  }

  async #read() {
    const { at, world } = this;
    const [own, since, counts] = await Promise.all([
      at > 0 ? changes(world, at - 1, at) : empty("This is the start", "Move the slider to see what an exchange changed."),
      at > 0 ? changes(world, 0, at) : empty("This is the start", "Nothing has changed yet."),
      control.get(`${inWorld(world, "collections")}?at=${at}`).then((found) => this.#records(found.collections, at), failed),
    ]);
    if (at !== this.at) return;
    this.#own.replaceChildren(own);
    this.#since.replaceChildren(since);
    this.#counts.replaceChildren(counts);
    this.#page.hidden = false; // once everything has its size, so that nothing moves
  }

  #records(collections, at) {
    const filled = collections.filter((one) => one.records || one.changed);
    if (!filled.length) return empty("No records", "This scenario starts empty.");
    return h("ul", { class: "line" }, filled.map((one) => h("li", {}, h("a", { class: "button", href: here("state", [one.name], { at }) }, one.name, h("span", { class: "soft" }, String(one.records)), one.changed > 0 && h("span", { class: "tag moved" }, `${one.changed} changed`)))));
  }

  async #showSnapshots() {
    try {
      const { snapshots } = await control.get(inWorld(this.world, "snapshots"));
      this.#snapshots.replaceChildren(snapshots.length ? h("ul", {}, snapshots.map((one) => this.#snapshot(one))) : h("p", { class: "soft small" }, "None yet. Keep the present under a name, and come back to it whenever you like."));
    } catch (error) {
      this.#snapshots.replaceChildren(failed(error, () => this.#showSnapshots()));
    }
  }

  #snapshot({ name, now }) {
    const path = `${inWorld(this.world, "snapshots", name)}`;
    const act = (method, end, told) => control[method](path + end).then(() => { toast(told); this.#showSnapshots(); }, (error) => toast(error.message, true));
    return h("li", { class: "person" }, h("span", { class: "grow any" }, h("strong", {}, name), h("span", { class: "soft small" }, ` ${now}`)),
      h("button", { type: "button", onclick: () => act("post", "/restore", `Back to ${name}`) }, "Restore"),
      h("button", { type: "button", class: "danger", "aria-label": `Delete ${name}`, onclick: () => act("delete", "", `${name} is gone`) }, "Delete"));
  }

  async #keep(name) {
    try {
      await control.put(inWorld(this.world, "snapshots", name.value));
      toast(`${name.value} is kept`);
      name.value = "";
      this.#showSnapshots();
    } catch (error) {
      toast(error.message, true);
    }
  }
}

customElements.define("console-timeline", Timeline);
