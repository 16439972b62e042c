"""Requests that no honest client sends: always the protocol's own refusal, and nothing secret in the journal."""

import base64
import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from mockportal.engine import signing
from mockportal.engine.call import Request
from mockportal.engine.world import World
from mockportal.mock import Mock
from mockportal.web.app import create_app
from tests.portal.openid.test_managed_login import asked as asked_of_pool
from tests.portal.openid.test_managed_login import code_of as pool_code
from tests.portal.openid.test_provider import asked, code_of
from tests.support.browser import BASE, FORM, Browser, body_of, fields_of, sent_to
from tests.support.pool_client import ANNA, CUSTOMERS, CUSTOMERS_CLIENT, PASSWORD

ISSUER = f"{BASE}/__services/oidc/musterau-id"
POOL = f"{BASE}/__services/cognito/{CUSTOMERS}"
PATHS = (
    "oidc/musterau-id/authorize", "oidc/musterau-id/token", "oidc/musterau-id/userinfo",
    "oidc/musterau-id/logout", "oidc/musterau-id/.well-known/openid-configuration", "oidc/%FF/token", "oidc/",
    f"cognito/{CUSTOMERS}/oauth2/authorize", f"cognito/{CUSTOMERS}/oauth2/token", f"cognito/{CUSTOMERS}/login",
    f"cognito/{CUSTOMERS}/oauth2/userInfo", f"cognito/{CUSTOMERS}/oauth2/revoke", f"cognito/{CUSTOMERS}/logout",
    "cognito/%00/oauth2/token", "mail", "mail/%2F..%2F", "mail/%C3%28",
)  # fmt: skip
NAMES = (
    "client_id", "client_secret", "redirect_uri", "response_type", "response_mode", "state", "nonce", "scope",
    "code", "code_verifier", "code_challenge", "code_challenge_method", "grant_type", "refresh_token", "token",
    "prompt", "login_hint", "username", "password", "new_email", "id_token_hint", "post_logout_redirect_uri",
    "logout_uri", "request", "access_token",
)  # fmt: skip
VALUES = (
    "musterau-portal", CUSTOMERS_CLIENT, "https://mein.sw-musterau.test/sso/callback", "http://localhost:1/",
    "code", "id_token", "id_token token", "query", "fragment", "form_post", "none", "login", "openid", "S256",
    "plain", "v" * 50, "authorization_code", "refresh_token", ANNA, PASSWORD, "not-a-real-secret", "sso-code-lea",
    "confirm-nadia", "refresh-anna", "", "\0", "\ud7ff\uffff", "<script>", "a" * 5_000, "http://[", "//", "\r\nX: y",
    "eyJhbGciOiJub25lIn0.e30.", "💧", "%", "{{7*7}}", "'; --", "javascript:alert(1)",
)  # fmt: skip
HEADERS = (
    "", "Basic", "Basic !!!", "Basic bXVzdGVyYXUtcG9ydGFs", "Bearer", "Bearer a.b.c", "Bearer sso-code-lea",
    f"Basic {base64.b64encode(bytes(range(256))).decode()}", "Basic bXVzdGVyYXUtcG9ydGFsOm5vdC1hLXJlYWwtc2VjcmV0",
)  # fmt: skip


def requests(chance: random.Random) -> Iterator[Request]:
    """Bad requests without end, the same ones every time."""
    while True:
        count = chance.choice((0, 2, 5, 9, 120))
        pairs = [f"{quote(chance.choice(NAMES))}={quote(chance.choice(VALUES))}" for _ in range(count)]
        text = "&".join(pairs) if chance.random() < 0.95 else bytes(chance.randbytes(40)).decode("latin-1")
        method = chance.choice(("GET", "POST", "POST", "HEAD", "PUT"))
        headers = {
            **FORM,
            "authorization": chance.choice(HEADERS),
            "cookie": f"mockportal-provider={quote(chance.choice(VALUES))}",
        }
        body = text.encode("utf-8", "replace") if method == "POST" else b""
        query = "" if method == "POST" else text.encode("ascii", "replace").decode()
        yield Request(method, f"/__services/{chance.choice(PATHS)}", query, headers, body, base_url=BASE)


def test_thousands_of_bad_requests_break_nothing(mock: Mock, world: World) -> None:
    chance, seen = random.Random(11), set()
    for _, request in zip(range(4_000), requests(chance), strict=False):
        reply = mock.engine.serve(request.path.split("/")[2], request, world).reply
        for name, value in reply.headers.items():
            assert "\n" not in f"{name}{value}"
            assert value.isascii()
        seen.add(reply.status)

    assert seen <= {200, 302, 400, 401, 404, 405}


@pytest.mark.parametrize("algorithm", ["none", "HS256", "foreign key"])
def test_forged_access_token_reads_no_attributes(browser: Browser, algorithm: str) -> None:
    claims = {"iss": POOL, "token_use": "access", "sub": "x", "scope": "openid", "exp": 2**40}
    real = signing.sign(claims)
    header, payload, _ = real.split(".")
    if algorithm != "foreign key":
        header = base64.urlsafe_b64encode(f'{{"alg":"{algorithm}"}}'.encode()).rstrip(b"=").decode()
    forged = f"{header}.{payload}.{'' if algorithm == 'none' else 'AAAA'}"

    for address in (f"{POOL}/oauth2/userInfo", f"{ISSUER}/userinfo"):
        answer = browser.get(address, authorization=f"Bearer {forged}")
        assert body_of(answer, 401)["error"] == "invalid_token"


def test_tokens_of_one_provider_or_pool_are_nothing_to_another(browser: Browser) -> None:
    other = "/__services/oidc/apple-like/token"
    given = {"grant_type": "authorization_code", "redirect_uri": "https://mein.sw-musterau.test/sso/callback"}
    own, pool = code_of(browser), pool_code(browser)

    for code in (own, pool, "confirm-nadia", "invite-emilia"):
        answer = browser.post(other, {**given, "client_id": "test.sw-musterau.mein", "code": code})
        assert body_of(answer, 400)["error"] == "invalid_grant"
    answer = browser.post(f"{POOL}/oauth2/token", {**given, "client_id": CUSTOMERS_CLIENT, "code": own})
    assert body_of(answer, 400)["error"] == "invalid_grant"


def test_repeated_parameter_and_megabyte_of_text_are_refused(browser: Browser) -> None:
    repeated = browser.get(f"{asked()}&state=again")
    long = browser.post(f"{ISSUER}/token", {"grant_type": "x" * 1_000_000})
    json = browser.post(f"{ISSUER}/token", {}, **{"content-type": "application/json"})

    assert (repeated.status, "Location" in repeated.headers) == (400, False)
    assert body_of(long, 400)["error"] == body_of(json, 400)["error"] == "invalid_request"


@pytest.mark.anyio
async def test_journal_shows_no_password_code_secret_or_token(mock: Mock) -> None:
    transport = httpx.ASGITransport(create_app(mock))
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:

        async def tokens_of(address: str, given: dict[str, str], **more: Any) -> list[str]:
            answer = (await client.post(address, data=given, **more)).json()
            return [answer[name] for name in ("access_token", "refresh_token", "id_token")]

        reply = await client.get(asked(login_hint="lea.winter@example.org"))
        code = httpx.URL(reply.headers["location"]).params["code"]
        posted = (await client.get(asked(login_hint=ANNA, response_mode="form_post"))).text
        implicit = (await client.get(asked(login_hint=ANNA, response_type="id_token token"))).headers[
            "location"
        ]
        callback = "https://mein.sw-musterau.test/sso/callback"
        given = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": callback,
            "code_verifier": "v" * 50,
        }
        tokens = await tokens_of(f"{ISSUER}/token", given, auth=("musterau-portal", "not-a-real-secret"))
        page = await client.get((await client.get(asked_of_pool())).headers["location"])
        assert page.status_code == 200
        login = {"username": ANNA, "password": PASSWORD}
        query = httpx.URL(asked_of_pool()).params
        back = await client.post(f"{POOL}/login", data={**query, **login})
        code_of_pool = httpx.URL(back.headers["location"]).params["code"]
        given |= {"code": code_of_pool, "client_id": CUSTOMERS_CLIENT, "redirect_uri": query["redirect_uri"]}
        more = await tokens_of(f"{POOL}/oauth2/token", given)
        listed = (await client.get("/__mockportal/worlds/main/journal")).json()["entries"]
        entries = [(await client.get(f"/__mockportal/worlds/main/journal/{one['n']}")).text for one in listed]

    field = posted.partition('name="code" value="')[2].partition('"')[0]
    fragment = httpx.URL(f"http://x/?{implicit.partition('#')[2]}").params
    secrets = [code, code_of_pool, field, fragment["access_token"], fragment["id_token"], PASSWORD, "v" * 50]
    for secret in (*secrets, "not-a-real-secret", *tokens, *more):
        assert len(secret) > 8
        assert not any(secret in entry for entry in entries)


def test_text_of_a_request_is_only_text_on_a_page(browser: Browser) -> None:
    page = browser.get(asked(state='"><script>alert(1)</script>', login_hint='x@"><script>alert(2)</script>'))

    assert b"<script" not in page.body
    assert fields_of(page)["state"] == '"><script>alert(1)</script>'


def test_head_signs_nobody_in(mock: Mock, world: World, browser: Browser) -> None:
    before = world.state

    path, _, query = asked(login_hint=ANNA).removeprefix(BASE).partition("?")
    mock.engine.serve("oidc", Request("HEAD", path, query, base_url=BASE), world)

    assert world.state is before
    assert sent_to(browser.get(asked(prompt="none")))[1]["error"] == "login_required"
