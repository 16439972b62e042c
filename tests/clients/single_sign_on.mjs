// The way of a browser through the pages of the two authorization servers, for the scripts that test clients.
export const CALLBACK = "https://mein.sw-musterau.test/sso/callback";
export const servers = (base) => ({
  provider: {
    issuer: `${base}/__services/oidc/musterau-id`,
    client: "musterau-portal",
    secret: "not-a-real-secret",
    walk: async (url) => {
      url.searchParams.set("login_hint", "lea.winter@example.org");
      return location(await fetch(url, { redirect: "manual" }));
    },
  },
  pool: {
    issuer: `${base}/__services/cognito/eu-central-1_MockEcp01`,
    client: "mockecp0client000000000001",
    walk: async (url) => {
      const login = new URL(location(await fetch(url, { redirect: "manual" })));
      const body = new URLSearchParams(login.search);
      body.set("username", "anna.berger@example.org");
      body.set("password", "Musterau!2026");
      login.search = "";
      return location(await fetch(login, { method: "POST", body, redirect: "manual" }));
    },
  },
});

const location = (response) => response.headers.get("location");

// The code of the error that `work` ends with; the status of an answer that challenges the client.
export const failure = async (work) => {
  try {
    await work();
    return "none";
  } catch (error) {
    return error.error ?? error.status ?? String(error);
  }
};
