// `openid-client` v6 at the provider and at managed login: node openid_client.mjs BASE_URL. Signatures are checked.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { CALLBACK, failure, servers } from "./single_sign_on.mjs";

const require = createRequire(`${process.cwd()}/`);
const oidc = await import(pathToFileURL(require.resolve("openid-client")));
const execute = [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks];
const seen = {};

for (const [name, { issuer, client, secret, walk }] of Object.entries(servers(process.argv[2]))) {
  const config = await oidc.discovery(new URL(issuer), client, secret, undefined, { execute });
  const start = async (verifier) => {
    const given = {
      redirect_uri: CALLBACK,
      scope: "openid email",
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    };
    const back = new URL(await walk(oidc.buildAuthorizationUrl(config, given)));
    const checks = { expectedState: given.state, expectedNonce: given.nonce, idTokenExpected: true };
    return { back, checks };
  };
  const verifier = oidc.randomPKCECodeVerifier();
  const { back, checks } = await start(verifier);
  const grant = (pkceCodeVerifier) => oidc.authorizationCodeGrant(config, back, { ...checks, pkceCodeVerifier });
  const wrongVerifier = await failure(() => grant(oidc.randomPKCECodeVerifier()));
  const tokens = await grant(verifier);
  const info = await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
  const renewed = await oidc.refreshTokenGrant(config, tokens.refresh_token);
  seen[name] = {
    wrongVerifier,
    email: [tokens.claims().email, info.email],
    refreshed: typeof renewed.access_token,
    replayed: await failure(() => grant(verifier)),
    afterReplay: await failure(() => oidc.refreshTokenGrant(config, tokens.refresh_token)),
  };
}

const { provider } = servers(process.argv[2]);
for (const [name, authentication] of [
  ["basic", oidc.ClientSecretBasic(provider.secret)],
  ["post", oidc.ClientSecretPost(provider.secret)],
  ["none", oidc.None()],
  ["wrong", oidc.ClientSecretBasic("wrong")],
]) {
  const config = await oidc.discovery(new URL(provider.issuer), provider.client, undefined, authentication, { execute });
  const verifier = oidc.randomPKCECodeVerifier();
  const code_challenge = await oidc.calculatePKCECodeChallenge(verifier);
  const given = { redirect_uri: CALLBACK, scope: "openid", code_challenge, code_challenge_method: "S256" };
  const back = new URL(await provider.walk(oidc.buildAuthorizationUrl(config, given)));
  seen[name] = await failure(() => oidc.authorizationCodeGrant(config, back, { pkceCodeVerifier: verifier }));
}

const implicit = await oidc.discovery(new URL(provider.issuer), provider.client, undefined, oidc.None(), { execute });
oidc.useIdTokenResponseType(implicit);
const nonce = oidc.randomNonce();
const url = oidc.buildAuthorizationUrl(implicit, { redirect_uri: CALLBACK, scope: "openid", nonce });
const claims = await oidc.implicitAuthentication(implicit, new URL(await provider.walk(url)), nonce);
seen.implicit = claims.email;

const leave = oidc.buildEndSessionUrl(implicit, { post_logout_redirect_uri: "https://mein.sw-musterau.test/login" });
seen.left = (await fetch(leave, { redirect: "manual" })).headers.get("location");
console.log(JSON.stringify(seen));
