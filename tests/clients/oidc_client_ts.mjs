// `oidc-client-ts` at the provider and at managed login: node oidc_client_ts.mjs BASE_URL. It has no secret.
import { createRequire } from "node:module";
import { CALLBACK, failure, servers } from "./single_sign_on.mjs";

const require = createRequire(`${process.cwd()}/`);
const { InMemoryWebStorage, OidcClient, WebStorageStateStore } = require("oidc-client-ts");
const seen = {};

for (const [name, { issuer, client, walk }] of Object.entries(servers(process.argv[2]))) {
  const store = new InMemoryWebStorage();
  const oidc = new OidcClient({
    authority: issuer,
    client_id: client,
    redirect_uri: CALLBACK,
    post_logout_redirect_uri: "https://mein.sw-musterau.test/login",
    scope: "openid email",
    loadUserInfo: true,
    stateStore: new WebStorageStateStore({ store }),
  });
  const request = await oidc.createSigninRequest({});
  const back = await walk(new URL(request.url));
  const kept = new Map([...Array(store.length).keys()].map((n) => [store.key(n), store.getItem(store.key(n))]));
  const restore = () => kept.forEach((value, key) => store.setItem(key, value));
  const forged = () => kept.forEach((value, key) =>
    store.setItem(key, JSON.stringify({ ...JSON.parse(value), code_verifier: "w".repeat(50) })));

  forged();
  const wrongVerifier = await failure(() => oidc.processSigninResponse(back));
  restore();
  const answer = await oidc.processSigninResponse(back);
  const { refresh_token, id_token, scope, profile } = answer;
  const renewed = await oidc.useRefreshToken({ state: { refresh_token, id_token, scope, profile } });
  restore();
  const leave = await oidc.createSignoutRequest({ id_token_hint: id_token, client_id: client });
  seen[name] = {
    wrongVerifier,
    email: answer.profile.email,
    refreshed: typeof renewed.access_token,
    replayed: await failure(() => oidc.processSigninResponse(back)),
    left: (await fetch(leave.url, { redirect: "manual" })).headers.get("location"),
  };
}
console.log(JSON.stringify(seen));
