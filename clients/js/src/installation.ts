/** The program `mockportal` on this machine: found, or installed into a virtual environment that is kept. */

import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, mkdir, open, readFile, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { MockportalError } from "./control.js";

export interface InstallationOptions {
  /** The program and its first arguments: `mockportal`, or `["python3", "-m", "mockportal"]`. */
  command?: string | string[];
  /** What pip installs if the program is not found: a requirement, a wheel or a folder. `mockportal` without it. */
  package?: string;
  /** The folder of the virtual environment that is made then. */
  cache?: string;
}

const WINDOWS = process.platform === "win32";
const SCRIPTS = WINDOWS ? "Scripts" : "bin";
const SUFFIX = WINDOWS ? ".exe" : "";
const PROGRAM = `mockportal${SUFFIX}`;
const PYTHONS = ["python3", "python"];
const POLL_MILLISECONDS = 200;

const run = promisify(execFile);

/** The command line to run, from the first place that has one: the option `command`, the variable `MOCKPORTAL`, the
 * PATH, a `.venv` here or in a folder above, and last an environment that is made for it. */
export async function findOrInstall(options: InstallationOptions = {}): Promise<string[]> {
  const given = options.command ?? process.env.MOCKPORTAL;
  if (given) return typeof given === "string" ? [given] : given;
  const places = [...(process.env.PATH ?? "").split(delimiter), ...environmentsAbove(process.cwd())];
  for (const place of places.filter(Boolean)) {
    const program = join(place, PROGRAM);
    if (await isProgram(program)) return [program];
  }
  return [await installed(options.package ?? process.env.MOCKPORTAL_PACKAGE ?? "mockportal", options.cache ?? defaultCache())];
}

function environmentsAbove(folder: string): string[] {
  const above = dirname(folder);
  return [join(folder, ".venv", SCRIPTS), ...(above === folder ? [] : environmentsAbove(above))];
}

function defaultCache(): string {
  const caches = process.env.XDG_CACHE_HOME ?? (WINDOWS ? process.env.LOCALAPPDATA : undefined) ?? join(homedir(), ".cache");
  return join(caches, "mockportal", "npm");
}

/** The program in the environment at `folder`, which is made unless it has this package. Processes that want it at the
 * same time wait for the one that makes it. */
async function installed(wanted: string, folder: string): Promise<string> {
  const program = join(folder, SCRIPTS, PROGRAM);
  const note = join(folder, "installed.txt");
  await mkdir(dirname(folder), { recursive: true });
  const unlock = await lock(`${folder}.lock`);
  try {
    if ((await textOf(note)) !== wanted || !(await isProgram(program))) {
      await rm(folder, { recursive: true, force: true });
      await install(wanted, folder);
      await writeFile(note, wanted);
    }
  } finally {
    await unlock();
  }
  return program;
}

async function install(wanted: string, folder: string): Promise<void> {
  const python = await pythonOf(folder);
  try {
    await run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", wanted]);
  } catch (error) {
    throw new MockportalError(`pip cannot install ${wanted}: ${lastLine(error)}`);
  }
}

/** The Python of a new virtual environment. */
async function pythonOf(folder: string): Promise<string> {
  let reason = "";
  for (const python of PYTHONS) {
    try {
      await run(python, ["-m", "venv", folder]);
      return join(folder, SCRIPTS, `python${SUFFIX}`);
    } catch (error) {
      reason ||= lastLine(error);
    }
  }
  throw new MockportalError(
    `mockportal is not on the PATH, and Python 3.11 or newer is needed to install it (${reason}); ` +
      "set MOCKPORTAL to its path, or give the url of a mock that runs",
  );
}

/** Holds a lock that is a file with the number of its process; one that was left by a dead process is taken over. */
async function lock(file: string): Promise<() => Promise<void>> {
  for (;;) {
    try {
      const held = await open(file, "wx");
      await held.writeFile(String(process.pid));
      await held.close();
      return () => rm(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const owner = Number(await textOf(file));
    if (owner && !isAlive(owner)) await rm(file, { force: true });
    else await pause(POLL_MILLISECONDS);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(() => true, () => false);
}

async function textOf(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}

function lastLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  return (stderr?.trim() || message.trim()).split("\n").at(-1) ?? "";
}
