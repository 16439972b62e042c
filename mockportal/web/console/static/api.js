// Requests to the control API and to the API itself, and the stream of events.

const BASE = new URL("./", document.baseURI); // …/__mockportal/
const ROOT = new URL("../", BASE);
const TOKEN = "mockportal-control-token";

export const worldAddress = (world) => new URL(`@${world}`, ROOT).href;
export const setControlToken = (token) => sessionStorage.setItem(TOKEN, token);

/** An answer that says no. `isMissing` tells of an endpoint that this server does not have. */
export class Refused extends Error {
  constructor(status, body) {
    super(body?.message ?? `The server answered ${status}.`);
    this.status = status;
    this.body = body ?? {};
    this.isMissing = /^there is no (GET|POST|PUT|PATCH|DELETE) /.test(this.message);
  }
}

function headers(more = {}) {
  const token = sessionStorage.getItem(TOKEN);
  return token ? { authorization: `Bearer ${token}`, ...more } : more;
}

async function reached(path, options) {
  try {
    return await fetch(new URL(path, BASE), options);
  } catch {
    throw new Error("mockportal does not answer. Is mockportal serve still running?");
  }
}

async function answered(method, path, body) {
  const sent = body === undefined ? {} : { "content-type": "application/json" };
  const answer = await reached(path, { method, headers: headers(sent), body: body === undefined ? undefined : JSON.stringify(body) });
  const text = await answer.text();
  const isJson = (answer.headers.get("content-type") ?? "").includes("json");
  if (answer.ok) return isJson && text ? JSON.parse(text) : text;
  if (answer.status === 401) dispatchEvent(new CustomEvent("control-token-needed"));
  throw new Refused(answer.status, isJson ? JSON.parse(text) : { message: text.slice(0, 300) });
}

/** control.get("worlds"), control.post("worlds/main/reset", {…}) */
export const control = Object.fromEntries(
  ["GET", "POST", "PUT", "PATCH", "DELETE"].map((method) => [method.toLowerCase(), (path, body) => answered(method, path, body)]),
);

/** The path of something in a world: inWorld("main", "state", "contact", "anna") */
export const inWorld = (world, ...parts) => ["worlds", world, ...parts].map((part) => encodeURIComponent(part)).join("/");

/** Calls the API itself. The answer has `n`, the number of the entry, unless the browser may not see it. */
export async function call(world, { method, target, headers: given, body }) {
  const options = { method, headers: given, redirect: "manual", credentials: "omit", cache: "no-store" };
  if (body !== undefined && body !== "" && !["GET", "HEAD"].includes(method)) options.body = body;
  const answer = await fetch(`${worldAddress(world)}${target}`, options);
  return {
    status: answer.status,
    n: Number(answer.headers.get("x-mockportal-entry")) || null,
    headers: Object.fromEntries(answer.headers),
    text: answer.type === "opaqueredirect" ? "" : await answer.text(),
  };
}

/** Reads events until `signal` ends it: tell(name, data, id). It is no EventSource, as that cannot send a token. */
export async function readEvents(world, last, tell, signal) {
  const query = new URLSearchParams({ world });
  const answer = await reached(`events?${query}`, { headers: headers(last ? { "last-event-id": last } : {}), signal, cache: "no-store" });
  if (!answer.ok) throw new Refused(answer.status, await answer.json().catch(() => null));
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const event = Object.fromEntries(block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]));
      if (event.data) tell(event.event, JSON.parse(event.data), event.id);
    }
  }
}
