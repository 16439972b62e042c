/** The parts of a world that a test looks at and changes: its clock, mails, journal, rules and held exchanges. */

import { type Control, MockportalError } from "./control.js";

export type Json = Record<string, unknown>;

export interface Time {
  now: Date;
  mode: "frozen" | "ticking";
}

/** Called after the time of a world has been set, moved on or put back. */
export type ClockFollower = (time: Time) => Promise<void>;

export interface Mail extends Json {
  id: string;
  to: string;
  subject: string;
  template: string;
  created_at: string;
  links: string[];
  codes: string[];
}

export interface Entry extends Json {
  n: number;
  at: string;
  operation: string | null;
  method: string | null;
  path: string | null;
  status: number;
  answered_by: string;
  as: string | null;
  rule: string | null;
}

export interface WholeEntry extends Entry {
  request: { method: string; path: string; query: string; headers: Record<string, string>; body: unknown };
  response: { status: number; headers: Record<string, string>; body: unknown };
  violations: Json[];
}

export interface Explanation extends Json {
  n: number;
  status: number;
  reason: string | null;
}

export interface EntryChoice {
  operation?: string;
  /** A status, or a class such as `4xx`. */
  status?: number | string;
  /** Only entries with a larger number. */
  after?: number;
  /** Only the newest so many. */
  limit?: number;
}

export type ProgramKind = "curl" | "httpx" | "fetch" | "playwright" | "pytest";

/** The time of a world. Browsers that follow it are moved with it. */
export class WorldClock {
  readonly #control: Control;
  readonly #followers = new Set<ClockFollower>();

  constructor(control: Control) {
    this.#control = control;
  }

  async now(): Promise<Date> {
    return (await this.time()).now;
  }

  async time(): Promise<Time> {
    return timeOf(await this.#control("GET", "/clock"));
  }

  /** Moves the time on by a duration such as `P14D` or `45m`, and returns the new time. */
  async advance(by: string): Promise<Date> {
    return this.#tell(timeOf(await this.#control("POST", "/clock/advance", { by })));
  }

  /** Sets the instant at which the clock stands, or from which it ticks. */
  async set(now: Date | string, { ticking = false } = {}): Promise<Date> {
    const at = now instanceof Date ? now.toISOString() : now;
    const mode = ticking ? "ticking" : "frozen";
    return this.#tell(timeOf(await this.#control("PUT", "/clock", { now: at, mode })));
  }

  /** Takes those that follow to the time of the world. */
  async sync(): Promise<Date> {
    return this.#tell(await this.time());
  }

  /** Calls `follower` now and after every change that is made through this object; the result ends that. */
  async follow(follower: ClockFollower): Promise<() => void> {
    await follower(await this.time());
    this.#followers.add(follower);
    return () => void this.#followers.delete(follower);
  }

  async #tell(time: Time): Promise<Date> {
    await Promise.all([...this.#followers].map((follower) => follower(time)));
    return time.now;
  }
}

/** The mails that would have been sent. */
export class Outbox {
  readonly #control: Control;

  constructor(control: Control) {
    this.#control = control;
  }

  /** All mails, or those to an address, the oldest first. */
  async mails(to?: string): Promise<Mail[]> {
    const { mails } = await this.#control<{ mails: Mail[] }>("GET", "/outbox");
    return mails.filter((mail) => to === undefined || mail.to === to);
  }

  /** The newest code that was sent to an address. */
  codeFor(to: string): Promise<string> {
    return this.#newest(to, "codes");
  }

  /** The newest link that was sent to an address. */
  linkFor(to: string): Promise<string> {
    return this.#newest(to, "links");
  }

  async #newest(to: string, kind: "codes" | "links"): Promise<string> {
    const mails = await this.mails(to);
    const found = mails.flatMap((mail) => mail[kind]).at(-1);
    if (found !== undefined) return found;
    const told = mails.length ? `${mails.length} mails to ${to}, without ${kind}` : `no mail to ${to}`;
    throw new MockportalError(`the outbox has ${told}`);
  }
}

/** The exchanges of a world. */
export class Journal {
  readonly #control: Control;

  constructor(control: Control) {
    this.#control = control;
  }

  /** Exchanges in brief, the oldest first. */
  async entries(choice: EntryChoice = {}): Promise<Entry[]> {
    const asked = Object.entries(choice).filter(([, value]) => value !== undefined);
    const query = new URLSearchParams(asked.map(([name, value]) => [name, String(value)]));
    return (await this.#control<{ entries: Entry[] }>("GET", `/journal?${query}`)).entries;
  }

  /** One exchange whole, its secrets hidden. */
  entry(n: number): Promise<WholeEntry> {
    return this.#control("GET", `/journal/${n}`);
  }

  /** The newest request with its answer. */
  async last(): Promise<WholeEntry> {
    const newest = (await this.entries()).findLast(isRequest);
    if (newest === undefined) throw new MockportalError("the journal has no request");
    return this.entry(newest.n);
  }

  /** The reasons for an answer: `reason` in one line, and what each stage has found. */
  explain(n: number): Promise<Explanation> {
    return this.#control("GET", `/journal/${n}/explain`);
  }

  /** An exchange as a program that sends its request again. */
  async code(n: number, as: ProgramKind = "curl"): Promise<string> {
    return (await this.#control<{ code: string }>("GET", `/journal/${n}/code?as=${as}`)).code;
  }
}

/** Canned replies and faults. A rule has the form of a rule in a scenario. */
export class Rules {
  readonly #control: Control;

  constructor(control: Control) {
    this.#control = control;
  }

  /** The rules with the numbers of requests that fitted them (`hits`) and of their answers (`fired`). */
  async list(): Promise<Json[]> {
    return (await this.#control<{ rules: Json[] }>("GET", "/rules")).rules;
  }

  /** Adds a rule, which is tried before the others, and returns its id. */
  async add(rule: Json): Promise<string> {
    return (await this.#control<{ id: string }>("POST", "/rules", rule)).id;
  }

  remove(id: string): Promise<void> {
    return this.#control("DELETE", `/rules/${encodeURIComponent(id)}`);
  }
}

/** The exchanges that rules hold until they are released. */
export class Held {
  readonly #control: Control;

  constructor(control: Control) {
    this.#control = control;
  }

  async list(): Promise<Json[]> {
    return (await this.#control<{ held: Json[] }>("GET", "/held")).held;
  }

  /** Lets an exchange go on, as it is or with `{reply}` or `{patch}` in place of its answer. */
  release(n: number, instead: Json = {}): Promise<void> {
    return this.#control("POST", `/held/${n}/release`, instead);
  }
}

/** True of a request to the API; a change through the control API is an entry as well. */
export function isRequest(entry: Entry): boolean {
  return entry.answered_by !== "control";
}

function timeOf({ now, mode }: { now: string; mode: Time["mode"] }): Time {
  return { now: new Date(now), mode };
}
