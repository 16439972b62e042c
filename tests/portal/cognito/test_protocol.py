import json

import pytest
from hypothesis import HealthCheck, given, settings

from mockportal.engine.world import World
from mockportal.mock import Mock
from mockportal.portal.cognito.protocol import ACTIONS, TARGET
from mockportal.redaction.names import secret_names
from tests.support.bad_pool_calls import CALLS, play, problem_of
from tests.support.pool_client import ANNA, PASSWORD, PoolClient


@pytest.mark.parametrize(
    ("target", "content", "error"),
    [
        ("", b"{}", "UnknownOperationException"),
        (f"{TARGET}AdminCreateUser", b"{}", "UnknownOperationException"),
        ("InitiateAuth", b"{}", "UnknownOperationException"),
        (f"{TARGET}InitiateAuth", b"", "SerializationException"),
        (f"{TARGET}InitiateAuth", b"<xml/>", "SerializationException"),
        (f"{TARGET}InitiateAuth", b"[]", "SerializationException"),
        (f"{TARGET}InitiateAuth", b"[" * 10_000, "SerializationException"),
        (f"{TARGET}InitiateAuth", b'{"AuthFlow": 5}', "SerializationException"),
        (f"{TARGET}InitiateAuth", b"{}", "InvalidParameterException"),
        (f"{TARGET}InitiateAuth", b'{"AuthFlow": "ADMIN_NO_SRP_AUTH"}', "InvalidParameterException"),
        (f"{TARGET}GetUser", b'{"AccessToken": "\\u00e4\\n"}', "NotAuthorizedException"),
    ],
)
def test_request_that_is_no_call_gets_the_error_of_the_protocol(
    pool: PoolClient, target: str, content: bytes, error: str
) -> None:
    exchange = pool.exchange(target, content)

    assert problem_of(exchange) == ""
    assert exchange.reply.body["__type"] == error
    assert exchange.reply.headers["Content-Type"] == "application/x-amz-json-1.1"
    assert exchange.reply.headers["x-amzn-RequestId"]


def test_pool_and_client_have_to_be_known(pool: PoolClient) -> None:
    parameters = {"USERNAME": ANNA, "PASSWORD": PASSWORD}
    members = {"AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters}

    client = pool.denied("InitiateAuth", **members, ClientId="mockins0client000000000001")
    pool.pool_id = "eu-central-1_Unknown1"

    assert (client, pool.denied("InitiateAuth", **members)) == ("ResourceNotFoundException",) * 2


def test_pool_is_found_by_its_client_or_its_token_where_the_address_names_none(pool: PoolClient) -> None:
    pool.pool_id = ""

    access = pool.tokens()["AccessToken"]

    assert pool.call("GetUser", AccessToken=access, ClientId=None)["Username"]
    assert pool.denied("GetUser", AccessToken="x", ClientId=None) == "ResourceNotFoundException"


@pytest.mark.parametrize(
    ("method", "rest", "status"),
    [
        ("GET", "", 405),
        ("PUT", "/", 405),
        ("POST", "/.well-known/jwks.json", 405),
        ("GET", "/elsewhere", 404),
        ("HEAD", "/.well-known/jwks.json", 200),
    ],
)
def test_other_paths_and_methods_are_refused_as_such(
    pool: PoolClient, method: str, rest: str, status: int
) -> None:
    assert pool.exchange("", b"", method, rest).reply.status == status


def test_unknown_pool_has_no_keys(pool: PoolClient) -> None:
    pool.pool_id = "eu-central-1_Unknown1"

    assert pool.exchange("", b"", "GET", "/.well-known/jwks.json").reply.status == 404


def test_pages_may_read_the_headers_of_cognito(pool: PoolClient) -> None:
    exposed = pool.sent("InitiateAuth").reply.headers["Access-Control-Expose-Headers"]

    assert exposed.startswith("x-amzn-RequestId, x-amzn-ErrorType, x-amzn-ErrorMessage, Date")


@pytest.mark.parametrize(
    ("record", "harmless"),
    [
        ({"AuthFlow", "ClientId"}, {"AuthFlow", "ClientId"}),
        ({"USERNAME", "PASSWORD", "SRP_A", "SECRET_HASH", "REFRESH_TOKEN"}, {"USERNAME"}),
        ({"USERNAME", "USER_ID_FOR_SRP", "SALT", "SRP_B", "SECRET_BLOCK"}, {"USERNAME", "USER_ID_FOR_SRP"}),
        ({"ChallengeName", "Session", "ChallengeParameters"}, {"ChallengeName", "ChallengeParameters"}),
        ({"USERNAME", "ANSWER", "NEW_PASSWORD", "EMAIL_OTP_CODE", "SOFTWARE_TOKEN_MFA_CODE"}, {"USERNAME"}),
        ({"USERNAME", "PASSWORD_CLAIM_SECRET_BLOCK", "PASSWORD_CLAIM_SIGNATURE", "TIMESTAMP"}, {"USERNAME", "TIMESTAMP"}),
        ({"ClientId", "Username", "ConfirmationCode", "Password", "SecretHash"}, {"ClientId", "Username"}),
        ({"AccessToken", "Code", "UserCode", "PreviousPassword", "ProposedPassword"}, set()),
        ({"AccessToken", "IdToken", "RefreshToken", "ExpiresIn", "TokenType"}, {"ExpiresIn", "TokenType"}),
        ({"SecretCode", "AccessToken", "Session"}, set()),
    ],
)  # fmt: skip
def test_journal_hides_what_signs_in(record: set[str], harmless: set[str]) -> None:
    assert record - secret_names(record) == harmless


@settings(max_examples=300, suppress_health_check=list(HealthCheck), deadline=None)
@given(CALLS)
def test_no_request_is_answered_with_anything_but_the_protocol(mock: Mock, call: tuple[str, bytes]) -> None:
    pool = PoolClient(mock, World("fuzzed", mock.scenario(None)))

    assert play(pool, call) == ""


def test_every_action_refuses_an_empty_call(pool: PoolClient) -> None:
    for action in ACTIONS:
        assert problem_of(pool.exchange(f"{TARGET}{action}", json.dumps({}).encode())) == ""
