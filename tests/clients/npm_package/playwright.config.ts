import { defineConfig } from "@playwright/test";
import type { MockportalFixtures, PortalFixtures } from "@mockportal/test/playwright";

const { PAGES_PORT = "", PAGES_SCRIPT = "", CHROMIUM = "" } = process.env;

export default defineConfig<PortalFixtures, MockportalFixtures>({
  testMatch: "portal.spec.ts",
  fullyParallel: true,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["json", { outputFile: "report.json" }]],
  webServer: { command: `node ${PAGES_SCRIPT} ${PAGES_PORT}`, port: Number(PAGES_PORT) },
  use: {
    baseURL: `http://127.0.0.1:${PAGES_PORT}`,
    launchOptions: { executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] },
  },
});
