"""Managed login of a user pool: login page, code with PKCE, tokens, attributes, revocation and the way out."""

from typing import Any
from urllib.parse import urlencode

import pytest

from mockportal.engine.signing import verified_claims
from mockportal.engine.world import World
from mockportal.portal.access.provider_grants import s256
from mockportal.testing import Client
from mockportal.values import Record
from tests.support.browser import BASE, Browser, body_of, fields_of, sent_to, text_of
from tests.support.changes import change, id_of, pass_days
from tests.support.pool_client import ANNA, CUSTOMERS, CUSTOMERS_CLIENT, PASSWORD

POOL = f"{BASE}/__services/cognito/{CUSTOMERS}"
CALLBACK = "https://mein.sw-musterau.test/login/callback"
VERIFIER = "v" * 50


def asked(**fields: str) -> str:
    """The address of an authorization request; an empty field is left out."""
    given = {
        "client_id": CUSTOMERS_CLIENT, "redirect_uri": CALLBACK, "response_type": "code", "state": "s+/&",
        "scope": "openid email", "nonce": "n-1", "code_challenge": s256(VERIFIER),
        "code_challenge_method": "S256", **fields,
    }  # fmt: skip
    return f"{POOL}/oauth2/authorize?{urlencode({name: one for name, one in given.items() if one})}"


def signed_in(browser: Browser, username: str = ANNA, password: str = PASSWORD, **fields: str) -> Any:
    """The answer to the filled-in login page."""
    page = browser.get(browser.get(asked(**fields)).headers["Location"])
    return browser.post(f"{POOL}/login", {**fields_of(page), "username": username, "password": password})


def code_of(browser: Browser, **fields: str) -> str:
    return sent_to(signed_in(browser, **fields))[1]["code"]


def redeemed(browser: Browser, code: str, status: int = 200, **fields: str) -> Any:
    given = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK,
        "client_id": CUSTOMERS_CLIENT, "code_verifier": VERIFIER, **fields,
    }  # fmt: skip
    answer = browser.post(f"{POOL}/oauth2/token", {name: one for name, one in given.items() if one})
    return body_of(answer, status)


def renewed(browser: Browser, token: str, status: int = 200) -> Any:
    given = {"grant_type": "refresh_token", "refresh_token": token, "client_id": CUSTOMERS_CLIENT}
    return body_of(browser.post(f"{POOL}/oauth2/token", given), status)


def test_discovery_names_endpoints_that_answer(browser: Browser) -> None:
    document = body_of(browser.get(f"{POOL}/.well-known/openid-configuration"))

    assert document["authorization_endpoint"] == f"{POOL}/oauth2/authorize"
    for name in ("token", "revocation"):
        assert body_of(browser.post(document[f"{name}_endpoint"], {}), 400)["error"] == "invalid_client"
    assert body_of(browser.get(document["userinfo_endpoint"]), 401)["error"] == "invalid_token"
    assert browser.get(document["end_session_endpoint"]).status == 400


def test_right_password_leads_back_with_a_code_for_tokens_that_the_api_takes(
    browser: Browser, nobody: Client
) -> None:
    address, answer = sent_to(signed_in(browser))

    tokens = redeemed(browser, answer["code"])

    assert (address, answer["state"]) == (CALLBACK, "s+/&")
    claims = verified_claims(tokens["id_token"]) or {}
    assert (claims["iss"], claims["aud"], claims["nonce"]) == (POOL, CUSTOMERS_CLIENT, "n-1")
    assert nobody.as_(tokens["id_token"]).call("getPortalUser")["data"]["email"] == ANNA
    info = body_of(browser.get(f"{POOL}/oauth2/userInfo", authorization=f"Bearer {tokens['access_token']}"))
    assert (info["sub"], info["email"], info["given_name"]) == (claims["sub"], ANNA, "Anna")


@pytest.mark.parametrize(
    ("username", "password", "told"),
    [
        (ANNA, "wrong", "E-mail address or password is wrong"),
        ("nobody@example.org", PASSWORD, "E-mail address or password is wrong"),
        ("nadia.haddad@example.org", PASSWORD, "not confirmed yet"),
        ("", "", "USERNAME"),
    ],
)
def test_page_says_why_nobody_is_signed_in(browser: Browser, username: str, password: str, told: str) -> None:
    page = signed_in(browser, username, password)

    assert page.status == 200
    assert told in text_of(page)
    assert fields_of(page)["username"] == username
    assert 'wrong"' not in text_of(page)
    assert fields_of(page)["state"] == "s+/&"


def test_user_with_a_second_step_is_told_so(browser: Browser, world: World) -> None:
    change(world, "portal/p1", {"advanced_mfa": {"enabled": True}})

    assert "second step" in text_of(signed_in(browser))


def test_refresh_token_gives_tokens_until_it_is_revoked(browser: Browser, nobody: Client) -> None:
    tokens = redeemed(browser, code_of(browser))
    again = renewed(browser, tokens["refresh_token"])

    revoked = browser.post(
        f"{POOL}/oauth2/revoke", {"token": tokens["refresh_token"], "client_id": CUSTOMERS_CLIENT}
    )

    assert (revoked.status, revoked.body) == (200, None)
    assert again["token_type"] == "Bearer"
    assert renewed(browser, tokens["refresh_token"], 400)["error"] == "invalid_grant"
    nobody.as_(again["id_token"]).call("validateToken", status=401)


def test_used_code_is_refused_and_ends_the_session(browser: Browser) -> None:
    code = code_of(browser)
    tokens = redeemed(browser, code)

    assert redeemed(browser, code, 400)["error"] == "invalid_grant"
    assert renewed(browser, tokens["refresh_token"], 400)["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"code_verifier": "w" * 50}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_grant"),
        ({"redirect_uri": "https://mein.sw-musterau.test/other"}, "invalid_grant"),
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_id": "mockins0client000000000001"}, "invalid_client"),
        ({"grant_type": "client_credentials"}, "unsupported_grant_type"),
    ],
)
def test_refused_exchange_leaves_the_code_good(browser: Browser, fields: Record, error: str) -> None:
    code = code_of(browser)

    assert redeemed(browser, code, 400, **fields)["error"] == error
    assert redeemed(browser, code)["token_type"] == "Bearer"


def test_client_that_keeps_a_secret_has_to_send_it(browser: Browser, world: World) -> None:
    draft = world.draft()
    portal_id = id_of(world, "portal/p1")
    draft.collection("user_pool").put({"portal_id": portal_id, "client_secret": "s3cret+value"})
    world.state = draft.state
    code = code_of(browser)

    assert redeemed(browser, code, 400)["error"] == "invalid_client"
    assert redeemed(browser, code, client_secret="s3cret+value")["token_type"] == "Bearer"


def test_code_expires_on_the_clock_of_the_world(browser: Browser, world: World) -> None:
    code = code_of(browser)
    pass_days(world, 1)

    assert redeemed(browser, code, 400)["error"] == "invalid_grant"


def test_code_of_somebody_who_was_disabled_since_is_refused(browser: Browser, world: World) -> None:
    code = code_of(browser)
    change(world, "portal_user/anna", {"access_status": False})

    assert redeemed(browser, code, 400)["error"] == "invalid_grant"


def test_access_token_without_openid_reads_no_attributes(browser: Browser) -> None:
    scope = "aws.cognito.signin.user.admin"
    tokens = redeemed(browser, code_of(browser, scope=scope))

    answer = browser.get(f"{POOL}/oauth2/userInfo", authorization=f"Bearer {tokens['access_token']}")

    assert body_of(answer, 401)["error"] == "invalid_token"


@pytest.mark.parametrize(
    "fields",
    [
        {"client_id": "another"},
        {"client_id": ""},
        {"redirect_uri": ""},
        {"redirect_uri": "https://evil.test/"},
        {"redirect_uri": "https://partner.sw-musterau.test/"},
    ],
)
@pytest.mark.parametrize("page", ["oauth2/authorize", "login"])
def test_nobody_is_sent_to_an_unknown_place(browser: Browser, page: str, fields: Record) -> None:
    reply = browser.get(asked(**fields).replace("oauth2/authorize", page))

    assert (reply.status, "Location" in reply.headers) == (400, False)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "openid everything"}, "invalid_scope"),
        ({"prompt": "none"}, "login_required"),
        ({"code_challenge": "short"}, "invalid_request"),
    ],
)
def test_refused_request_goes_back_to_the_client(browser: Browser, fields: Record, error: str) -> None:
    address, answer = sent_to(browser.get(asked(**fields)))

    assert (address, answer["error"], answer["state"]) == (CALLBACK, error, "s+/&")


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"logout_uri": "https://mein.sw-musterau.test/login"}, 302),
        ({"logout_uri": "http://localhost:3000/"}, 302),
        ({"redirect_uri": CALLBACK, "response_type": "code"}, 302),
        ({"logout_uri": "https://evil.test/"}, 400),
        ({"logout_uri": "https://mein.sw-musterau.test/", "client_id": "another"}, 400),
        ({}, 400),
    ],
)
def test_sign_out_goes_to_places_of_the_client_only(browser: Browser, fields: Record, status: int) -> None:
    reply = browser.get(f"{POOL}/logout?{urlencode({'client_id': CUSTOMERS_CLIENT, **fields})}")

    assert reply.status == status


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/__services/cognito/eu-central-1_Unknown/oauth2/authorize", 404),
        (f"/__services/cognito/{CUSTOMERS}/oauth2/magic", 404),
        (f"/__services/cognito/{CUSTOMERS}/oauth2/token", 405),
    ],
)
def test_other_paths_and_methods_are_refused(browser: Browser, path: str, status: int) -> None:
    assert browser.get(path).status == status
