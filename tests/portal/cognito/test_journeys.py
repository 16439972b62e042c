"""Whole stories, over the API and the pool together."""

from datetime import timedelta

from mockportal.engine.world import World
from mockportal.testing import Client
from tests.support.pool_client import ANNA, PASSWORD, PoolClient, SrpClient

EMAIL = "nina.berger@example.org"
REGISTRATION = {
    "email": EMAIL,
    "orgId": "500001",
    "password": PASSWORD,
    "registration_identifiers": {
        "contact": {"last_name": "Berger"},
        "contract": {"contract_number": "V-900001"},
    },
    "additional_contact_attributes": {"first_name": "Nina", "last_name": "Berger"},
}


def status(client: Client, token: str) -> int:
    return client.as_(token).exchange("validateToken").reply.status


def test_user_registers_confirms_signs_in_refreshes_and_revokes(
    pool: PoolClient, nobody: Client, world: World
) -> None:
    nobody.call("createUserV3", body=REGISTRATION, domain="mein.sw-musterau.test")
    parameters = {"USERNAME": EMAIL, "PASSWORD": PASSWORD}
    flow = {"AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters}
    assert pool.denied("InitiateAuth", **flow) == "UserNotConfirmedException"

    mail = [*world.draft().collection("mail")][-1]
    nobody.call("confirmUser", confirmation_link_token=mail["token"], use_redirect=False)
    client = SrpClient()
    challenge = pool.begun("USER_SRP_AUTH", USERNAME=EMAIL, SRP_A=f"{client.public:x}")
    tokens = pool.answered("PASSWORD_VERIFIER", **client.answers(challenge))["AuthenticationResult"]
    assert nobody.as_(tokens["IdToken"]).call("getContact")["entity"]["customer_number"] == "KD-100101"

    world.clock = world.clock.advanced(timedelta(hours=1))
    assert status(nobody, tokens["IdToken"]) == 401
    refresh = {"RefreshToken": tokens["RefreshToken"]}
    fresh = pool.call("GetTokensFromRefreshToken", **refresh)["AuthenticationResult"]
    assert status(nobody, fresh["IdToken"]) == 204

    pool.call("RevokeToken", Token=tokens["RefreshToken"])
    assert status(nobody, fresh["IdToken"]) == 401
    assert pool.denied("GetTokensFromRefreshToken", **refresh) == "NotAuthorizedException"


def test_administrator_acts_in_the_place_of_a_user(pool: PoolClient, nobody: Client, admin: Client) -> None:
    body = {"email": ANNA, "domain": "mein.sw-musterau.test"}
    token = admin.call("loginToPortalAsUser", body=body)["login_as_token"]

    session = pool.begun("CUSTOM_AUTH", USERNAME=ANNA)["Session"]
    answer = pool.answered("CUSTOM_CHALLENGE", session, USERNAME=ANNA, ANSWER=token)

    anna = nobody.as_(answer["AuthenticationResult"]["IdToken"])
    exchange = anna.exchange("getContact")
    assert exchange.reply.status == 200
    assert exchange.caller == "anna"
    anna.call("updateContact", body={"first_name": "Anne"})
    activity = [*anna.world.draft().collection("activity")][-1]
    assert activity["payload"]["caller"]["PortalAuth"]["token"]["custom:impersonator"] == "dev-admin"


def test_change_of_address_ends_the_sessions_and_moves_the_account(
    pool: PoolClient, nobody: Client, world: World
) -> None:
    tokens = pool.tokens()
    anna = nobody.as_(tokens["IdToken"])
    anna.call("updatePortalUserEmail", body={"email": "anna@example.net", "password": PASSWORD})
    assert pool.tokens()

    mail = [*world.draft().collection("mail")][-1]
    nobody.call("confirmUser", confirmation_link_token=mail["token"], use_redirect=False)

    assert status(nobody, tokens["IdToken"]) == 401
    parameters = {"USERNAME": ANNA, "PASSWORD": PASSWORD}
    flow = {"AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters}
    assert pool.denied("InitiateAuth", **flow) == "NotAuthorizedException"
    assert pool.tokens("anna@example.net")
