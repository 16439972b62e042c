// A small customer portal, written as docs/frontend.md says. `MOCK` is the address of the mock.
import { authorize, getClient } from "@epilot/sdk/customer-portal";
import { Amplify } from "aws-amplify";
import { confirmSignIn, fetchAuthSession, signIn, signOut } from "aws-amplify/auth";

const domain = location.host;
const returnAddress = `${location.origin}/sso/callback`;
const element = (id) => document.getElementById(id);
const idToken = async (options) => (await fetchAuthSession(options)).tokens?.idToken?.toString() ?? "";

const client = getClient();
client.defaults.baseURL = MOCK;

const { data: config } = await client.getPortalConfigByDomain({ domain });
const pool = config.cognito_details;

Amplify.configure({
  Auth: {
    Cognito: {
      userPoolId: pool.cognito_user_pool_id,
      userPoolClientId: pool.cognito_user_pool_client_id,
      userPoolEndpoint: `${MOCK}/__services/cognito/${pool.cognito_user_pool_id}`,
    },
  },
});

authorize(client, () => idToken());

const shown = (signedIn) => {
  element("signed-in").hidden = !signedIn;
  element("signed-out").hidden = signedIn;
};

const added = (list, child) => {
  const item = document.createElement("li");
  item.append(child);
  element(list).append(item);
};

const enter = async () => {
  const { data: user } = await client.getPortalUser();
  const { data: contracts } = await client.getAllContracts();
  element("user").textContent = user.data.email;
  contracts.data.forEach((contract) => added("contracts", contract.contract_number));
  element("upload").dataset.contract = contracts.data[0]?._id ?? "";
  shown(true);
};

const leave = async () => {
  await signOut();
  ["contracts", "files"].forEach((list) => element(list).replaceChildren());
  shown(false);
};

const enterWithPassword = async () => {
  const { email, password } = Object.fromEntries(new FormData(element("signed-out")));
  await signIn({ username: email, password });
  await enter();
};

const enterWithToken = async ({ email, token }) => {
  await signIn({ username: email, options: { authFlowType: "CUSTOM_WITHOUT_SRP" } });
  await confirmSignIn({ challengeResponse: token });
  await enter();
};

const upload = async (file) => {
  const address = await fetch(`${MOCK}/__services/files/upload-url`, {
    method: "POST",
    headers: { authorization: `Bearer ${await idToken()}`, "content-type": "application/json" },
    body: JSON.stringify({ filename: file.name, mime_type: file.type, size_bytes: file.size }),
  });
  const { upload_url, s3ref } = await address.json();
  const put = await fetch(upload_url, { method: "PUT", headers: { "content-type": file.type }, body: file });
  const refusal = await put.text();
  if (!put.ok) throw new Error(refusal);
  const entity_id = element("upload").dataset.contract;
  await client.saveEntityFile(null, { entity_id, entity_type: "contract", files: [{ filename: file.name, s3ref }] });
  const { data: files } = await client.getAllFiles({ from: 0, size: 100, entity_ids: [entity_id] });
  const saved = files.results.find((one) => one.filename === file.name);
  const preview = document.createElement(file.type.startsWith("image/") ? "img" : "iframe");
  preview.addEventListener("load", () => { preview.dataset.shown = file.name; });
  preview.src = saved.public_url;
  added("files", preview);
};

const base64url = (bytes) =>
  btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

// A provider that posts its answer posts it to the API, which sends the browser on to this page.
const returnAddressOf = ({ metadata }) =>
  metadata.response_modes_supported?.includes("form_post")
    ? { response_mode: "form_post", redirect_uri: `${MOCK}/v2/portal/public/sso/redirect?web_uri=${returnAddress}` }
    : { redirect_uri: returnAddress };

const goToProvider = async (provider_slug) => {
  const { data: provider } = await client.getSSOProvider({ provider_slug, domain });
  const { client_id, scope, metadata } = provider.oidc_config;
  const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
  const state = base64url(crypto.getRandomValues(new Uint8Array(16)));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  sessionStorage.setItem("sso", JSON.stringify({ provider_slug, state, verifier }));
  const url = new URL(metadata.authorization_endpoint);
  url.search = new URLSearchParams({
    response_type: "code",
    client_id,
    scope,
    state,
    ...returnAddressOf(provider.oidc_config),
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: "S256",
  });
  location.assign(url);
};

const comeBack = async () => {
  const answer = new URLSearchParams(location.search);
  const { provider_slug, state, verifier } = JSON.parse(sessionStorage.getItem("sso"));
  history.replaceState(null, "", "/");
  if (answer.get("state") !== state) throw new Error("this answer belongs to another sign-in");
  const { data: { oidc_config } } = await client.getSSOProvider({ provider_slug, domain });
  const { data: tokens } = await client.ssoCallback({ domain }, {
    provider_slug,
    token_endpoint: oidc_config.metadata.token_endpoint,
    grant_type: "authorization_code",
    code: answer.get("code"),
    redirect_uri: returnAddressOf(oidc_config).redirect_uri,
    client_id: oidc_config.client_id,
    code_verifier: verifier,
  });
  authorize(client, tokens.id_token);
  const { data: login } = await client.ssoLoginV3({ domain }, { provider_slug });
  authorize(client, () => idToken());
  await enterWithToken(login);
};

// A problem is shown on the page, so that the console has only what the browser itself complains about.
const step = (work) => async (event) => {
  event?.preventDefault();
  try {
    await work(event);
  } catch (error) {
    element("problem").textContent = `${error.name}: ${error.message}`;
  }
};

for (const provider of config.identity_providers) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = provider.display_name;
  button.addEventListener("click", step(() => goToProvider(provider.slug)));
  element("signed-out").append(button);
}
element("signed-out").addEventListener("submit", step(enterWithPassword));
element("upload").addEventListener("change", step((event) => upload(event.target.files[0])));
element("leave").addEventListener("click", step(leave));

if (location.pathname === "/sso/callback") await step(comeBack)();
else if (await idToken()) await step(enter)();
else shown(false);
