"""What is said of a single answer."""

import pytest

from mockportal.judge.checks.answer.answers import CHECKS, answer_of
from mockportal.judge.model import Interaction, Received, Sent
from mockportal.spec.spec import Spec, compile_spec

JSON = ("content-type", "application/json")
CONTRACT = (
    b'{"entity": {"_id": "1", "_created_at": "2026-01-02T00:00:00Z", "_updated_at": "2026-01-01T00:00:00Z"}}'
)
CASES = [
    ("getContract", 503, (JSON,), b"{}", "not_a_server_error", "503"),
    ("getContract", 418, (JSON,), b"{}", "status_code_conformance", "418"),
    (
        "getContract",
        200,
        (("content-type", "text/html"),),
        b"<p>",
        "content_type_conformance",
        "200 text/html",
    ),
    ("getContract", 200, (JSON,), b'{"entity": ', "content_type_conformance", "200 not JSON"),
    ("getContract", 200, (JSON,), b'{"entity": "\xff"}', "content_type_conformance", "200 not JSON"),
    ("getContract", 200, (JSON,), b'{"entity": []}', "response_schema_conformance", "200 /entity"),
    (
        "getAllContracts",
        200,
        (JSON,),
        b'{"data": [{"_id": 1}]}',
        "response_schema_conformance",
        "200 /data/*/_id",
    ),
    ("validateToken", 204, (JSON,), b"{}", "content_type_conformance", "204 body"),
    ("ssoRedirect", 301, (), b"", "response_headers_conformance", "301 location"),
    (
        "ssoRedirect",
        301,
        (("location", "javascript:1"),),
        b"",
        "response_headers_conformance",
        "301 location",
    ),
    ("searchPortalUserEntities", 200, (JSON,), b'{"hits": 0, "results": [{}]}', "counts_agree", "hits"),
    ("getContract", 404, (JSON,), b'{"error": "x"}', "refusals_say_why", "404 message"),
    ("updateContract", 403, (JSON,), b'{"message": " "}', "refusals_say_why", "403 message"),
    ("confirmUser", 400, (JSON,), b'{"reason": "invalid_token"}', "refusals_say_why", "400 message"),
]


def found(spec: Spec, name: str, received: Received) -> set[tuple[str, str]]:
    operation = spec.operations[name]
    exchange = Interaction(Sent(name, operation.method, operation.path, {}), received)
    answer = answer_of(operation, exchange, received)
    return {(check, wrong.signature) for check, function in CHECKS.items() for wrong in function(answer)}


@pytest.mark.parametrize(("name", "status", "headers", "body", "check", "signature"), CASES)
def test_wrong_answer_is_found(
    spec: Spec,
    name: str,
    status: int,
    headers: tuple[tuple[str, str], ...],
    body: bytes,
    check: str,
    signature: str,
) -> None:
    assert (check, signature) in found(spec, name, Received(status, headers, body))


def test_every_check_finds_something() -> None:
    assert {check for *_, check, _ in CASES} <= CHECKS.keys()


@pytest.mark.parametrize("status", [405, 413, 415, 429])
def test_what_http_itself_may_answer_needs_no_documentation(spec: Spec, status: int) -> None:
    assert found(spec, "getContract", Received(status, (JSON,), b"{}")) == set()


def test_finding_keeps_its_id_whatever_the_position_in_a_list(spec: Spec) -> None:
    first = Received(200, (JSON,), b'{"data": [{"_id": 1}]}')
    third = Received(200, (JSON,), b'{"data": [{}, {}, {"_id": 1}]}')

    assert found(spec, "getAllContracts", first) == found(spec, "getAllContracts", third)


@pytest.mark.parametrize(
    ("status", "wrong"), [(200, {("content_type_conformance", "200 body")}), (404, set())]
)
def test_refusal_may_explain_itself_where_no_body_is_documented(
    status: int, wrong: set[tuple[str, str]]
) -> None:
    responses = {str(one): {"description": ""} for one in (200, 404)}
    paths = {"/a": {"get": {"operationId": "a", "responses": responses}}}
    spec = compile_spec({"openapi": "3.1.0", "info": {}, "paths": paths}, [], "x")

    assert found(spec, "a", Received(status, (JSON,), b'{"message": "none"}')) == wrong
