/** One world of a mock: an isolated portal with people, a clock, mails and a journal of its own. */

import type { Control } from "./control.js";
import { Held, Journal, type Json, Outbox, Rules, WorldClock } from "./views.js";

const COOKIE = "mockportal-world";

export interface WorldOptions {
  /** A scenario's name, the path to its file, or what such a file holds; that of the mock without one. */
  scenario?: string | Json;
  /** The RFC 3339 instant at which its clock stands. */
  clock?: Date | string;
  /** Another seed than the scenario's: other ids. */
  seed?: number;
  /** Rules that are tried before those of the scenario. */
  rules?: Json[];
}

export interface WorldJson {
  name: string;
  scenario: string;
  seed: number;
  now: string;
  mode: "frozen" | "ticking";
  urls: { base_path: string; host: string };
}

export interface PatchStep {
  op: "add" | "remove" | "replace";
  path: string;
  value?: unknown;
}

export interface Verdict {
  scenario: string;
  holds: boolean;
  expectations: number;
  failures: Json[];
}

interface Person extends Json {
  user: string | null;
  alias: string;
  token: string | null;
}

/** A moment of a world: the number of an exchange, 0 for the start, or the name of a snapshot. */
export type Moment = number | string;

export class World {
  readonly name: string;
  /** The base URL of the API in this world. */
  readonly url: string;
  /** The base URLs by which requests need nothing else to reach this world. */
  readonly baseURLs: { readonly basePath: string; readonly host: string };
  readonly clock: WorldClock;
  readonly outbox: Outbox;
  readonly journal: Journal;
  readonly rules: Rules;
  readonly held: Held;
  /** Sends a request about this world to any endpoint of the control API: `control("GET", "/state/contract")`. */
  readonly control: Control;

  constructor(control: Control, { name, urls }: WorldJson) {
    this.name = name;
    this.url = urls.base_path;
    this.baseURLs = { basePath: urls.base_path, host: urls.host };
    this.control = (method, path, body) => control(method, `/worlds/${name}${path}`, body);
    this.clock = new WorldClock(this.control);
    this.outbox = new Outbox(this.control);
    this.journal = new Journal(this.control);
    this.rules = new Rules(this.control);
    this.held = new Held(this.control);
  }

  /** The development token of somebody (`anna`), or a new one that is good for an hour. */
  async token(who: string): Promise<string> {
    if (who.split(".").length === 3) return who;
    const { people } = await this.control<{ people: Person[] }>("GET", "/people");
    const known = people.find(({ user, alias, token }) => [user, alias, token].includes(who));
    if (known?.token) return known.token;
    return (await this.control<{ token: string }>("POST", "/tokens", { user: who })).token;
  }

  /** Headers that lead a request here: those of somebody, or of nobody. */
  async headers(who?: string): Promise<Record<string, string>> {
    const authorization = who === undefined ? {} : { Authorization: `Bearer ${await this.token(who)}` };
    return { "X-Mockportal-World": this.name, ...authorization };
  }

  /** The cookies that a page server passes on to the mock, for the origin of its pages. */
  cookies(url: string): { name: string; value: string; url: string }[] {
    return [{ name: COOKIE, value: this.name, url }];
  }

  /** The value of the header `baggage` that tracing libraries pass on, after what there is. */
  baggage(present = ""): string {
    const others = present.split(",").filter((member) => member.trim() && member.split("=")[0]?.trim() !== COOKIE);
    return [...others, `${COOKIE}=${this.name}`].join(",");
  }

  /** A record of the state by its collection and its alias or id: `contract/v-900001`. */
  record(name: string): Promise<Json> {
    return this.control("GET", `/state/${name}`);
  }

  /** Adds a rule, which is tried before the others, and returns its id. */
  rule(rule: Json): Promise<string> {
    return this.rules.add(rule);
  }

  /** Keeps the present moment under a name. */
  async snapshot(name = "snapshot"): Promise<string> {
    await this.control("PUT", `/snapshots/${name}`);
    return name;
  }

  /** Goes back to a snapshot. */
  restore(name = "snapshot"): Promise<void> {
    return this.#goBack(`/snapshots/${name}/restore`);
  }

  /** Goes back to right after an exchange; 0 is the start. */
  rewind(to = 0): Promise<void> {
    return this.#goBack("/rewind", { to });
  }

  /** Goes back to the scenario, or to another one. */
  reset(scenario?: string | Json): Promise<void> {
    return this.#goBack("/reset", scenario === undefined ? {} : { scenario });
  }

  /** What has changed between two moments, from the start until now if none is given. */
  async diff(between: { from?: Moment; to?: Moment } = {}): Promise<PatchStep[]> {
    const query = new URLSearchParams(Object.entries(between).map(([name, moment]) => [name, String(moment)]));
    return (await this.control<{ patch: PatchStep[] }>("GET", `/diff?${query}`)).patch;
  }

  /** The session as a scenario file that replays it; minimized, only what its last answer depends on. */
  export({ minimize = false } = {}): Promise<string> {
    return this.control("GET", minimize ? "/export?minimize=true" : "/export");
  }

  /** Plays what the world's scenario expects, in a world that nobody else sees. */
  verify(): Promise<Verdict> {
    return this.control("POST", "/verify");
  }

  /** Forgets the world. */
  close(): Promise<void> {
    return this.control("DELETE", "");
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #goBack(path: string, body?: Json): Promise<void> {
    await this.control("POST", path, body);
    await this.clock.sync();
  }
}

/** Makes a world; without a name it gets the next free one of the mock. */
export async function createWorld(control: Control, name: string | undefined, options: WorldOptions): Promise<World> {
  const { rules = [], clock, ...rest } = options;
  const at = clock instanceof Date ? clock.toISOString() : clock;
  const world = new World(control, await control<WorldJson>("POST", "/worlds", { name, clock: at, ...rest }));
  for (const rule of rules.toReversed()) await world.rule(rule); // the newest is tried first
  return world;
}
