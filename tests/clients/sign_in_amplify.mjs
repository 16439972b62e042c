// `aws-amplify` v6, unchanged but for `userPoolEndpoint`: everything that a frontend does about a sign-in.
import { createRequire } from "node:module";

const require = createRequire(`${process.cwd()}/`);
const { Amplify } = require("aws-amplify");
const {
  confirmResetPassword, confirmSignIn, fetchAuthSession, fetchUserAttributes, resetPassword, signIn, signOut,
  updatePassword, updateUserAttributes,
} = require("aws-amplify/auth");

const base = process.argv[2];
const POOL = "eu-central-1_MockEcp01";
const ANNA = "anna.berger@example.org";
const OLD = "Musterau!2026";
const NEW = "Neuland#2026";
const THIRD = "Drittland#2026";

Amplify.configure({
  Auth: {
    Cognito: {
      userPoolId: POOL,
      userPoolClientId: "mockecp0client000000000001",
      userPoolEndpoint: `${base}/__services/cognito/${POOL}`,
    },
  },
});

const outcome = async (work) => {
  try {
    return await work();
  } catch (error) {
    return error.name;
  }
};
const entered = async (username, password, options) => {
  const answer = await signIn({ username, password, options });
  return answer.nextStep.signInStep;
};
const token = async (options) => (await fetchAuthSession(options)).tokens.idToken;
const asked = async (idToken, path = "/v2/portal/user") =>
  (await fetch(base + path, { headers: { authorization: `Bearer ${idToken}` } })).status;
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
seen.wrong = await outcome(() => entered(ANNA, "Wrong!2026"));
seen.unconfirmed = await outcome(() => entered("nadia.haddad@example.org", OLD));
seen.unknown = await outcome(() => entered("nobody@example.org", OLD));
seen.entered = await outcome(() => entered(ANNA, OLD));
const first = await token();
seen.portal = await asked(first.toString());
const second = await token({ forceRefresh: true });
seen.refreshed = [first.payload.origin_jti === second.payload.origin_jti, first.toString() !== second.toString()];
await updateUserAttributes({ userAttributes: { nickname: "Anni" } });
const attributes = await fetchUserAttributes();
seen.attributes = [attributes.email, attributes.nickname];
seen.wrongOld = await outcome(() => updatePassword({ oldPassword: "x", newPassword: NEW }));
await updatePassword({ oldPassword: OLD, newPassword: NEW });
await signOut();
seen.signedOut = await asked(second.toString());
seen.oldPassword = await outcome(() => entered(ANNA, OLD));
seen.newPassword = await outcome(() => entered(ANNA, NEW));
await signOut();
seen.reset = (await resetPassword({ username: ANNA })).nextStep.resetPasswordStep;
const reset = { username: ANNA, newPassword: THIRD };
seen.wrongCode = await outcome(() => confirmResetPassword({ ...reset, confirmationCode: "000000" }));
await confirmResetPassword({ ...reset, confirmationCode: await newestCode() });
seen.resetPassword = await outcome(() => entered(ANNA, THIRD, { authFlowType: "USER_PASSWORD_AUTH" }));
const kept = await token();
seen.beforeGlobal = await asked(kept.toString());
await signOut({ global: true });
seen.afterGlobal = await asked(kept.toString());
seen.custom = await outcome(() => entered(ANNA, undefined, { authFlowType: "CUSTOM_WITHOUT_SRP" }));
await confirmSignIn({ challengeResponse: await loginAs() });
seen.impersonator = (await token()).payload["custom:impersonator"];
await signOut();
seen.chosen = await outcome(() => entered(ANNA, undefined, { authFlowType: "USER_AUTH" }));
seen.password = (await confirmSignIn({ challengeResponse: "PASSWORD_SRP" })).nextStep.signInStep;
seen.finished = (await confirmSignIn({ challengeResponse: THIRD })).nextStep.signInStep;

console.log(JSON.stringify(seen));
