import base64
import json
from datetime import timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey

from mockportal.engine import signing
from mockportal.engine.world import World
from mockportal.portal.tokens import minted_claims
from mockportal.testing import Client
from mockportal.values import Record
from tests.support.changes import change, id_of
from tests.support.pool_client import ANNA, BASE, CUSTOMERS_CLIENT, PoolClient, claims_of

ISSUER = f"{BASE}/__services/cognito/eu-central-1_MockEcp01"
LATER = 3601  # seconds


def rotate(world: World) -> None:
    draft = world.draft()
    settings = {"portal_id": id_of(world, "portal/p1"), "refresh_token_rotation": True}
    draft.collection("user_pool").put(settings)
    world.state = draft.state


def status(client: Client, token: str) -> int:
    return client.as_(token).exchange("validateToken").reply.status


def test_id_token_has_the_claims_of_a_portal_user(pool: PoolClient, world: World) -> None:
    claims = claims_of(pool.tokens()["IdToken"])

    now = int(world.clock.now().timestamp())
    anna = id_of(world, "portal_user/anna")
    generated = {"event_id", "jti", "origin_jti"}
    assert all(isinstance(claims[name], str) for name in generated)
    assert {name: claims[name] for name in claims.keys() - generated} == {
        "iss": ISSUER,
        "sub": anna,
        "aud": CUSTOMERS_CLIENT,
        "token_use": "id",
        "auth_time": now,
        "iat": now,
        "exp": now + 3600,
        "cognito:username": anna,
        "email": ANNA,
        "email_verified": True,
        "custom:portal_user_id": anna,
        "custom:contact_entity_id": id_of(world, "contact/anna"),
        "custom:org_id": "500001",
        "custom:origin": "END_CUSTOMER_PORTAL",
        "custom:portal_id": id_of(world, "portal/p1"),
    }


def test_access_token_names_client_user_and_scope_and_no_audience(pool: PoolClient, world: World) -> None:
    tokens = pool.tokens()
    claims, id_claims = claims_of(tokens["AccessToken"]), claims_of(tokens["IdToken"])

    now = int(world.clock.now().timestamp())
    anna = id_of(world, "portal_user/anna")
    assert {name: claims[name] for name in claims if name != "jti"} == {
        "iss": ISSUER,
        "sub": anna,
        "client_id": CUSTOMERS_CLIENT,
        "username": anna,
        "token_use": "access",
        "scope": "aws.cognito.signin.user.admin",
        "auth_time": now,
        "iat": now,
        "exp": now + 3600,
        "event_id": id_claims["event_id"],
        "origin_jti": id_claims["origin_jti"],
    }
    assert claims["jti"] != id_claims["jti"]


def test_both_tokens_are_accepted_by_the_api(pool: PoolClient, nobody: Client) -> None:
    tokens = pool.tokens()

    assert nobody.as_(tokens["IdToken"]).call("getContact") == nobody.as_(tokens["AccessToken"]).call(
        "getContact"
    )


def test_lifetimes_are_those_of_the_portal(pool: PoolClient, world: World) -> None:
    change(world, "portal/p1", {"cognito_details": {"timeouts": {"id_token": 60, "access_token": 300}}})

    tokens = pool.tokens()

    spans = [
        claims["exp"] - claims["iat"] for claims in map(claims_of, (tokens["IdToken"], tokens["AccessToken"]))
    ]
    assert (*spans, tokens["ExpiresIn"]) == (60, 300, 300)


@pytest.mark.parametrize("seconds", [10**15, 10**30])
def test_lifetime_without_a_sensible_end_is_ten_years(pool: PoolClient, world: World, seconds: int) -> None:
    timeouts = {"id_token": seconds, "access_token": seconds, "refresh_token": seconds}
    change(world, "portal/p1", {"cognito_details": {"timeouts": timeouts}})

    assert pool.tokens()["ExpiresIn"] == 315360000


@pytest.mark.parametrize("action", ["REFRESH_TOKEN_AUTH", "REFRESH_TOKEN", "GetTokensFromRefreshToken"])
def test_refreshed_tokens_belong_to_the_session_of_the_sign_in(
    pool: PoolClient, world: World, nobody: Client, action: str
) -> None:
    old = pool.tokens()
    world.clock = world.clock.advanced(timedelta(seconds=LATER))
    if action == "GetTokensFromRefreshToken":
        answer = pool.call(action, RefreshToken=old["RefreshToken"])
    else:
        answer = pool.begun(action, REFRESH_TOKEN=old["RefreshToken"])

    new = answer["AuthenticationResult"]

    assert new.keys() == {"AccessToken", "ExpiresIn", "IdToken", "TokenType"}
    assert (status(nobody, old["IdToken"]), status(nobody, new["IdToken"])) == (401, 204)
    before, after = claims_of(old["IdToken"]), claims_of(new["IdToken"])
    assert {name for name in before if before[name] != after[name]} == {"exp", "iat", "jti"}


def test_rotation_replaces_the_refresh_token(pool: PoolClient, world: World) -> None:
    rotate(world)
    old = pool.tokens()["RefreshToken"]

    new = pool.call("GetTokensFromRefreshToken", RefreshToken=old)["AuthenticationResult"]["RefreshToken"]

    assert pool.denied("GetTokensFromRefreshToken", RefreshToken=old) == "NotAuthorizedException"
    assert pool.call("GetTokensFromRefreshToken", RefreshToken=new)


def test_refresh_token_expires_on_the_clock_of_the_world(pool: PoolClient, world: World) -> None:
    token = pool.tokens()["RefreshToken"]
    world.clock = world.clock.advanced(timedelta(days=30))

    assert pool.denied("GetTokensFromRefreshToken", RefreshToken=token) == "NotAuthorizedException"


def test_refresh_token_of_another_pool_is_unknown(pool: PoolClient, installers: PoolClient) -> None:
    token = pool.tokens()["RefreshToken"]

    assert installers.denied("GetTokensFromRefreshToken", RefreshToken=token) == "NotAuthorizedException"


def test_refresh_token_of_the_scenario_works_too(pool: PoolClient, nobody: Client) -> None:
    tokens = pool.call("GetTokensFromRefreshToken", RefreshToken="refresh-anna")["AuthenticationResult"]

    assert status(nobody, tokens["IdToken"]) == 204


def test_revoked_session_is_dead_and_others_live(pool: PoolClient, nobody: Client) -> None:
    one, other = pool.tokens(), pool.tokens()

    assert pool.call("RevokeToken", Token=one["RefreshToken"]) == {}

    assert (status(nobody, one["IdToken"]), status(nobody, other["IdToken"])) == (401, 204)
    assert (
        pool.denied("GetTokensFromRefreshToken", RefreshToken=one["RefreshToken"]) == "NotAuthorizedException"
    )
    assert pool.denied("GetUser", AccessToken=one["AccessToken"]) == "NotAuthorizedException"


def test_revoking_an_unknown_token_is_no_error_and_an_access_token_is_one(pool: PoolClient) -> None:
    access = pool.tokens()["AccessToken"]

    assert pool.call("RevokeToken", Token="unknown") == {}
    assert pool.denied("RevokeToken", Token=access) == "UnsupportedTokenTypeException"


def test_operation_of_the_api_revokes_a_session_of_the_pool(pool: PoolClient, nobody: Client) -> None:
    tokens = pool.tokens()

    nobody.as_(tokens["IdToken"]).call("revokeToken", body={"refresh_token": tokens["RefreshToken"]})

    assert status(nobody, tokens["IdToken"]) == 401
    assert (
        pool.denied("GetTokensFromRefreshToken", RefreshToken=tokens["RefreshToken"])
        == "NotAuthorizedException"
    )


def test_global_sign_out_ends_every_session(pool: PoolClient, nobody: Client) -> None:
    one, other = pool.tokens(), pool.tokens()

    assert pool.call("GlobalSignOut", AccessToken=one["AccessToken"]) == {}

    assert (status(nobody, one["IdToken"]), status(nobody, other["IdToken"])) == (401, 401)


def test_sign_in_for_somebody_else_is_marked_in_every_token(
    pool: PoolClient, admin: Client, nobody: Client, world: World
) -> None:
    before = world.draft().collection("portal_user").get(id_of(world, "portal_user/anna"))
    body = {"email": ANNA, "origin": "END_CUSTOMER_PORTAL"}
    token = admin.call("loginToPortalAsUser", body=body)["login_as_token"]
    session = pool.begun("CUSTOM_AUTH", USERNAME=ANNA)["Session"]

    answer = pool.answered("CUSTOM_CHALLENGE", session, USERNAME=ANNA, ANSWER=token)

    tokens = answer["AuthenticationResult"]
    refreshed = pool.call("GetTokensFromRefreshToken", RefreshToken=tokens["RefreshToken"])[
        "AuthenticationResult"
    ]
    for one in (tokens["IdToken"], tokens["AccessToken"], refreshed["IdToken"]):
        assert claims_of(one)["custom:impersonator"] == "dev-admin"
    assert nobody.as_(tokens["IdToken"]).call("getPortalUser")["data"]["last_login"] == before["last_login"]
    again = pool.begun("CUSTOM_AUTH", USERNAME=ANNA)["Session"]
    assert (
        pool.answer_denied("CUSTOM_CHALLENGE", again, USERNAME=ANNA, ANSWER=token) == "NotAuthorizedException"
    )


def test_token_of_another_pool_is_refused(installers: PoolClient, nobody: Client, world: World) -> None:
    claims = claims_of(installers.tokens("marek.nowak@example.org")["IdToken"])
    anna = {"sub": id_of(world, "portal_user/anna"), "custom:portal_id": id_of(world, "portal/p1")}

    assert status(nobody, signing.sign(claims)) == 204
    assert status(nobody, signing.sign({**claims, **anna})) == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "mockins0client000000000001"}, {"aud": "musterau-portal"}, {"aud": None}, {"aud": []},
        {"iss": "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Other"}, {"iss": 5},
        {"iss": f"{BASE}/__services/cognito/eu-central-1_MockIns01"}, {"exp": 0},
    ],
)  # fmt: skip
def test_token_for_somebody_else_is_refused(pool: PoolClient, nobody: Client, changes: Record) -> None:
    claims = claims_of(pool.tokens()["IdToken"])

    assert status(nobody, signing.sign({**claims, **changes})) == 401


def test_access_token_of_another_client_is_refused(pool: PoolClient, nobody: Client) -> None:
    claims = claims_of(pool.tokens()["AccessToken"])

    assert status(nobody, signing.sign({**claims, "client_id": "other"})) == 401


def test_token_signed_in_another_way_is_refused(pool: PoolClient, nobody: Client) -> None:
    token = pool.tokens()["IdToken"]
    head, payload, signature = token.split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none","kid":"mockportal"}').decode().rstrip("=")
    public = OctKey.import_key(json.dumps(signing.public_keys()["keys"][0]))
    shared = jwt.encode({"alg": "HS256"}, claims_of(token), public, algorithms=["HS256"])
    flipped = ("A" if signature[0] != "A" else "B") + signature[1:]

    for forged in (f"{none}.{payload}.", shared, f"{head}.{payload}.", f"{head}.{payload}.{flipped}"):
        assert status(nobody, forged) == 401
        assert pool.denied("GetUser", AccessToken=forged) == "NotAuthorizedException"


def test_published_keys_verify_the_tokens(pool: PoolClient) -> None:
    reply = pool.exchange("", b"", "GET", "/.well-known/jwks.json").reply
    configuration = pool.exchange("", b"", "GET", "/.well-known/openid-configuration").reply.body

    decoded = jwt.decode(pool.tokens()["IdToken"], KeySet.import_key_set(reply.body), algorithms=["RS256"])

    assert decoded.claims["iss"] == configuration["issuer"] == ISSUER
    assert decoded.header["kid"] == reply.body["keys"][0]["kid"] == "mockportal"
    assert configuration["jwks_uri"] == f"{ISSUER}/.well-known/jwks.json"


def test_minted_token_has_the_claims_of_a_signed_in_user(pool: PoolClient, world: World) -> None:
    issued = claims_of(pool.tokens()["IdToken"])

    claims = minted_claims({"user": "portal_user/anna"}, world.scenario, world.draft(BASE))

    assert claims.keys() == issued.keys() - {"origin_jti", "iat", "exp"}
    differing = {name for name in claims if claims[name] != issued[name]}
    assert differing <= {"jti", "event_id"}


def test_minted_token_of_an_administrator_is_of_a_pool_of_its_own(pool: PoolClient, world: World) -> None:
    claims = minted_claims({"kind": "admin"}, world.scenario, world.draft(BASE))
    pool.pool_id = "eu-central-1_MockAdm01"

    keys = pool.exchange("", b"", "GET", "/.well-known/jwks.json").reply

    assert keys.status == 200
    assert claims["iss"].endswith("/__services/cognito/eu-central-1_MockAdm01")
    assert {claims[name] for name in ("custom:org_id", "custom:ivy_org_id")} == {"500001"}
    assert {"aud", "auth_time", "event_id", "jti", "token_use"} <= claims.keys()
