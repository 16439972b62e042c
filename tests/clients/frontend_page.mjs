// Runs the TypeScript of docs/frontend.md: node frontend_page.mjs BASE_URL. The standard input is
// {name: [snippet, what is added to it]}; prints {name: what the module exports by default}.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(`${process.cwd()}/`);
const { build } = require("esbuild");
const ROOM = `${process.cwd()}/`;

const exported = async ([snippet, added]) => {
  const { outputFiles: [bundle] } = await build({
    stdin: { contents: `${snippet}\n${added}`, loader: "ts", resolveDir: ROOM },
    banner: { js: `import { createRequire } from "node:module"; const require = createRequire(${JSON.stringify(ROOM)});` },
    define: { "location.host": '"localhost:5173"' },
    bundle: true,
    platform: "node",
    format: "esm",
    write: false,
  });
  return (await import(`data:text/javascript;base64,${Buffer.from(bundle.contents).toString("base64")}`)).default;
};

const seen = {};
for (const [name, parts] of Object.entries(JSON.parse(readFileSync(0)))) seen[name] = await exported(parts);
console.log(JSON.stringify(seen));
