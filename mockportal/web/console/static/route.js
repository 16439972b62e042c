// Addresses inside the console: #/WORLD/VIEW/part/part?name=value

export function parsed(hash = location.hash) {
  const [path, query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [world = "", view = "", ...parts] = path.split("/").map(decodeURIComponent);
  return { world: world || "main", view: view || "now", parts: parts.filter(Boolean), query: new URLSearchParams(query) };
}

export function address(world, view, parts = [], query = {}) {
  const path = [world, view, ...parts].map((part) => encodeURIComponent(part)).join("/");
  const kept = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const text = new URLSearchParams(kept).toString();
  return `#/${path}${text ? `?${text}` : ""}`;
}

/** The same for the world that is shown. */
export const here = (view, parts, query) => address(parsed().world, view, parts, query);

export const go = (hash) => {
  location.hash = hash;
};

/** Changes the address without a step in the history. */
export const replace = (hash) => {
  history.replaceState(null, "", hash);
};
