"""Single sign-on from the provider's settings to a call of the API, as a frontend goes the way."""

from urllib.parse import urlencode

from mockportal.engine.world import World
from mockportal.mock import Mock
from mockportal.portal.access.provider_grants import s256
from mockportal.testing import Client
from mockportal.values import Json
from tests.support.browser import Browser, fields_of, sent_to
from tests.support.changes import record_of
from tests.support.pool_client import PoolClient

DOMAIN = "mein.sw-musterau.test"
VERIFIER = "v" * 50


def signed_in(nobody: Client, pool: PoolClient, id_token: str) -> Json:
    """The portal user whom the API sees at the end of single sign-on with an ID token of a provider."""
    login = nobody.as_(id_token).call("ssoLoginV3", domain=DOMAIN, body={"provider_slug": "musterau-id"})
    parameters = {"USERNAME": login["email"]}
    challenge = pool.call("InitiateAuth", AuthFlow="CUSTOM_AUTH", AuthParameters=parameters)
    answers = {**parameters, "ANSWER": login["token"]}
    tokens = pool.call(
        "RespondToAuthChallenge",
        ChallengeName=challenge["ChallengeName"],
        ChallengeResponses=answers,
        Session=challenge["Session"],
    )
    id_token = tokens["AuthenticationResult"]["IdToken"]
    return nobody.as_(id_token).call("getPortalUser")["data"]


def test_code_leads_to_the_api(mock: Mock, world: World, nobody: Client, browser: Browser) -> None:
    config = nobody.call("getSSOProvider", domain=DOMAIN, provider_slug="musterau-id")["oidc_config"]
    given = {
        "client_id": config["client_id"], "redirect_uri": config["redirect_uri"], "scope": config["scope"],
        "response_type": "code", "code_challenge": s256(VERIFIER), "code_challenge_method": "S256",
        "login_hint": "lea.winter@example.org",
    }  # fmt: skip
    back = browser.get(f"{config['metadata']['authorization_endpoint']}?{urlencode(given)}")
    exchange = {
        "provider_slug": "musterau-id", "grant_type": "authorization_code", "code": sent_to(back)[1]["code"],
        "client_id": config["client_id"], "redirect_uri": config["redirect_uri"],
        "code_verifier": VERIFIER, "token_endpoint": config["metadata"]["token_endpoint"],
    }  # fmt: skip
    tokens = nobody.call("ssoCallback", domain=DOMAIN, body=exchange)

    user = signed_in(nobody, PoolClient(mock, world), tokens["id_token"])

    assert user["email"] == "lea.winter@example.org"
    assert record_of(world, "portal_user/lea")["last_login"] == "2026-06-15T07:00:00.004Z"


def test_implicit_flow_makes_a_user_of_somebody_new(
    mock: Mock, world: World, nobody: Client, browser: Browser
) -> None:
    config = nobody.call("getSSOProvider", domain=DOMAIN, provider_slug="musterau-id")["oidc_config"]
    address = config["metadata"]["authorization_endpoint"]
    given = {
        "client_id": config["client_id"], "redirect_uri": "http://localhost:5173/sso/callback",
        "response_type": "id_token", "nonce": "n-1", "scope": "openid",
    }  # fmt: skip
    page = browser.get(f"{address}?{urlencode(given)}")
    entered = {"new_email": "ida.neu@example.org", "new_given_name": "Ida", "new_family_name": "Neu"}
    back = browser.post(address, {**fields_of(page), **entered})

    user = signed_in(nobody, PoolClient(mock, world), sent_to(back)[1]["id_token"])

    assert (user["email"], user["registration_status"]) == ("ida.neu@example.org", "Registered")
    contact = user["mapped_contact"]["$relation"][0]["entity_id"]
    stored = world.draft().collection("contact").get(contact)
    assert (stored["first_name"], stored["last_name"]) == ("Ida", "Neu")
