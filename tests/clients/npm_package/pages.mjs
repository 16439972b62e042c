// Two origins: node pages.mjs PORT. At PORT an application that renders in the browser (/app) and one that renders here
// (/rendered?by=cookie, /rendered?by=baggage) and passes on only that header; at PORT + 1 what it was sent.
import { createServer } from "node:http";
import { createRequire } from "node:module";

const { build } = createRequire(`${process.cwd()}/`)("esbuild");
const mock = process.env.MOCKPORTAL_URL;
const port = Number(process.argv[2]);

const APP = `
import { createElement as h, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";

const api = new URLSearchParams(location.search).get("api") ?? ${JSON.stringify(mock)};
const asked = async (path, init = {}) => {
  const headers = { authorization: "Bearer dev-anna", "content-type": "application/json" };
  const response = await fetch(api + path, { ...init, headers });
  return response.ok ? (await response.json()).data : { problem: response.status };
};

function App() {
  const [user, setUser] = useState({});
  const [session, setSession] = useState("signed in");
  const load = async () => setUser(await asked("/v2/portal/user"));
  const speak = async (language) => {
    await asked("/v2/portal/user", { method: "PATCH", body: JSON.stringify({ language }) });
    await load();
  };
  useEffect(() => {
    load();
    const timer = setTimeout(() => setSession("signed out on " + new Date().toISOString()), 15 * 60_000);
    return () => clearTimeout(timer);
  }, []);
  return h("main", null,
    h("h1", null, user.email ?? user.problem),
    h("p", { id: "language" }, user.language),
    h("p", { id: "session" }, session),
    h("button", { onClick: () => speak("en") }, "English"),
    h("button", { onClick: () => speak("fr") }, "Français"));
}

createRoot(document.getElementById("root")).render(h(App));
`;

const { outputFiles: [bundle] } = await build({
  stdin: { contents: APP, resolveDir: process.cwd() },
  define: { "process.env.NODE_ENV": '"production"' },
  bundle: true,
  write: false,
});

const waiting = [];
const send = (response, type, body, headers = {}) => response.writeHead(200, { "content-type": type, ...headers }).end(body);

/** Answers when two have asked. */
function meet(response) {
  waiting.push(response);
  if (waiting.length === 2) for (const one of waiting.splice(0)) send(one, "text/plain", "met", { "access-control-allow-origin": "*" });
}

async function rendered(request, response, by) {
  const headers = { authorization: "Bearer dev-anna", [by]: request.headers[by] ?? "" };
  const answer = await fetch(`${mock}/v2/portal/user`, { headers });
  const { data } = await answer.json();
  send(response, "text/html", `<h1>${data.email}</h1><p id="language">${data.language}</p><p id="world">${answer.headers.get("x-mockportal-world")}</p>`);
}

createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://localhost");
  if (pathname === "/app.js") return send(response, "text/javascript", bundle.text);
  if (pathname === "/app") return send(response, "text/html", '<!doctype html><div id="root"></div><script src="/app.js"></script>');
  if (pathname === "/rendered") return rendered(request, response, searchParams.get("by"));
  if (pathname === "/meet") return meet(response);
  send(response, "text/plain", "ready");
}).listen(port, "127.0.0.1");

createServer((request, response) => {
  const headers = { "access-control-allow-origin": "*", "access-control-allow-headers": "*" };
  send(response, "application/json", JSON.stringify(request.headers), headers);
}).listen(port + 1, "127.0.0.1");
