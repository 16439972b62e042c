import { expect, test } from "@mockportal/test/playwright";

const elsewhere = `http://localhost:${Number(process.env.PAGES_PORT) + 1}/headers`;

for (const [button, language] of [["English", "en"], ["Français", "fr"]] as const) {
  test(`page that speaks ${button} sees its own world`, async ({ page, portal }) => {
    await page.goto("/app");
    await expect(page.locator("h1")).toHaveText("anna.berger@example.org");
    await expect(page.locator("#language")).not.toHaveText(language);
    await page.evaluate(() => fetch("/meet"));

    await page.getByRole("button", { name: button }).click();

    await expect(page.locator("#language")).toHaveText(language);
    const written = await portal.journal.entries({ operation: "updatePortalUser" });
    expect(written.map(({ as, status }) => [as, status])).toEqual([["anna", 200]]);
  });
}

for (const by of ["cookie", "baggage"]) {
  test(`page that is rendered by a server sees its world by ${by}`, async ({ page, portal }) => {
    await fetch(`${portal.url}/v2/portal/user`, {
      method: "PATCH",
      headers: { ...(await portal.headers("anna")), "content-type": "application/json" },
      body: JSON.stringify({ language: "fr" }),
    });

    await page.goto(`/rendered?by=${by}`);

    await expect(page.locator("#language")).toHaveText("fr");
    await expect(page.locator("#world")).toHaveText(portal.name);
  });
}

test.describe("server that is told by the cookie alone", () => {
  test.use({ portalOptions: { baggage: false } });

  test("baggage can be left out", async ({ page }) => {
    await page.goto("/rendered?by=baggage");

    await expect(page.locator("#world")).toHaveText("main");
  });
});

test("clocks of world and browser move together", async ({ page, portal }) => {
  const start = await portal.clock.now();
  await page.goto("/app");
  const browser = () => page.evaluate(() => Date.now());
  expect(await browser()).toBe(start.getTime());
  await expect(page.locator("h1")).toHaveText("anna.berger@example.org");

  const moved = await portal.clock.advance("PT20M");

  expect(moved.getTime() - start.getTime()).toBe(20 * 60_000);
  await expect(page.locator("#session")).toHaveText(`signed out on ${moved.toISOString()}`);
  const other = await page.context().newPage();
  await other.goto("/app");
  expect(await other.evaluate(() => Date.now())).toBe(moved.getTime());
  await portal.rewind(0);
  expect(await browser()).toBe(start.getTime());
});

test.describe("world that ticks", () => {
  test.use({ portalOptions: { scenario: "overdue-invoice", clock: "2026-07-01T00:00:00Z" } });

  test("time goes on in the browser as well", async ({ page, portal }) => {
    await page.goto("/app");

    const set = await portal.clock.set("2026-09-01T00:00:00Z", { ticking: true });

    await expect.poll(() => page.evaluate(() => Date.now())).toBeGreaterThan(set.getTime() + 100);
    expect(await page.evaluate(() => new Date().toISOString())).toMatch(/^2026-09-01T00:00/);
  });
});

test("other origins get no header", async ({ page }) => {
  await page.goto("/app");

  const sent = await page.evaluate(async (url) => (await fetch(url)).json(), elsewhere);

  expect(Object.keys(sent).filter((name) => /mockportal|baggage|cookie/.test(name))).toEqual([]);
});

test("page at localhost asks the same mock", async ({ page, mockportal, portal }) => {
  await page.goto(`/app?api=${mockportal.url.replace("127.0.0.1", "localhost")}`);

  await expect(page.locator("h1")).toHaveText("anna.berger@example.org");
  expect((await portal.journal.last()).operation).toBe("getPortalUser");
});

test.describe("address of the real API", () => {
  test.use({ portalOptions: { instead: ["https://portal-api.example.test"] } });

  test("mock stands in for it", async ({ page, portal }) => {
    await portal.rule({ operation: "getPortalUser", fault: { status: 503 } });

    await page.goto("/app?api=https://portal-api.example.test");

    await expect(page.locator("h1")).toHaveText("503");
  });
});

test("another context joins, and a route of the test goes on", async ({ browser, page, portal }) => {
  const context = await browser.newContext();
  await portal.join(context);
  const other = await context.newPage();
  await page.route("**/v2/portal/user", (route) => route.fallback({ headers: { ...route.request().headers(), authorization: "Bearer dev-mehmet" } }));
  const app = new URL("/app", `http://127.0.0.1:${process.env.PAGES_PORT}`).href;

  await Promise.all([page.goto(app), other.goto(app)]);

  await expect(page.locator("h1")).toHaveText("mehmet.yilmaz@example.org");
  await expect(other.locator("h1")).toHaveText("anna.berger@example.org");
  const moved = await portal.clock.advance("P1D");
  for (const one of [page, other]) expect(await one.evaluate(() => Date.now())).toBe(moved.getTime());
  await context.close();
  await portal.clock.advance("P1D");
  const asked = await portal.journal.entries({ operation: "getPortalUser" });
  expect(asked.map(({ as }) => as).sort()).toEqual(["anna", "mehmet"]);
});

test("test without a page has a world too", async ({ portal }) => {
  const answer = await fetch(`${portal.url}/v2/portal/user`, { headers: await portal.headers("anna") });

  expect(answer.headers.get("x-mockportal-world")).toBe(portal.name);
  expect(portal.name).toMatch(/^test-without-a-page-has-a-world-too-[0-9a-f]{8}$/);
});

test("failure is told", async ({ page, portal }) => {
  await portal.rule({ operation: "getPortalUser", fault: { status: 503 } });
  await page.goto("/app");
  await expect(page.locator("h1")).toHaveText("503");

  expect(await page.locator("h1").textContent()).toBe("anna.berger@example.org");
});
