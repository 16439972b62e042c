"""Credentials of other APIs than the shipped one: a key in the header, query or cookie, basic, bearer, a client
certificate."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from mockportal.engine import signing
from mockportal.engine.call import Request, request_for
from mockportal.engine.guard import caller_name, headers_read
from mockportal.engine.world import World
from mockportal.errors import FileError
from mockportal.mock import Mock, Setup, load_mock
from mockportal.testing import Client
from mockportal.values import Json, Record

SCHEMES: Record = {
    "inHeader": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "inQuery": {"type": "apiKey", "in": "query", "name": "key"},
    "inCookie": {"type": "apiKey", "in": "cookie", "name": "key"},
    "byName": {"type": "http", "scheme": "basic"},
    "byToken": {"type": "http", "scheme": "bearer"},
    "byCertificate": {"type": "mutualTLS"},
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
        ("byCertificate", "a client certificate is needed"),
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
        ("byCertificate", "", {"client-cert": "a b"}),
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
        "byCertificate": {"client-cert"},
    }


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"x-ssl-client-s-dn": "CN=ada"}, 200),
        ({"client-cert": "CN=ada"}, 200),
        ({"x-ssl-client-s-dn": "CN=eve"}, 401),
        ({"x-ssl-client-s-dn": "CN=eve", "client-cert": "CN=ada"}, 401),
        ({"authorization": "Bearer CN=ada"}, 401),
        ({}, 401),
    ],
)
def test_certificate_is_read_from_the_header_that_the_scenario_names(
    tmp_path: Path, headers: dict[str, str], status: int
) -> None:
    tokens = {"CN=ada": {"subject": "ada"}}
    mock = _mock(
        tmp_path, {"about": "TLS ends before", "certificate_header": "X-SSL-Client-S-DN", "tokens": tokens}
    )
    operation, world = mock.spec.operations["byCertificate"], mock.world()

    exchange = mock.engine.answer(operation, Request("GET", "/byCertificate", headers=headers), world)

    assert exchange.reply.status == status


def test_answer_to_one_certificate_is_not_the_answer_to_another(tmp_path: Path) -> None:
    scenario = {"about": "x", "certificate_header": "X-Subject", "tokens": {"ada": {}, "kim": {}}}
    mock = _mock(tmp_path, scenario)
    operation, world = mock.spec.operations["byCertificate"], mock.world()

    answers = [
        mock.engine.answer(operation, Request("GET", "/byCertificate", headers={"x-subject": name}), world)
        for name in ("ada", "kim", "eve", "ada")
    ]

    assert [one.reply.status for one in answers] == [200, 200, 401, 200]
    assert [one.caller for one in answers] == ["ada", "kim", "", "ada"]


def test_header_of_certificates_has_the_name_of_a_header(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="certificate_header"):
        _mock(tmp_path, {"about": "x", "certificate_header": "X Subject"}).world()


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
