// A JSON Patch as people read it: which record, which attribute, from what to what.

import { control, inWorld } from "./api.js";
import { empty, failed, h, json } from "./dom.js";
import { here } from "./route.js";

const MOST = 300;
const NAMES = { add: "new", remove: "gone", replace: "changed", move: "moved", copy: "copied" };
const unescaped = (step) => step.replaceAll("~1", "/").replaceAll("~0", "~");
const LONG = 200; // characters of a value that is folded

/** A value as `del` or `ins`; a long one is folded. */
function valued(tag, value) {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (text.length <= LONG) return h(tag, {}, text);
  return h("details", {}, h("summary", {}, tag === "ins" ? "the new value" : "the old value"), json(value));
}

const followed = (record, steps) => steps.reduce((value, step) => (value === undefined || value === null ? undefined : value[step]), record);

/** What changed from one moment to another; without `to`, until now. */
export async function changes(world, from, to) {
  const query = new URLSearchParams({ from, ...(to === undefined ? {} : { to }) });
  try {
    const { patch } = await control.get(`${inWorld(world, "diff")}?${query}`);
    if (!patch.length) return empty("Nothing changed", "The records are the same before and after.");
    return patchList(patch, await oldRecords(world, patch, from));
  } catch (error) {
    return failed(error);
  }
}

/** The operations of a patch; `old` holds the records before it, by `kind/name`. */
export function patchList(patch, old = new Map()) {
  const rows = patch.slice(0, MOST).map((operation) => row(operation, old));
  return h("div", { class: "stack" }, h("ol", { class: "patch" }, rows), patch.length > MOST && h("p", { class: "soft" }, `and ${patch.length - MOST} more`));
}

async function oldRecords(world, patch, at) {
  const wanted = new Set(patch.filter((one) => one.op !== "add").map((one) => one.path.split("/").slice(1, 3).join("/")));
  const read = async (path) => {
    const [kind, name] = path.split("/").map(unescaped);
    if (!name) return [path, undefined];
    const found = await control.get(`${inWorld(world, "collections", kind, name)}?at=${at}`).catch(() => null);
    return [path, found?.record];
  };
  return new Map(await Promise.all([...wanted].slice(0, 30).map(read)));
}

function row(operation, old) {
  const [kind, name, ...steps] = operation.path.split("/").slice(1).map(unescaped);
  const record = old.get(operation.path.split("/").slice(1, 3).join("/"));
  const before = followed(record, steps);
  return h("li", {},
    h("span", {}, h("span", { class: `tag ${{ add: "good", remove: "bad" }[operation.op] ?? "moved"}` }, NAMES[operation.op] ?? operation.op)),
    h("span", { class: "any" }, name ? h("a", { href: here("state", [kind, name]) }, `${kind}/${name}`) : kind, steps.length > 0 && ` · ${steps.join(" · ")}`),
    h("span", { class: "values" },
      before !== undefined && operation.op !== "add" && valued("del", before),
      operation.value !== undefined && valued("ins", operation.value)));
}
