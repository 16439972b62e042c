"""The OpenID provider: discovery, the ways through authorize, tokens, claims and the way out."""

import base64
from typing import Any
from urllib.parse import urlencode

import pytest

from mockportal.engine.signing import verified_claims
from mockportal.engine.world import World
from mockportal.mock import Mock
from mockportal.portal.access.provider_grants import s256
from mockportal.testing import Client
from mockportal.values import Record
from tests.support.browser import BASE, Browser, body_of, fields_of, links_of, sent_to, text_of
from tests.support.changes import change, id_of, pass_days, record_of

ISSUER = f"{BASE}/__services/oidc/musterau-id"
CLIENT = "musterau-portal"
SECRET = "not-a-real-secret"
CALLBACK = "https://mein.sw-musterau.test/sso/callback"
LEA = "lea.winter@example.org"
VERIFIER = "v" * 50
DOMAIN = "mein.sw-musterau.test"


def asked(**fields: str) -> str:
    """The address of an authorization request; an empty field is left out."""
    given = {
        "client_id": CLIENT, "redirect_uri": CALLBACK, "response_type": "code", "scope": "openid email",
        "state": "s+/&", "nonce": "n-1", "code_challenge": s256(VERIFIER), "code_challenge_method": "S256",
        **fields,
    }  # fmt: skip
    return f"{ISSUER}/authorize?{urlencode({name: one for name, one in given.items() if one})}"


def code_of(browser: Browser, **fields: str) -> str:
    return sent_to(browser.get(asked(login_hint=LEA, **fields)))[1]["code"]


def redeemed(browser: Browser, code: str, status: int = 200, **fields: str) -> Any:
    given = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "client_id": CLIENT,
        "code_verifier": VERIFIER, **fields,
    }  # fmt: skip
    return body_of(browser.post(f"{ISSUER}/token", {name: one for name, one in given.items() if one}), status)


def basic(client_id: str, secret: str) -> str:
    return f"Basic {base64.b64encode(f'{client_id}:{secret}'.encode()).decode()}"


def test_config_provider_and_discovery_name_the_same_issuer_and_client(
    nobody: Client, browser: Browser, world: World
) -> None:
    named: Record = {"org_id": "500001", "portal_id": id_of(world, "portal/p1")}
    v2 = nobody.call("getPortalConfigByDomain", domain=DOMAIN)["identity_providers"][0]
    v3 = nobody.call("getPublicPortalConfigV3", **named)["identity_providers"][0]
    shown = nobody.call("getSSOProvider", domain=DOMAIN, provider_slug="musterau-id")

    discovery = body_of(browser.get(f"{ISSUER}/.well-known/openid-configuration"))

    configs = [one["oidc_config"] for one in (v2, v3, shown)]
    assert {config["oidc_issuer"] for config in configs} == {discovery["issuer"]} == {ISSUER}
    assert {config["client_id"] for config in configs} == {CLIENT}
    assert configs[0]["metadata"]["token_endpoint"] == discovery["token_endpoint"]
    assert configs[0]["metadata"]["logout_uri"] == discovery["end_session_endpoint"]


def test_discovery_names_the_address_at_which_the_mock_is_reached(mock: Mock, world: World) -> None:
    elsewhere = Browser(mock, world, "http://localhost:9000/@blue")

    document = body_of(elsewhere.get("/__services/oidc/apple-like/.well-known/openid-configuration"))

    assert document["issuer"] == "http://localhost:9000/@blue/__services/oidc/apple-like"
    assert document["jwks_uri"] == f"{document['issuer']}/jwks"


def test_page_offers_every_person_who_may_come(browser: Browser) -> None:
    page = browser.get(asked())

    assert "Lea Winter" in text_of(page)
    assert "anna.berger@example.org" in text_of(page)
    link = next(link for link in links_of(page) if "musterau-id-100107" in link)
    address, answer = sent_to(browser.get(link))
    assert (address, answer["state"]) == (CALLBACK, "s+/&")


def test_page_loads_nothing_and_runs_nothing(browser: Browser) -> None:
    page = browser.get(asked())

    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "script-src 'none'; form-action 'self' https://mein.sw-musterau.test;" in policy
    assert "<script" not in text_of(page)


def test_code_becomes_tokens_with_the_claims_of_the_person(browser: Browser) -> None:
    tokens = redeemed(browser, code_of(browser))

    claims = verified_claims(tokens["id_token"]) or {}
    assert (claims["iss"], claims["aud"], claims["nonce"]) == (ISSUER, CLIENT, "n-1")
    assert (claims["sub"], claims["given_name"]) == ("musterau-id-100107", "Lea")
    assert tokens["scope"] == "openid email"
    info = body_of(browser.get(f"{ISSUER}/userinfo", authorization=f"Bearer {tokens['access_token']}"))
    assert (info["sub"], info["email"]) == (claims["sub"], LEA)


def test_refresh_token_gives_new_tokens_for_the_same_person(browser: Browser) -> None:
    tokens = redeemed(browser, code_of(browser))

    given = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"], "client_id": CLIENT}
    again = body_of(browser.post(f"{ISSUER}/token", given))

    assert again["access_token"] != tokens["access_token"]
    assert (verified_claims(again["id_token"]) or {})["sub"] == "musterau-id-100107"


def test_used_code_is_refused_and_ends_the_tokens_that_it_gave(browser: Browser) -> None:
    code = code_of(browser)
    tokens = redeemed(browser, code)

    refusal = redeemed(browser, code, 400)

    assert refusal["error"] == "invalid_grant"
    info = browser.get(f"{ISSUER}/userinfo", authorization=f"Bearer {tokens['access_token']}")
    assert body_of(info, 401)["error"] == "invalid_token"
    assert info.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    given = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"], "client_id": CLIENT}
    assert body_of(browser.post(f"{ISSUER}/token", given), 400)["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"code_verifier": "w" * 50}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_grant"),
        ({"redirect_uri": "https://mein.sw-musterau.test/other"}, "invalid_grant"),
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_id": "another"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": ""}, "invalid_request"),
    ],
)
def test_refused_exchange_leaves_the_code_good(browser: Browser, fields: Record, error: str) -> None:
    code = code_of(browser)

    refusal = redeemed(browser, code, 400, **fields)

    assert refusal["error"] == error
    assert redeemed(browser, code, client_secret=SECRET)["token_type"] == "Bearer"


@pytest.mark.parametrize("secret", ["a+b %/:c", "a%2Bb%20%25/:c"])
def test_plus_in_a_secret_stays_a_plus(browser: Browser, world: World, secret: str) -> None:
    change(
        world, "organization/500001", {"env": {"IDP_CLIENT_SECRET": {"value": "a+b %/:c", "secret": True}}}
    )
    code = code_of(browser)
    given = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}

    answer = browser.post(
        f"{ISSUER}/token", {**given, "code_verifier": VERIFIER}, authorization=basic(CLIENT, secret)
    )

    assert body_of(answer)["token_type"] == "Bearer"


def test_wrong_secret_in_the_header_is_401_with_a_challenge(browser: Browser) -> None:
    given = {"grant_type": "authorization_code", "code": code_of(browser), "redirect_uri": CALLBACK}

    refusal = browser.post(f"{ISSUER}/token", given, authorization=basic(CLIENT, "wrong"))

    assert body_of(refusal, 401)["error"] == "invalid_client"
    assert refusal.headers["WWW-Authenticate"].startswith("Basic ")


def test_plain_challenge_is_the_verifier_itself(browser: Browser) -> None:
    code = code_of(browser, code_challenge=VERIFIER, code_challenge_method="plain")

    assert redeemed(browser, code)["token_type"] == "Bearer"


def test_implicit_flow_brings_an_id_token_in_the_fragment(browser: Browser) -> None:
    reply = browser.get(asked(response_type="id_token", login_hint=LEA))

    assert "#" in reply.headers["Location"]
    assert "?" not in reply.headers["Location"].partition("#")[0]
    claims = verified_claims(sent_to(reply)[1]["id_token"]) or {}
    assert (claims["email"], claims["nonce"]) == (LEA, "n-1")


def test_id_token_with_an_access_token_carries_its_hash(browser: Browser) -> None:
    answer = sent_to(browser.get(asked(response_type="id_token token", login_hint=LEA)))[1]

    assert "at_hash" in (verified_claims(answer["id_token"]) or {})
    info = browser.get(f"{ISSUER}/userinfo", authorization=f"Bearer {answer['access_token']}")
    assert body_of(info)["email"] == LEA


def test_form_post_posts_the_answer_to_the_client(browser: Browser) -> None:
    page = browser.get(asked(response_mode="form_post", login_hint=LEA))

    assert fields_of(page).keys() == {"code", "state"}
    assert fields_of(page)["state"] == "s+/&"
    assert f'action="{CALLBACK}"' in text_of(page)
    assert "script-src 'sha256-" in page.headers["Content-Security-Policy"]


def test_silent_sign_in_needs_somebody_who_is_signed_in(browser: Browser) -> None:
    first = sent_to(browser.get(asked(prompt="none")))[1]
    browser.get(asked(login_hint=LEA))

    second = sent_to(browser.get(asked(prompt="none")))[1]
    other = sent_to(browser.get(asked(prompt="none", login_hint="anna.berger@example.org")))[1]

    assert (first["error"], first["state"]) == ("login_required", "s+/&")
    assert "code" in second
    assert other["error"] == "login_required"


@pytest.mark.parametrize(
    "fields",
    [
        {"client_id": "another"},
        {"client_id": ""},
        {"redirect_uri": ""},
        {"redirect_uri": "https://evil.test/"},
        {"redirect_uri": "https://mein.sw-musterau.test@evil.test/"},
        {"redirect_uri": "https://evil.test\\@mein.sw-musterau.test/"},
        {"redirect_uri": "javascript://mein.sw-musterau.test/"},
        {"redirect_uri": "http://[::1"},
        {"redirect_uri": "http://localhost:99999/"},
        {"redirect_uri": f"{CALLBACK}\r\nSet-Cookie: a=b"},
        {"redirect_uri": f"{CALLBACK}#top"},
    ],
)
def test_nobody_is_sent_to_an_unknown_place(browser: Browser, fields: Record) -> None:
    reply = browser.get(asked(login_hint=LEA, **fields))

    assert reply.status == 400
    assert "Location" not in reply.headers
    assert "This did not work" in text_of(reply)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"response_type": ""}, "invalid_request"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_type": "magic"}, "unsupported_response_type"),
        ({"response_type": "id_token", "nonce": ""}, "invalid_request"),
        ({"response_type": "id_token", "response_mode": "query"}, "invalid_request"),
        ({"response_mode": "pigeon"}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "dance"}, "invalid_request"),
        ({"code_challenge_method": "S512"}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"request": "x.y.z"}, "request_not_supported"),
    ],
)
def test_refused_request_goes_back_to_the_client(browser: Browser, fields: Record, error: str) -> None:
    address, answer = sent_to(browser.get(asked(**fields)))

    assert (address, answer["error"], answer["state"]) == (CALLBACK, error, "s+/&")


def test_frontend_on_this_machine_may_use_any_port(browser: Browser) -> None:
    reply = browser.get(asked(redirect_uri="http://localhost:4711/cb?a=b", login_hint=LEA))

    assert reply.headers["Location"].startswith("http://localhost:4711/cb?a=b&code=")


def test_sign_out_forgets_the_person_and_goes_back(browser: Browser) -> None:
    tokens = redeemed(browser, code_of(browser))
    given = {
        "id_token_hint": tokens["id_token"],
        "state": "x",
        "post_logout_redirect_uri": "https://mein.sw-musterau.test/login",
    }

    reply = browser.get(f"{ISSUER}/logout?{urlencode(given)}")

    assert sent_to(reply) == ("https://mein.sw-musterau.test/login", {"state": "x"})
    assert sent_to(browser.get(asked(prompt="none")))[1]["error"] == "login_required"


@pytest.mark.parametrize(
    "fields",
    [
        {"post_logout_redirect_uri": "https://evil.test/"},
        {"post_logout_redirect_uri": "https://mein.sw-musterau.test/login", "client_id": "another"},
        {"post_logout_redirect_uri": "https://mein.sw-musterau.test/login", "id_token_hint": "nonsense"},
    ],
)
def test_sign_out_sends_nobody_to_an_unknown_place(browser: Browser, fields: Record) -> None:
    reply = browser.get(f"{ISSUER}/logout?{urlencode(fields)}")

    assert (reply.status, "Location" in reply.headers) == (400, False)


def test_sign_out_without_an_address_ends_on_a_page(browser: Browser) -> None:
    assert "You are signed out" in text_of(browser.get(f"{ISSUER}/logout"))


def test_single_sign_on_ends_in_a_login_token_and_refreshes_the_contact(
    nobody: Client, browser: Browser, world: World
) -> None:
    code = code_of(browser)
    change(world, "contact/lea", {"last_name": "Sommer"})
    given = {
        "provider_slug": "musterau-id", "grant_type": "authorization_code", "code_verifier": VERIFIER,
        "client_id": CLIENT, "redirect_uri": CALLBACK, "token_endpoint": f"{ISSUER}/token",
    }  # fmt: skip

    tokens = nobody.call("ssoCallback", domain=DOMAIN, body={**given, "code": code})
    login = nobody.as_(tokens["id_token"]).call(
        "ssoLoginV3", domain=DOMAIN, body={"provider_slug": "musterau-id"}
    )

    assert login["email"] == LEA
    assert record_of(world, "contact/lea")["last_name"] == "Winter"


def test_somebody_new_becomes_a_user_with_the_claims_of_the_page(nobody: Client, browser: Browser) -> None:
    page = browser.get(asked(login_hint="paul.neumann@example.org"))
    entered = {
        "new_email": "paul.neumann@example.org",
        "new_given_name": "Paul",
        "new_family_name": "Neumann",
    }

    code = sent_to(browser.post(f"{ISSUER}/authorize", {**fields_of(page), **entered}))[1]["code"]
    tokens = redeemed(browser, code)
    login = nobody.as_(tokens["id_token"]).call("ssoLoginV3", domain=DOMAIN, body={})

    assert fields_of(page)["new_email"] == "paul.neumann@example.org"
    assert login["email"] == "paul.neumann@example.org"
    assert (verified_claims(tokens["id_token"]) or {})["name"] == "Paul Neumann"


def test_code_and_tokens_expire_on_the_clock_of_the_world(browser: Browser, world: World) -> None:
    late = code_of(browser)
    tokens = redeemed(browser, code_of(browser))
    pass_days(world, 1)

    assert redeemed(browser, late, 400)["error"] == "invalid_grant"
    info = browser.get(f"{ISSUER}/userinfo", authorization=f"Bearer {tokens['access_token']}")
    assert body_of(info, 401)["error"] == "invalid_token"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/__services/oidc/unknown/authorize", 404),
        ("GET", "/__services/oidc/", 404),
        ("GET", "/__services/oidc/musterau-id/", 404),
        ("GET", "/__services/oidc/musterau-id/token", 405),
        ("POST", "/__services/oidc/musterau-id/jwks", 405),
    ],
)
def test_other_paths_and_methods_are_refused(browser: Browser, method: str, path: str, status: int) -> None:
    reply = browser.get(path) if method == "GET" else browser.post(path, {})

    assert reply.status == status


def test_provider_with_a_name_beyond_ascii_answers_and_its_id_token_logs_in(
    nobody: Client, browser: Browser, world: World
) -> None:
    providers = record_of(world, "portal/p1")["identity_providers"]
    change(world, "portal/p1", {"identity_providers": [{**providers[0], "slug": "größe 1"}, providers[1]]})
    issuer = f"{BASE}/__services/oidc/gr%C3%B6%C3%9Fe%201"
    assert body_of(browser.get(f"{issuer}/.well-known/openid-configuration"))["issuer"] == issuer

    reply = browser.get(asked(response_type="id_token", login_hint=LEA).replace(ISSUER, issuer))

    login = nobody.as_(sent_to(reply)[1]["id_token"]).call("ssoLoginV3", domain=DOMAIN, body={})
    assert login["email"] == LEA
    assert reply.headers["Set-Cookie"].isascii()
