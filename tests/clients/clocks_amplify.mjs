// `aws-amplify` v6 in a world whose clock is not that of the machine: node clocks_amplify.mjs BASE_URL.
import { createRequire } from "node:module";

const require = createRequire(`${process.cwd()}/`);
const { Amplify } = require("aws-amplify");
const { fetchAuthSession, signIn } = require("aws-amplify/auth");

const base = process.argv[2];
const POOL = "eu-central-1_MockEcp01";
Amplify.configure({
  Auth: {
    Cognito: {
      userPoolId: POOL,
      userPoolClientId: "mockecp0client000000000001",
      userPoolEndpoint: `${base}/__services/cognito/${POOL}`,
    },
  },
});

const token = async (options) => (await fetchAuthSession(options)).tokens.idToken.toString();
const status = async (bearer) =>
  (await fetch(`${base}/v2/portal/user`, { headers: { authorization: `Bearer ${bearer}` } })).status;
const advance = (by) =>
  fetch(`${base}/__mockportal/worlds/main/clock/advance`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ by }),
  });
const machineMovesOn = (seconds) => {
  const real = Date;
  globalThis.Date = class extends real {
    constructor(...given) {
      super(...(given.length ? given : [real.now() + seconds * 1000]));
    }
    static now() {
      return real.now() + seconds * 1000;
    }
  };
};

const seen = {};
await signIn({ username: "anna.berger@example.org", password: "Musterau!2026" });
const first = await token();
seen.signedIn = await status(first);
seen.kept = first === (await token());

machineMovesOn(61 * 60);
const second = await token();
seen.refreshed = second !== first;
seen.afterHourOfMachine = await status(second);
seen.keptAgain = second === (await token());

await advance("PT61M");
seen.expired = await status(await token());
const third = await token({ forceRefresh: true });
seen.forced = await status(third);
seen.keptAfterForce = third === (await token());
console.log(JSON.stringify(seen));
