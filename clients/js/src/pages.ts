/** The way from the pages of a browser to a world: their requests to the mock, those of their servers, and their clock. */

import type { BrowserContext, Route } from "@playwright/test";
import type { Time } from "./views.js";
import type { World } from "./world.js";

export interface PageOptions {
  /** Origins of pages whose server calls the mock, apart from that of Playwright's `baseURL`. */
  pages?: string[];
  /** Origins that the mock stands in for: what pages ask there, it answers. */
  instead?: string[];
  /** False tells the servers of pages by the cookie alone. */
  baggage?: boolean;
  /** False leaves the clocks of pages alone. */
  browserClock?: boolean;
}

const SERVED = new Set(["document", "fetch", "xhr"]);
const OWN = /^\/(@|__mockportal(\/|$))/; // names a world, or is about all of them

/** Leads all pages of `context` to `world`, and takes their clock to its time; the result ends the latter. */
export async function join(context: BrowserContext, world: World, mock: string, options: PageOptions): Promise<() => void> {
  const base = new URL(world.url);
  const ours = origins([mock, mock.replace("//127.0.0.1:", "//localhost:")]);
  const instead = origins(options.instead);
  const pages = [...origins(options.pages)].filter((origin) => !ours.has(origin) && !instead.has(origin));
  await context.addCookies(pages.flatMap((origin) => world.cookies(origin)));
  if (options.baggage !== false) await context.route(({ origin }) => pages.includes(origin), (route) => withBaggage(route, world));
  await context.route(({ origin }) => ours.has(origin), (route) => toWorld(route, base));
  await context.route(({ origin }) => instead.has(origin), (route) => answered(route, base));
  return options.browserClock === false ? () => {} : world.clock.follow(movedClock(context));
}

/** Playwright carries headers along redirects, to any origin; a path stays where it is. So the path names the world. */
async function toWorld(route: Route, base: URL): Promise<void> {
  const url = new URL(route.request().url());
  await route.fallback(OWN.test(url.pathname) ? {} : { url: inWorld(url, base) });
}

/** Asks the mock from here, as a browser would not let a request change from https to http. */
async function answered(route: Route, base: URL): Promise<void> {
  const response = await route.fetch({ url: inWorld(new URL(route.request().url()), base), maxRedirects: 0 });
  await route.fulfill({ response });
}

async function withBaggage(route: Route, world: World): Promise<void> {
  const request = route.request();
  if (!SERVED.has(request.resourceType())) return route.fallback();
  const headers = request.headers();
  await route.fallback({ headers: { ...headers, baggage: world.baggage(headers.baggage) } });
}

function inWorld({ pathname, search }: URL, base: URL): string {
  return `${base.origin}${base.pathname}${pathname}${search}`;
}

function origins(addresses: string[] = []): Set<string> {
  return new Set(addresses.map((address) => new URL(address).origin));
}

/** Timers that are due in a stretch of time which the world has skipped fire once, and see the new time. */
function movedClock({ clock }: BrowserContext): (time: Time) => Promise<void> {
  let last: number | undefined;
  return async ({ now, mode }) => {
    const skipped = Math.max(now.getTime() - (last ?? now.getTime()), 0);
    last = now.getTime();
    if (mode === "frozen") await clock.setFixedTime(now);
    if (skipped) await clock.fastForward(skipped);
    if (mode === "ticking") await clock.setSystemTime(now);
  };
}
