// `amazon-cognito-identity-js`, unchanged but for `endpoint`: what older frontends do about a sign-in.
import { createRequire } from "node:module";

const require = createRequire(`${process.cwd()}/`);
const { AuthenticationDetails, CognitoUser, CognitoUserAttribute, CognitoUserPool } =
  require("amazon-cognito-identity-js");
const base = process.argv[2];
const POOL = "eu-central-1_MockEcp01";
const ANNA = "anna.berger@example.org";
const OLD = "Musterau!2026";
const NEW = "Neuland#2026";
const THIRD = "Drittland#2026";

const pool = new CognitoUserPool({
  UserPoolId: POOL,
  ClientId: "mockecp0client000000000001",
  endpoint: `${base}/__services/cognito/${POOL}`,
});
const user = (Username) => new CognitoUser({ Username, Pool: pool });

// The library calls back; every way of doing so becomes a promise.
const promised = (start) =>
  new Promise((resolve) => {
    const done = (error, answer) => resolve(error ? error.code : answer);
    const named = { onSuccess: resolve, onFailure: (error) => resolve(error.code), customChallenge: () => resolve("challenge") };
    start({ done, named, resolve });
  });
const entered = (someone, password) => {
  const details = new AuthenticationDetails({ Username: someone.getUsername(), Password: password });
  return promised(({ named }) => someone.authenticateUser(details, named));
};
const asked = async (idToken) =>
  (await fetch(`${base}/v2/portal/user`, { headers: { authorization: `Bearer ${idToken}` } })).status;
const newestCode = async () => {
  const { mails } = await (await fetch(`${base}/__mockportal/worlds/main/outbox`)).json();
  return mails.filter((mail) => mail.code).at(-1).code;
};
const loginAs = async () => {
  const answer = await fetch(`${base}/v2/portal/admin:login-as-user`, {
    method: "POST",
    headers: { authorization: "Bearer dev-admin", "content-type": "application/json" },
    body: JSON.stringify({ email: ANNA, origin: "END_CUSTOMER_PORTAL" }),
  });
  return (await answer.json()).login_as_token;
};

const seen = {};
seen.wrong = await entered(user(ANNA), "Wrong!2026");
seen.unconfirmed = await entered(user("nadia.haddad@example.org"), OLD);
seen.unknown = await entered(user("nobody@example.org"), OLD);
const anna = user(ANNA);
const session = await entered(anna, OLD);
seen.valid = session.isValid();
seen.portal = await asked(session.getIdToken().getJwtToken());
const renewed = await promised(({ done }) => anna.refreshSession(session.getRefreshToken(), done));
seen.refreshed = renewed.getIdToken().getJwtToken() !== session.getIdToken().getJwtToken();
const nickname = new CognitoUserAttribute({ Name: "nickname", Value: "Anni" });
seen.updated = await promised(({ done }) => anna.updateAttributes([nickname], done));
const attributes = await promised(({ done }) => anna.getUserAttributes(done));
seen.attributes = attributes.filter((one) => ["email", "nickname"].includes(one.Name)).map((one) => one.Value);
seen.wrongOld = await promised(({ done }) => anna.changePassword("x", NEW, done));
seen.changed = await promised(({ done }) => anna.changePassword(OLD, NEW, done));
seen.oldPassword = await entered(user(ANNA), OLD);
seen.newPassword = (await entered(user(ANNA), NEW)).isValid();
const forgetful = user(ANNA);
seen.forgot = await promised(({ named, resolve }) =>
  forgetful.forgotPassword({ ...named, inputVerificationCode: (sent) => resolve(sent.CodeDeliveryDetails.Destination) }),
);
seen.wrongCode = await promised(({ named }) => forgetful.confirmPassword("000000", THIRD, named));
const code = await newestCode();
seen.reset = await promised(({ named }) => forgetful.confirmPassword(code, THIRD, named));
const last = await entered(anna, THIRD);
const kept = last.getIdToken().getJwtToken();
seen.beforeGlobal = await asked(kept);
seen.globalSignOut = await promised(({ named }) => anna.globalSignOut(named));
seen.afterGlobal = await asked(kept);
const stranger = user(ANNA);
stranger.setAuthenticationFlowType("CUSTOM_AUTH");
const details = new AuthenticationDetails({ Username: ANNA });
seen.custom = await promised(({ named }) => stranger.initiateAuth(details, named));
const answer = await loginAs();
const impersonated = await promised(({ named }) => stranger.sendCustomChallengeAnswer(answer, named));
seen.impersonator = impersonated.getIdToken().payload["custom:impersonator"];

console.log(JSON.stringify(seen));
