/** A mock for tests: one that runs already, or one that is started here and ends at the latest with this process. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Socket } from "node:net";
import { createInterface } from "node:readline";
import { type Control, controlOf, MockportalError } from "./control.js";
import { findOrInstall, type InstallationOptions } from "./installation.js";
import { createWorld, type World, type WorldOptions } from "./world.js";

export interface MockportalOptions extends InstallationOptions {
  /** A mock that runs already; the variable `MOCKPORTAL_URL` without it. */
  url?: string;
  /** The scenario of new worlds: a name, or the path to a file. */
  scenario?: string;
  /** The port to listen at; a free one without it. */
  port?: number;
  /** An RFC 3339 instant, or `now`. */
  clock?: string;
  /** More flags of `mockportal serve`. */
  args?: string[];
  /** What the control API asks for. */
  controlToken?: string;
  /** The folder to start it in: scenarios are looked up in its `scenarios`. */
  cwd?: string;
  /** Milliseconds until it must be ready, 60,000 without it; an installation is not counted. */
  timeout?: number;
}

const READY = /^mockportal ready at (\S+)/;
const TIMEOUT_MILLISECONDS = 60_000;
const GRACE_MILLISECONDS = 5_000;
const LAST_CHARACTERS = 2_000;

export class Mockportal {
  /** Where it is, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly #control: Control;
  readonly #process: ChildProcess | undefined;

  constructor(url: string, controlToken?: string, process?: ChildProcess) {
    this.url = url;
    this.#control = controlOf(url, controlToken);
    this.#process = process;
  }

  /** What it serves: `{status, scenario, seed, clock, operations, …}`. */
  health(): Promise<Record<string, unknown>> {
    return this.#control("GET", "/health");
  }

  /** Makes a world; without a name it gets the next free one. */
  world(name?: string, options: WorldOptions = {}): Promise<World> {
    return createWorld(this.#control, name, options);
  }

  /** Ends the mock if it was started here, else leaves it as it is. */
  async close(): Promise<void> {
    if (this.#process !== undefined) await end(this.#process);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** A mock that is ready: at the given URL, or else started at a port of this machine. */
export async function startMockportal(options: MockportalOptions = {}): Promise<Mockportal> {
  const url = options.url ?? process.env.MOCKPORTAL_URL;
  if (url) return connected(url.replace(/\/+$/, ""), options.controlToken);
  const [program = "", ...first] = await findOrInstall(options);
  const child = spawn(program, [...first, "serve", ...flags(options)], {
    cwd: options.cwd,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const kill = () => void child.kill();
  process.once("exit", kill);
  child.once("exit", () => process.off("exit", kill));
  const address = await readyAddress(child, program, options.timeout ?? TIMEOUT_MILLISECONDS);
  for (const handle of [child, child.stdout as Socket, child.stderr as Socket]) handle.unref(); // a program may end without `close`
  return new Mockportal(address, options.controlToken, child);
}

async function connected(url: string, controlToken: string | undefined): Promise<Mockportal> {
  const mock = new Mockportal(url, controlToken);
  await mock.health();
  return mock;
}

function flags({ scenario, port = 0, clock, args = [], controlToken }: MockportalOptions): string[] {
  const named = [
    ["--port", String(port)],
    ["--clock", clock],
    ["--control-token", controlToken],
  ];
  const given = named.flatMap(([flag, value]) => (flag === undefined || value === undefined ? [] : [flag, value]));
  return [...given, ...args, ...(scenario === undefined ? [] : [scenario])];
}

/** The URL of the ready line; a program that cannot be run, ends or takes too long is told with its last words. */
async function readyAddress(child: ChildProcess, program: string, timeout: number): Promise<string> {
  let words = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (words = `${words}${text}`.slice(-LAST_CHARACTERS)));
  let timer: NodeJS.Timeout | undefined;
  const ready = new Promise<string>((resolve, reject) => {
    const fail = (problem: string) => reject(new MockportalError(`${program} serve ${problem}\n${words}`.trim()));
    if (child.stdout) createInterface(child.stdout).on("line", (line) => {
      const url = READY.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once("error", ({ message }) => fail(`cannot be run: ${message}`));
    child.once("close", (code) => fail(`ended with exit code ${code}`));
    timer = setTimeout(() => fail(`was not ready after ${timeout} ms`), timeout);
  });
  try {
    return await ready;
  } catch (error) {
    child.kill();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill();
  const force = setTimeout(() => child.kill("SIGKILL"), GRACE_MILLISECONDS);
  await gone;
  clearTimeout(force);
}
