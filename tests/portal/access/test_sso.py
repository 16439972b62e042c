import base64
import hashlib
from dataclasses import replace
from typing import Any

import pytest

from mockportal.engine.call import Reply, Request
from mockportal.engine.world import World
from mockportal.mock import Mock, Setup
from mockportal.portal.access.provider_grants import issue_code
from mockportal.portal.configuration.identity_providers import provider_of
from mockportal.spec.spec import Spec
from mockportal.testing import Client
from mockportal.values import Record
from tests.support.changes import change, id_of, pass_days, record_of

DOMAIN = "mein.sw-musterau.test"
CALLBACK = "https://mein.sw-musterau.test/sso/callback"
VERIFIER = "mockportal-verifier-0123456789-0123456789-abcdef"
CLAIMS = {"sub": "musterau-id-100107", "email": "lea.winter@example.org"}


def code_for(world: World, claims: Record = CLAIMS, alias: str = "portal/p1") -> str:
    digest = hashlib.sha256(VERIFIER.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    draft = world.draft("http://127.0.0.1:8080")
    provider = provider_of(draft, record_of(world, alias), "musterau-id")
    code = issue_code(draft, provider, claims, CALLBACK, challenge, "n-1")
    world.state = draft.state
    return code


def exchange(code: str, **fields: Any) -> Record:
    return {
        "provider_slug": "musterau-id",
        "token_endpoint": "http://127.0.0.1:8080/__services/oidc/musterau-id/token",
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "client_id": "musterau-portal",
        "code_verifier": VERIFIER,
        **fields,
    }


def form_post(mock: Mock, world: World, web_uri: str, fields: dict[str, str]) -> Reply:
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
        for name, text in fields.items()
    ]
    operation = mock.spec.operations["ssoRedirect"]
    request = Request(
        "POST", operation.path, f"web_uri={web_uri}", body="".join([*parts, "--x--\r\n"]).encode()
    )
    headers = {"content-type": "multipart/form-data; boundary=x"}
    return mock.engine.answer(operation, replace(request, headers=headers), world).reply


def test_provider_is_shown_with_its_variables_and_without_its_secret(nobody: Client) -> None:
    provider = nobody.call("getSSOProvider", provider_slug="musterau-id", domain=DOMAIN)

    assert set(provider) == {"slug", "display_name", "oidc_config"}
    config = provider["oidc_config"]
    assert config["client_id"] == "musterau-portal"
    assert config["has_client_secret"] is True
    assert "client_secret" not in config


def test_secret_variable_stays_a_placeholder(nobody: Client, world: World) -> None:
    provider = record_of(world, "portal/p1")["identity_providers"][0]
    leaking = {**provider["oidc_config"], "client_id": "{{env.IDP_CLIENT_SECRET}}"}
    mobile = {"client_id": "{{ env.IDP_CLIENT_ID }}", "client_secret": "{{ env.IDP_CLIENT_SECRET }}"}
    providers = [{**provider, "oidc_config": leaking, "mobile_oidc_config": mobile}]
    change(world, "portal/p1", {"identity_providers": providers})

    answer = nobody.call("getSSOProvider", provider_slug="musterau-id", domain=DOMAIN)

    assert answer["oidc_config"]["client_id"] == "{{env.IDP_CLIENT_SECRET}}"
    assert answer["mobile_oidc_config"] == {"client_id": "musterau-portal"}


def test_password_for_tests_is_not_shown(nobody: Client, world: World) -> None:
    provider = record_of(world, "portal/p1")["identity_providers"][0]
    metadata = {**provider["oidc_config"]["metadata"], "test_auth_password": "geheim"}
    providers = [{**provider, "oidc_config": {**provider["oidc_config"], "metadata": metadata}}]
    change(world, "portal/p1", {"identity_providers": providers})

    answer = nobody.call("getSSOProvider", provider_slug="musterau-id", domain=DOMAIN)

    assert "test_auth_password" not in answer["oidc_config"]["metadata"]
    assert "token_endpoint" in answer["oidc_config"]["metadata"]


def test_own_services_are_where_the_mock_is(mock: Mock, world: World) -> None:
    operation = mock.spec.operations["getSSOProvider"]
    request = Request("GET", "/v2/portal/public/sso/providers/musterau-id", f"domain={DOMAIN}")
    path = {"provider_slug": "musterau-id"}

    reply = mock.engine.answer(
        operation, replace(request, path_params=path, base_url="http://mock.test:99/@w1"), world
    ).reply

    issuer = "http://mock.test:99/@w1/__services/oidc/musterau-id"
    assert reply.body["oidc_config"]["oidc_issuer"] == issuer
    assert reply.body["oidc_config"]["redirect_uri"] == CALLBACK


@pytest.mark.parametrize(
    ("slug", "where", "status"),
    [
        ("musterau-id", {"org_id": "500001", "origin": "INSTALLER_PORTAL"}, 200),
        ("musterau-id", {"org_id": "500001", "portal_id": "portal/p1"}, 200),
        ("musterau-id", {}, 400),
        ("musterau-id", {"origin": "END_CUSTOMER_PORTAL"}, 400),
        ("unknown", {"domain": DOMAIN}, 404),
        ("apple-like", {"domain": "partner.sw-musterau.test"}, 404),
        ("musterau-id", {"domain": "unknown.test"}, 404),
    ],
)
def test_provider_is_looked_up_in_a_portal(
    nobody: Client, world: World, slug: str, where: Record, status: int
) -> None:
    if "portal_id" in where:
        where = {**where, "portal_id": id_of(world, where["portal_id"])}

    nobody.call("getSSOProvider", provider_slug=slug, status=status, **where)


@pytest.mark.parametrize(
    ("web_uri", "location"),
    [
        (
            "https://mein.sw-musterau.test/sso/callback",
            "https://mein.sw-musterau.test/sso/callback?code=c%2F1&state=s+1",
        ),
        ("http://localhost:5173/sso%3Fa=b%23top", "http://localhost:5173/sso?a=b&code=c%2F1&state=s+1#top"),
    ],
)
def test_form_becomes_a_redirect(mock: Mock, world: World, web_uri: str, location: str) -> None:
    reply = form_post(mock, world, web_uri, {"code": "c/1", "state": "s 1"})

    assert (reply.status, reply.headers) == (301, {"Location": location})


def test_form_may_lead_to_the_frontend(spec: Spec) -> None:
    mock = Mock(Setup(frontend="http://localhost:3000"), spec)

    reply = form_post(mock, mock.world(), "http://localhost:3000/sso", {"code": "c", "state": "s"})

    assert reply.headers == {"Location": "http://localhost:3000/sso?code=c&state=s"}


@pytest.mark.parametrize(
    ("web_uri", "fields"),
    [
        ("https://evil.test/", {"code": "c", "state": "s"}),
        ("https://mein.sw-musterau.test@evil.test/", {"code": "c", "state": "s"}),
        ("http://[", {"code": "c", "state": "s"}),
        ("javascript://mein.sw-musterau.test/", {"code": "c", "state": "s"}),
        ("https://mein.sw-musterau.test/", {"code": "c"}),
        ("https://mein.sw-musterau.test/", {"state": "s"}),
    ],
)
def test_nothing_is_relayed_elsewhere_or_in_part(
    mock: Mock, world: World, web_uri: str, fields: dict[str, str]
) -> None:
    reply = form_post(mock, world, web_uri, fields)

    assert reply.status == 400


def test_code_becomes_an_id_token_that_logs_in(nobody: Client, world: World) -> None:
    code = code_for(world)

    tokens = nobody.call("ssoCallback", domain=DOMAIN, body=exchange(code))

    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 3600)
    lea = nobody.as_(tokens["id_token"])
    assert lea.call("ssoLoginV3", domain=DOMAIN, body={})["email"] == "lea.winter@example.org"


def test_other_tokens_are_no_codes(nobody: Client) -> None:
    nobody.call("ssoCallback", body=exchange("confirm-nadia"), status=400)


def test_code_is_good_once(nobody: Client, world: World) -> None:
    code = code_for(world)
    nobody.call("ssoCallback", body=exchange(code))

    nobody.call("ssoCallback", body=exchange(code), status=400)


def test_code_expires(nobody: Client, world: World) -> None:
    code = code_for(world)
    pass_days(world, 5 / 24 / 60)

    nobody.call("ssoCallback", body=exchange(code), status=400)


@pytest.mark.parametrize(
    "fields",
    [
        {"code_verifier": "another"},
        {"redirect_uri": "https://evil.test/"},
        {"client_id": "another"},
        {"grant_type": "password"},
        {"provider_slug": "apple-like", "client_id": "test.sw-musterau.mein"},
        {"token_endpoint": "https://evil.test/token"},
    ],
)
def test_wrong_exchange_is_refused_and_uses_nothing_up(nobody: Client, world: World, fields: Record) -> None:
    code = code_for(world)

    nobody.call("ssoCallback", domain=DOMAIN, body=exchange(code, **fields), status=400)

    nobody.call("ssoCallback", domain=DOMAIN, body=exchange(code), status=200)
