"""Tokens as deployments give them out: by OAuth, by a user pool, by a command; renewed before they expire."""

import json
import sys
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qs

import pytest

from contracts.mutants.serving import served
from mockportal.errors import UsageError
from mockportal.judge.model import Received
from mockportal.judge.wire.logins import Login, logged_in, with_access
from mockportal.judge.wire.transports import NoAnswer
from mockportal.mock import Mock
from mockportal.web.app import create_app
from tests.support.pool_client import ANNA, CUSTOMERS, CUSTOMERS_CLIENT, PASSWORD
from tests.support.servers import Answer, ask, recording


class Watch:
    """A clock that is set by hand."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def issued() -> list[dict[str, list[str]]]:
    return []


@pytest.fixture
def issuer(issued: list[dict[str, list[str]]]) -> Iterator[str]:
    """The address of a server that gives out `token-1`, `token-2`, …, each with a refresh token, for 100 seconds."""

    def answer(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        issued.append(parse_qs(body.decode()))
        token = {
            "access_token": f"token-{len(issued)}",
            "refresh_token": f"again-{len(issued)}",
            "expires_in": 100,
        }
        return 200, {"Content-Type": "application/json"}, json.dumps(token).encode()

    with recording(answer) as recorder:
        yield f"http://127.0.0.1:{recorder.port}/token"


def test_client_credentials_are_renewed_when_most_of_their_life_is_over(
    issuer: str, issued: list[dict[str, list[str]]]
) -> None:
    watch = Watch()
    login = Login(
        "EpilotAuth", {"oauth": issuer, "client_id": "judge", "client_secret": "s", "scope": "api"}, now=watch
    )

    tokens = [login.token(), login.token()]
    watch.now += 79
    tokens.append(login.token())
    watch.now += 1
    tokens.append(login.token())

    assert tokens == ["token-1", "token-1", "token-1", "token-2"]
    assert issued == [
        {"grant_type": ["client_credentials"], "client_id": ["judge"], "client_secret": ["s"], "scope": ["api"]},
        {"grant_type": ["refresh_token"], "refresh_token": ["again-1"], "client_id": ["judge"],
         "client_secret": ["s"], "scope": ["api"]},
    ]  # fmt: skip


def test_requests_have_the_newest_token_and_the_headers_of_the_deployment(issuer: str) -> None:
    watch, seen = Watch(), list[dict[str, str]]()
    login = Login("EpilotAuth", {"oauth": issuer, "refresh_token": "first"}, now=watch)

    async def send(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Received:
        seen.append({**headers})
        return Received(200, ())

    assert logged_in([login]) == {"EpilotAuth": "token-1"}
    through = with_access(send, {"x-gateway": "key"}, [login])
    ask(through, "GET", "/", {"authorization": "Bearer token-1"})
    watch.now += 90
    ask(through, "GET", "/", {"authorization": "Bearer token-1"})
    ask(through, "GET", "/", {"authorization": "Bearer another"})

    assert [one["authorization"] for one in seen] == ["Bearer token-1", "Bearer token-2", "Bearer another"]
    assert {one["x-gateway"] for one in seen} == {"key"}


@pytest.mark.parametrize("srp", [{}, {"pool": CUSTOMERS}], ids=["in plain", "by SRP"])
def test_user_pool_takes_the_password_once_and_then_the_refresh_token(
    mock: Mock, srp: dict[str, str]
) -> None:
    watch = Watch()
    with served(create_app(mock)) as url:
        pool = f"{url}/__services/cognito/{CUSTOMERS}"
        settings = {
            "cognito": pool,
            "client_id": CUSTOMERS_CLIENT,
            "username": ANNA,
            "password": PASSWORD,
            **srp,
        }
        login = Login("PortalAuth", settings, now=watch)
        first = login.token()
        settings["password"] = "forgotten"
        watch.now += 3600
        second = login.token()

    assert first.count(".") == second.count(".") == 2


def test_command_prints_a_token() -> None:
    line = [sys.executable, "-c", "print('printed-token')"]

    assert Login("EpilotAuth", {"command": line}).token() == "printed-token"


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"command": [sys.executable, "-c", "raise SystemExit(3)"]}, "ends with 3 and prints no token"),
        ({"command": ["no-such-program"]}, "no-such-program: "),
        ({"oauth": "http://127.0.0.1:9/token"}, "Connection refused"),
    ],
)
def test_login_that_fails_is_one_line_before_the_run(settings: dict[str, object], problem: str) -> None:
    with pytest.raises(UsageError) as failed:
        logged_in([Login("EpilotAuth", settings)])

    assert str(failed.value).startswith("logins: the login for EpilotAuth failed: ")
    assert problem in str(failed.value)


def test_user_pool_that_refuses_is_told(mock: Mock) -> None:
    with served(create_app(mock)) as url:
        settings = {"cognito": f"{url}/__services/cognito/{CUSTOMERS}", "client_id": CUSTOMERS_CLIENT,
                    "username": ANNA, "password": "wrong"}  # fmt: skip

        with pytest.raises(NoAnswer, match="answered 400 Incorrect username or password"):
            Login("PortalAuth", settings).token()
