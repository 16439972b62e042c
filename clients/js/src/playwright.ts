/** Fixtures for Playwright: a world for each test, which its pages and their servers are led to. */

import { randomUUID } from "node:crypto";
import { type BrowserContext, test as base, type TestInfo } from "@playwright/test";
import { MockportalError } from "./control.js";
import { join, type PageOptions } from "./pages.js";
import { type Mockportal, type MockportalOptions, startMockportal } from "./server.js";
import { type Entry, isRequest } from "./views.js";
import type { World, WorldOptions } from "./world.js";

export { expect } from "@playwright/test";

/** What a test wants of its world. */
export interface PortalOptions extends WorldOptions, PageOptions {}

/** The world of a test. */
export interface Portal extends World {
  /** Leads the pages of another browser context here as well, and moves their clock. */
  join(context: BrowserContext): Promise<void>;
}

export interface PortalFixtures {
  portalOptions: PortalOptions;
  portal: Portal;
}

export interface MockportalFixtures {
  mockportalOptions: MockportalOptions;
  mockportal: Mockportal;
}

const LONGEST_NAME = 63;
const ATTACHED_ENTRIES = 200;

export const test = base.extend<PortalFixtures, MockportalFixtures>({
  mockportalOptions: [{}, { option: true, scope: "worker" }],
  mockportal: [
    async ({ mockportalOptions }, use) => {
      const mock = await startMockportal(mockportalOptions);
      await use(mock);
      await mock.close();
    },
    { scope: "worker", timeout: 300_000 }, // the first run may have to install it
  ],
  portalOptions: [{}, { option: true }],
  portal: async ({ mockportal, portalOptions, baseURL }, use, testInfo) => {
    const { pages = [], instead = [], baggage = true, browserClock = true, ...options } = portalOptions;
    const world = await mockportal.world(nameOf(testInfo), options);
    const leave: (() => void)[] = [];
    const where = { pages: baseURL === undefined ? pages : [baseURL, ...pages], instead, baggage, browserClock };
    const joined = async (context: BrowserContext) => {
      const unfollow = await join(context, world, mockportal.url, where);
      context.once("close", unfollow);
      leave.push(unfollow);
    };
    await use(Object.assign(world, { join: joined }));
    for (const unfollow of leave) unfollow();
    if (testInfo.status !== testInfo.expectedStatus) await attachStory(world, testInfo);
    await world.close();
  },
  context: async ({ context, portal }, use) => {
    await portal.join(context);
    await use(context);
  },
});

/** `reading-is-refused-1f0c2a9b`: tells the test, and no other test or run has it. */
function nameOf({ title }: TestInfo): string {
  const digits = randomUUID().slice(0, 8);
  const readable = title.toLowerCase().replace(/[^a-z0-9]+/g, "-").slice(0, LONGEST_NAME - digits.length - 1);
  return `${readable}-${digits}`.replace(/-+/g, "-").replace(/^-/, "");
}

/** Adds to the results of a failed test what happened in its world, and the scenario that replays it. */
async function attachStory(world: World, testInfo: TestInfo): Promise<void> {
  const entries = await world.journal.entries({ limit: ATTACHED_ENTRIES });
  const journal = await Promise.all(entries.map((entry) => told(world, entry)));
  await testInfo.attach("mockportal-journal.json", {
    body: JSON.stringify({ world: world.name, now: await world.clock.now(), entries: journal }, null, 2),
    contentType: "application/json",
  });
  const body = await world.export().catch((error: unknown) => {
    if (error instanceof MockportalError) return `# ${error.message}\n`;
    throw error;
  });
  await testInfo.attach("mockportal-scenario.yaml", { body, contentType: "application/yaml" });
}

/** An exchange whole, with the reason if it was refused. */
async function told(world: World, entry: Entry): Promise<Entry> {
  const whole = await world.journal.entry(entry.n);
  if (!isRequest(entry) || entry.status < 400) return whole;
  return { ...whole, reason: (await world.journal.explain(entry.n)).reason };
}
