"""Clients of OpenID Connect that nobody here wrote, at the provider of single sign-on and at managed login."""

from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.clients.test_customer_portal import played
from tests.test_cli import served

CALLBACK = "https://mein.sw-musterau.test/sso/callback"
LOGIN = "https://mein.sw-musterau.test/login"
VERIFIER = "v" * 50


def test_openid_client_signs_in_at_both_servers(node_folder: Path, tmp_path: Path) -> None:
    with served(tmp_path, "--clock", "now") as (url, _):
        seen = played("openid_client.mjs", url, node_folder)

    good = {
        "wrongVerifier": "invalid_grant",
        "refreshed": "string",
        "replayed": "invalid_grant",
        "afterReplay": "invalid_grant",
    }
    assert seen == {
        "provider": {**good, "email": ["lea.winter@example.org"] * 2},
        "pool": {**good, "email": ["anna.berger@example.org"] * 2},
        "basic": "none", "post": "none", "none": "none", "wrong": 401,
        "implicit": "lea.winter@example.org",
        "left": LOGIN,
    }  # fmt: skip


def test_oidc_client_ts_signs_in_at_both_servers(node_folder: Path, tmp_path: Path) -> None:
    with served(tmp_path, "--clock", "now") as (url, _):
        seen = played("oidc_client_ts.mjs", url, node_folder)

    good = {
        "wrongVerifier": "invalid_grant",
        "refreshed": "string",
        "replayed": "invalid_grant",
        "left": LOGIN,
    }
    assert seen == {
        "provider": {**good, "email": "lea.winter@example.org"},
        "pool": {**good, "email": "anna.berger@example.org"},
    }


@pytest.mark.parametrize(
    ("path", "client_id", "secret", "entered", "email"),
    [
        ("oidc/musterau-id", "musterau-portal", "not-a-real-secret", {}, "lea.winter@example.org"),
        ("oidc/apple-like", "test.sw-musterau.mein", "not-a-real-secret", {}, "lea.winter@example.org"),
        (
            "cognito/eu-central-1_MockEcp01", "mockecp0client000000000001", None,
            {"username": "anna.berger@example.org", "password": "Musterau!2026"}, "anna.berger@example.org",
        ),
    ],
)  # fmt: skip
def test_authlib_signs_in(
    tmp_path: Path, path: str, client_id: str, secret: str | None, entered: dict[str, str], email: str
) -> None:
    with served(tmp_path) as (url, _):
        server = httpx.get(f"{url}/__services/{path}/.well-known/openid-configuration").json()
        method = "client_secret_basic" if secret else "none"
        client = OAuth2Session(
            client_id, secret, token_endpoint_auth_method=method, scope="openid email",
            redirect_uri=CALLBACK, code_challenge_method="S256",
        )  # fmt: skip
        address, state = client.create_authorization_url(
            server["authorization_endpoint"], code_verifier=VERIFIER, login_hint=email, nonce="n-1"
        )
        answer = httpx.get(address)
        if entered:
            login = urlsplit(answer.headers["location"])
            fields = {**dict(parse_qsl(login.query)), **entered}
            answer = httpx.post(f"{url}{login.path}", data=fields)
        back = answer.headers["location"]

        def fetched(verifier: str) -> str:
            try:
                client.fetch_token(
                    server["token_endpoint"], authorization_response=back, state=state, code_verifier=verifier
                )
            except OAuthError as error:
                return str(error.error)
            return "none"

        assert fetched("w" * 50) == "invalid_grant"
        assert fetched(VERIFIER) == "none"
        token = dict(client.token)
        keys = KeySet.import_key_set(httpx.get(server["jwks_uri"]).json())
        claims = jwt.decode(token["id_token"], keys, algorithms=["RS256"]).claims
        assert (claims["iss"], claims["aud"], claims["nonce"]) == (server["issuer"], client_id, "n-1")
        assert client.get(server["userinfo_endpoint"]).json()["email"] == claims["email"] == email
        renewed = client.refresh_token(server["token_endpoint"], token["refresh_token"])
        assert renewed["access_token"] != token["access_token"]
        assert fetched(VERIFIER) == "invalid_grant"
