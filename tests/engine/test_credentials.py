"""Credentials of other APIs than the shipped one: a key in the header, query or cookie, basic, bearer."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from mockportal.engine import signing
from mockportal.engine.call import Request, request_for
from mockportal.engine.guard import caller_name, headers_read
from mockportal.engine.world import World
from mockportal.mock import Mock, Setup, load_mock
from mockportal.testing import Client
from mockportal.values import Json, Record

SCHEMES: Record = {
    "inHeader": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "inQuery": {"type": "apiKey", "in": "query", "name": "key"},
    "inCookie": {"type": "apiKey", "in": "cookie", "name": "key"},
    "byName": {"type": "http", "scheme": "basic"},
    "byToken": {"type": "http", "scheme": "bearer"},
}
TOKENS = {"known": {"kind": "member", "subject": "ada"}}


def _operation(scheme: str) -> Record:
    answers = {"200": {"description": "fine"}, "401": {"description": "who are you"}}
    return {"operationId": scheme, "security": [{scheme: []}], "responses": answers}


def _mock(folder: Path, scenario: Json) -> Mock:
    document = {
        "openapi": "3.0.3",
        "info": {"title": "Keys", "version": "1"},
        "paths": {f"/{scheme}": {"get": _operation(scheme)} for scheme in SCHEMES},
        "components": {"securitySchemes": SCHEMES},
    }
    (folder / "keys.json").write_text(json.dumps(document))
    (folder / "default.yaml").write_text(json.dumps(scenario))
    return load_mock(Setup(spec=folder / "keys.json", scenarios=folder))


@pytest.fixture
def strict(tmp_path: Path) -> Client:
    mock = _mock(tmp_path, {"about": "one member", "tokens": TOKENS})
    return Client(mock, mock.world())


@pytest.mark.parametrize("scheme", SCHEMES)
def test_listed_credential_is_let_in_and_any_other_refused(strict: Client, scheme: str) -> None:
    statuses = [strict.as_(token).exchange(scheme).reply.status for token in ("known", "unknown", "")]

    assert statuses == [200, 401, 401]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_any_credential_is_let_in_where_the_scenario_lists_none(tmp_path: Path, scheme: str) -> None:
    mock = _mock(tmp_path, {"about": "no token"})
    anybody = Client(mock, mock.world())

    statuses = [anybody.as_(token).exchange(scheme).reply.status for token in ("unknown", "")]

    assert statuses == [200, 401]


@pytest.mark.parametrize(
    ("scheme", "message"),
    [
        ("inHeader", "the header x-key is needed"),
        ("inQuery", "the query key is needed"),
        ("inCookie", "the cookie key is needed"),
        ("byName", "an Authorization header with basic credentials is needed"),
        ("byToken", "a bearer token is needed"),
    ],
)
def test_refusal_names_the_credential_that_is_missing(strict: Client, scheme: str, message: str) -> None:
    assert strict.exchange(scheme).reply.body["message"] == message


@pytest.mark.parametrize(
    ("scheme", "query", "headers"),
    [
        ("inHeader", "", {"x-key": "a b"}),
        ("inQuery", "key=a%20b", {}),
        ("inCookie", "", {"cookie": "key=a%20b"}),
        ("byName", "", {"authorization": "Basic a b"}),
        ("byToken", "", {"authorization": "Bearer a b"}),
    ],
)
def test_credential_is_sent_where_the_document_wants_it(
    strict: Client, scheme: str, query: str, headers: dict[str, str]
) -> None:
    request = request_for(strict.mock.spec.operations[scheme], {}, token="a b")

    assert (request.query, request.headers) == (query, headers)


def test_answer_depends_on_the_header_of_its_credential(strict: Client) -> None:
    read = {name: headers_read(strict.mock.spec.operations[name]) for name in SCHEMES}

    assert read == {
        "inHeader": {"x-key"},
        "inQuery": set(),
        "inCookie": {"cookie"},
        "byName": {"authorization"},
        "byToken": {"authorization"},
    }


def test_minted_token_has_the_class_and_subject_that_were_asked_for(strict: Client) -> None:
    api, world = strict.mock.api, strict.world
    claims = api.claims_of({"user": "ada", "kind": "member"}, world.scenario, world.draft())
    token = signing.sign(signing.issued(claims, "http://localhost", world.clock.now(), 60, "family"))

    exchange = strict.as_(token).exchange("byToken")

    assert (exchange.reply.status, exchange.caller) == (200, "ada")


def test_minted_token_ends_on_the_clock_of_the_world(strict: Client) -> None:
    claims = strict.mock.api.claims_of({}, strict.world.scenario, strict.world.draft())
    issued_at = strict.world.clock.now() - timedelta(seconds=60)
    token = signing.sign(signing.issued(claims, "http://localhost", issued_at, 60, "family"))

    assert strict.as_(token).exchange("byToken").reply.status == 401


def test_caller_without_an_alias_goes_by_the_subject_of_the_token(strict: Client) -> None:
    scenario = strict.world.scenario
    caller = strict.mock.api.caller_of({"sub": "eve", "token_type": "member"}, "a.b.c")

    assert caller_name(caller, scenario) == "eve"


def test_wrong_kind_of_credential_is_no_credential(strict: Client) -> None:
    operation = strict.mock.spec.operations["byToken"]
    request = Request("GET", "/byToken", headers={"authorization": "Basic known"})

    exchange = strict.mock.engine.answer(operation, request, World("w", strict.world.scenario))

    assert exchange.reply.status == 401
