/** Isolated worlds of the Portal API for tests, in any runner. */

export { type Control, MockportalError } from "./control.js";
export { findOrInstall, type InstallationOptions } from "./installation.js";
export { Mockportal, type MockportalOptions, startMockportal } from "./server.js";
export type {
  Entry,
  EntryChoice,
  Explanation,
  Held,
  Journal,
  Json,
  Mail,
  Outbox,
  ProgramKind,
  Rules,
  Time,
  WholeEntry,
  WorldClock,
} from "./views.js";
export type { Moment, PatchStep, Verdict, World, WorldOptions } from "./world.js";
