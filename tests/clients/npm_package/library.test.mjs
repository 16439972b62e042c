// Node's own runner over the packed library. MOCKPORTAL_URL is a mock that runs, STARTABLE a command line (JSON), and WHEEL
// the Python package.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { access } from "node:fs/promises";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { findOrInstall, startMockportal } from "@mockportal/test";

const READING = { meter_id: "432ae6c7-ce16-5b6a-bc4f-9ea81ff97236", value: 24000, source: "ECP" };
const BROKEN = { operation: "getPortalUser", times: 1, fault: { status: 503 } };
let mock;

before(async () => {
  mock = await startMockportal();
});

after(() => mock.close());

const asked = async (world, path, init = {}) => fetch(`${world.url}${path}`, { ...init, headers: { ...await world.headers("anna"), "content-type": "application/json" } });
const changed = (world, language) => asked(world, "/v2/portal/user", { method: "PATCH", body: JSON.stringify({ language }) });
const languageIn = async (world) => (await (await asked(world, "/v2/portal/user")).json()).data.language;

test("worlds do not see each other", async () => {
  const [one, other] = await Promise.all([mock.world("one"), mock.world("other")]);
  const before = await languageIn(other);

  await changed(one, "fr");

  assert.equal(await languageIn(one), "fr");
  assert.equal(await languageIn(other), before);
  assert.notEqual(before, "fr");
  assert.deepEqual(one.baseURLs, { basePath: `${mock.url}/@one`, host: `http://one.localhost:${new URL(mock.url).port}` });
  await Promise.all([one.close(), other.close()]);
});

test("a world begins as it was asked for", async () => {
  const world = await mock.world(undefined, { scenario: "overdue-invoice", clock: "2026-07-01T09:00:00+02:00", seed: 7, rules: [BROKEN] });

  assert.equal((await world.clock.now()).toISOString(), "2026-07-01T07:00:00.000Z");
  assert.equal((await asked(world, "/v2/portal/user")).status, 503);
  assert.equal((await asked(world, "/v2/portal/user")).status, 200);
  assert.deepEqual((await world.rules.list()).map(({ fired }) => fired), [1]);
});

test("the clock is set and moved on", async () => {
  const world = await mock.world();

  await world.clock.set(new Date("2026-08-01T00:00:00Z"));
  const moved = await world.clock.advance("P14D");

  assert.equal(moved.toISOString(), "2026-08-15T00:00:00.000Z");
  assert.deepEqual(await world.clock.time(), { now: moved, mode: "frozen" });
});

test("a token is that of the scenario, or a new one", async () => {
  const world = await mock.world("tokens", { scenario: { extends: "default", tokens: { "dev-lea": "!drop" } } });

  const fresh = await world.token("lea");

  assert.equal(await world.token("anna"), "dev-anna");
  assert.equal(await world.token("dev-anna"), "dev-anna");
  assert.equal(await world.token("dev-admin"), "dev-admin");
  assert.equal(fresh.split(".").length, 3);
  assert.equal(await world.token(fresh), fresh);
  await assert.rejects(world.token("nobody"), { name: "MockportalError", message: /^POST \/worlds\/tokens\/tokens: 4\d\d / });
  assert.deepEqual(await world.headers(), { "X-Mockportal-World": "tokens" });
  assert.deepEqual(world.cookies("http://localhost:3000"), [{ name: "mockportal-world", value: "tokens", url: "http://localhost:3000" }]);
  assert.equal(world.baggage("a=1,mockportal-world=old"), "a=1,mockportal-world=tokens");
});

test("cookie, baggage and headers lead to the world", async () => {
  const world = await mock.world("ways");
  const [cookie] = world.cookies(mock.url);
  const ways = [{ cookie: `${cookie.name}=${cookie.value}` }, { baggage: world.baggage() }, await world.headers()];

  const answers = await Promise.all(ways.map((headers) => fetch(`${mock.url}/v2/portal/user`, { headers })));

  assert.deepEqual(answers.map((answer) => answer.headers.get("x-mockportal-world")), ["ways", "ways", "ways"]);
});

test("the journal tells what was asked, and why it was refused", async () => {
  const world = await mock.world();
  await asked(world, "/v2/portal/metering/reading", { method: "POST", body: JSON.stringify(READING) });
  await world.clock.advance("PT1H");

  const last = await world.journal.last();

  assert.equal(last.operation, "createMeterReading");
  assert.equal(last.request.body.value, 24000);
  assert.deepEqual((await world.journal.entries({ status: "4xx" })).map(({ n }) => n), [last.n]);
  assert.match((await world.journal.explain(last.n)).reason, /less than the one before it/);
  assert.match(await world.journal.code(last.n), /^curl /);
  assert.equal((await world.journal.entry(last.n)).as, "anna");
});

test("mails are read by their codes and links", async () => {
  const world = await mock.world();
  const [{ to, links }] = await world.outbox.mails();

  assert.equal(await world.outbox.linkFor(to), links.at(-1));
  await assert.rejects(world.outbox.codeFor("nobody@example.org"), { name: "MockportalError", message: "the outbox has no mail to nobody@example.org" });
});

test("a world goes back, tells what has changed, and is exported", async () => {
  const world = await mock.world();
  await world.snapshot();
  await changed(world, "fr");
  const changes = await world.diff();

  await world.restore();
  const undone = await world.diff();
  await changed(world, "en");

  assert.ok(changes.some(({ path, value }) => path.endsWith("/language") && value === "fr"));
  assert.deepEqual(undone, []);
  assert.match(await world.export({ minimize: true }), /^extends: default$/m);
  await world.rewind(0);
  assert.deepEqual(await world.diff(), []);
  await world.reset("overdue-invoice");
  assert.equal((await world.verify()).holds, true);
});

test("an exchange is held until it is released", async () => {
  const world = await mock.world();
  await world.rule({ operation: "getPortalUser", hold: "PT20S" });
  const waiting = asked(world, "/v2/portal/user");
  while ((await world.held.list()).length === 0);

  const [{ n }] = await world.held.list();
  await world.held.release(n, { reply: { status: 403, body: { message: "no" } } });

  assert.equal((await waiting).status, 403);
});

test("a refusal has the message of the mock", async () => {
  await mock.world("taken");

  await assert.rejects(mock.world("taken"), { message: "POST /worlds: 409 there is a world 'taken' already" });
  await assert.rejects(mock.world(undefined, { scenario: "defualt" }), { message: /did you mean 'default'/ });
  await assert.rejects(startMockportal({ url: "http://127.0.0.1:9" }), { message: /^no mock answers at http:\/\/127.0.0.1:9: / });
});

test("a mock is started with its flags, and ends", async () => {
  const url = process.env.MOCKPORTAL_URL;
  delete process.env.MOCKPORTAL_URL;
  const command = JSON.parse(process.env.STARTABLE);

  const own = await startMockportal({ command, scenario: "overdue-invoice", clock: "2026-07-01T00:00:00Z", controlToken: "hush" });
  const { scenario, clock } = await own.health();
  const closed = await fetch(`${own.url}/__mockportal/worlds`);
  await own.close();

  assert.deepEqual([scenario, clock.now, closed.status], ["overdue-invoice", "2026-07-01T00:00:00.000Z", 401]);
  await assert.rejects(fetch(own.url));
  await assert.rejects(startMockportal({ command, scenario: "defualt" }), { message: /exit code 2\n.*did you mean 'default'/s });
  await assert.rejects(startMockportal({ command: "no-such-program" }), { message: /no-such-program serve cannot be run/ });
  process.env.MOCKPORTAL_URL = url;
});

test("a mock ends with a program that forgets it", { timeout: 20_000 }, async () => {
  const { MOCKPORTAL_URL: _, ...env } = process.env;
  const script = `import { startMockportal } from "@mockportal/test";
    console.log((await startMockportal({ command: JSON.parse(process.env.STARTABLE) })).url);`;

  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], { env, timeout: 20_000 });

  const answers = () => fetch(stdout.trim()).then(() => true, () => false);
  assert.match(stdout, /^http:/);
  while (await answers()) await pause(50);
});

test("the Python package is installed once where there is none", async () => {
  const { MOCKPORTAL_URL: url, PATH } = process.env;
  delete process.env.MOCKPORTAL_URL;
  process.env.PATH = process.env.ONLY_PYTHON;
  const cache = `${process.cwd()}/environment`;

  const options = { package: process.env.WHEEL, cache };
  const [first, second] = await Promise.all([findOrInstall(options), findOrInstall(options)]);
  const own = await startMockportal(options);
  const { status } = await own.health();
  await own.close();
  Object.assign(process.env, { MOCKPORTAL_URL: url, PATH });

  assert.deepEqual([first, second], [[`${cache}/bin/mockportal`], [`${cache}/bin/mockportal`]]);
  assert.equal(status, "ok");
  await assert.rejects(access(`${cache}.lock`));
});
