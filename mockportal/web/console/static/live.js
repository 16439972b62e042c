// What happens in the world that is shown: its journal as it grows, its clock, and the list of worlds.

import { control, inWorld, readEvents } from "./api.js";

const MOST = 50_000; // entries that are kept
const PAUSE = 1000; // milliseconds before another try

class Live extends EventTarget {
  world = "";
  entries = []; // oldest first
  worlds = [];
  clock = null;
  state = "offline";
  broken = null; // what keeps a changed file from being served
  isLoaded = false; // whether the entries of before are there
  #numbers = new Set();
  #stop = new AbortController();
  #told = new Set();

  /** Follows a world from now on. */
  follow(world) {
    if (world === this.world) return;
    this.#stop.abort();
    this.#stop = new AbortController();
    this.world = world;
    this.isLoaded = false;
    this.problem = null;
    this.clear();
    this.#run(world, this.#stop.signal);
  }

  clear() {
    this.entries = [];
    this.#numbers.clear();
    this.#tell("entries");
  }

  find(n) {
    return this.entries.findLast((entry) => entry.n === n);
  }

  get last() {
    return this.entries.at(-1)?.n ?? 0;
  }

  async refreshClock() {
    this.clock = await control.get(inWorld(this.world, "clock"));
    this.#tell("clock");
  }

  async #run(world, signal) {
    let last = "";
    const hear = (name, data, id) => {
      const isFirst = !last; // what happened before the connection was there is read once it is
      last = id;
      if (this.state !== "live") this.#become("live");
      if (name === "worlds") this.#setWorlds(data.worlds);
      if (name === "problem") this.#setBroken(data.problem);
      if (isFirst || name === "gap") this.#load(world).catch((error) => this.#fail(error));
      else if (name === "worlds" || name === "problem") return;
      else this.#take([data.entry], name);
    };
    while (!signal.aborted) {
      try {
        this.#become("connecting");
        await readEvents(world, last, hear, signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#fail(error);
      }
      if (!signal.aborted) this.#become("offline");
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }

  async #load(world) {
    const [{ entries }, clock] = await Promise.all([control.get(`${inWorld(world, "journal")}?limit=10000`), control.get(inWorld(world, "clock"))]);
    if (world !== this.world) return;
    if (this.entries.length && this.last > (entries.at(-1)?.n ?? 0)) this.clear(); // it was made anew, or forgotten
    this.clock = clock;
    this.isLoaded = true;
    this.#take(entries, "reset");
  }

  #take(entries, kind) {
    const fresh = entries.filter((entry) => !this.#numbers.has(entry.n));
    fresh.forEach((entry) => this.#numbers.add(entry.n));
    const isLater = fresh.length && fresh[0].n > this.last;
    this.entries.push(...fresh);
    if (!isLater) this.entries.sort((one, other) => one.n - other.n);
    this.entries.splice(0, this.entries.length - MOST).forEach((entry) => this.#numbers.delete(entry.n));
    if (this.clock?.mode === "frozen" && fresh.length) this.clock = { ...this.clock, now: fresh.at(-1).at };
    this.#tell("entries");
    if (kind !== "entry") {
      this.refreshClock().catch(() => {});
      this.#tell("reset");
    } else this.#tell("clock");
  }

  #setWorlds(worlds) {
    this.worlds = worlds;
    this.#tell("worlds");
  }

  #setBroken(problem) {
    this.broken = problem;
    this.#tell("state");
  }

  #fail(error) {
    this.problem = error;
  }

  #become(state) {
    this.state = state;
    this.#tell("state");
  }

  /** At most once a frame, however much happens. */
  #tell(name) {
    if (this.#told.has(name)) return;
    this.#told.add(name);
    const tell = () => {
      this.#told.delete(name);
      this.dispatchEvent(new Event(name));
    };
    document.hidden ? setTimeout(tell, 50) : requestAnimationFrame(tell);
  }
}

export const live = new Live();

/** A function that acts once, `pause` milliseconds after it is first called, however often; not once the element is gone. */
export function paced(element, pause, act) {
  let timer = 0;
  return () => {
    timer ||= setTimeout(() => {
      timer = 0;
      if (element.isConnected) act();
    }, pause);
  };
}

/** Listens; the answer is a function that ends it. */
export function listen(names, hear) {
  const stop = new AbortController();
  for (const name of names) live.addEventListener(name, hear, { signal: stop.signal });
  return () => stop.abort();
}
