"""Bodies of every media type are judged by the schema that the document has for it, and headers by theirs."""

from typing import Any

import pytest

from mockportal.judge.checks.answer.answers import CHECKS, answer_of
from mockportal.judge.model import Interaction, Received, Sent
from mockportal.spec.spec import compile_spec
from mockportal.values import Json

THING = {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}
SCHEMA = {"schema": {"$ref": "#/components/schemas/Thing"}}
JSON = "application/json"


def found(
    response: dict[str, Any], content_type: str, body: bytes, method: str = "GET", **headers: str
) -> list[str]:
    """The signatures of everything that is wrong with a 200."""
    schemas = {"Thing": THING, "Secret": {"type": "string", "writeOnly": True}}
    operation = {"operationId": "get", "responses": {"200": {"description": "d", **response}}}
    document = {"openapi": "3.0.3", "paths": {"/a": {"get": operation}}, "components": {"schemas": schemas}}
    operation_ = compile_spec(document, [], "doc").operations["get"]
    sent = [("content-type", content_type)] if content_type else []
    sent += [(name.replace("_", "-"), value) for name, value in headers.items()]
    received = Received(200, tuple(sent), body)
    answer = answer_of(operation_, Interaction(Sent("get", method, "/a", {}), received), received)
    return [f"{check}: {wrong.signature}" for check, function in CHECKS.items() for wrong in function(answer)]


@pytest.mark.parametrize(
    ("documented", "sent"),
    [
        ("*/*", JSON),
        ("application/*", JSON),
        ("Application/JSON", JSON),
        ("application/json; charset=utf-8", "application/json; charset=utf-8"),
        ("application/json; charset=utf-8", JSON),
        (JSON, 'Application/JSON; charset="UTF-8"'),
        ("application/hal+json", "application/hal+json"),
        ("application/problem+json", "application/problem+json; charset=utf-8"),
    ],
)
def test_body_of_a_documented_type_is_judged_by_its_schema(documented: str, sent: str) -> None:
    response = {"content": {documented: SCHEMA}}

    assert found(response, sent, b'{"n": 1}') == []
    assert found(response, sent, b'{"n": "x"}') == ["response_schema_conformance: 200 /n"]
    assert found(response, sent, b"{") == ["content_type_conformance: 200 not JSON"]


@pytest.mark.parametrize(
    ("documented", "sent", "signature"),
    [
        (JSON, "text/html; charset=utf-8", "200 text/html"),
        (JSON, "application/hal+json", "200 application/hal+json"),
        ("application/*", "text/plain", "200 text/plain"),
        (JSON, "", "200 "),
    ],
)
def test_type_that_no_documented_one_covers_is_a_finding(documented: str, sent: str, signature: str) -> None:
    assert found({"content": {documented: SCHEMA}}, sent, b'{"n": 1}') == [
        f"content_type_conformance: {signature}"
    ]


def test_most_precise_of_the_documented_types_has_the_schema() -> None:
    response = {"content": {"*/*": {"schema": {"type": "string"}}, JSON: SCHEMA}}

    assert found(response, JSON, b'{"n": 1}') == []
    assert found(response, JSON, b'"x"') == ["response_schema_conformance: 200 "]
    assert found(response, "text/plain", b"x") == []


@pytest.mark.parametrize(
    ("schema", "body", "signatures"),
    [
        ({"type": "string", "enum": ["pong"]}, b"pong", []),
        ({"type": "string", "enum": ["pong"]}, b"ping", ["response_schema_conformance: 200 "]),
        ({"type": "string", "pattern": "^[0-9]+$"}, b"12", []),
        ({"type": "integer"}, b"12", []),
        ({"type": "integer"}, b"twelve", ["response_schema_conformance: 200 "]),
        ({"type": "string", "minLength": 1}, b"", ["response_schema_conformance: 200 "]),
        ({"type": "string"}, b"\xff", []),
    ],
)
def test_plain_text_is_judged_by_its_schema(schema: Json, body: bytes, signatures: list[str]) -> None:
    assert found({"content": {"text/plain": {"schema": schema}}}, "text/plain", body) == signatures


def test_text_is_read_in_its_own_encoding() -> None:
    response = {"content": {"text/plain": {"schema": {"type": "string", "enum": ["grün"]}}}}

    assert found(response, "text/plain; charset=iso-8859-1", "grün".encode("latin-1")) == []
    assert found(response, "text/plain; charset=no-such", "grün".encode()) == []


@pytest.mark.parametrize(
    "kind", ["application/octet-stream", "application/xml", "text/xml", "text/csv", "image/png"]
)
def test_body_that_is_no_json_and_no_text_is_not_read(kind: str) -> None:
    assert found({"content": {kind: SCHEMA}}, kind, b"<x/>") == []


def test_body_where_none_is_documented_is_a_finding() -> None:
    assert found({}, JSON, b'{"a": 1}') == ["content_type_conformance: 200 body"]
    assert found({}, JSON, b"") == []
    assert found({}, "", b"") == []
    assert found({"content": {"text/plain": {}}}, "text/plain", b"x") == []


def test_head_has_the_media_type_and_no_body() -> None:
    assert found({"content": {JSON: SCHEMA}}, JSON, b"", "HEAD") == []
    assert found({"content": {"text/plain": {"schema": {"minLength": 1}}}}, "text/plain", b"", "HEAD") == []


def test_write_only_value_behind_a_reference_is_a_finding() -> None:
    schema = {"type": "object", "properties": {"pw": {"$ref": "#/components/schemas/Secret"}}}
    response = {"content": {JSON: {"schema": schema}}}

    assert found(response, JSON, b'{"pw": "hush-hush-1"}') == ["response_schema_conformance: 200 /pw"]
    assert found(response, JSON, b"{}") == []


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"type": "integer"}, "3", "many"),
        ({"type": "integer"}, "-3", "3.5"),
        ({"type": "number"}, "3.5", "NaN"),
        ({"type": "boolean"}, "true", "yes"),
        ({"type": "string", "enum": ["a"]}, "a", "b"),
        ({"type": "string", "pattern": "^[0-9]+$"}, "12", "x"),
        ({"type": "string", "format": "date-time"}, "2026-06-15T07:00:00Z", "yesterday"),
        ({"oneOf": [{"type": "integer"}, {"type": "boolean"}]}, "5", "five"),
        ({"type": "array", "items": {"type": "integer"}}, "1, 2,3", "1, two"),
        ({"type": "array", "items": {"type": "string"}, "minItems": 2}, "a,b", "a"),
        ({"type": "object", "properties": {"a": {"type": "integer"}}}, "a=1", "a=x"),
        ({"type": "object", "properties": {"a": {"type": "integer"}}}, "a,1", "a,x"),
    ],
)
def test_header_of_the_wrong_type_is_a_finding(schema: Json, good: str, bad: str) -> None:
    response = {"headers": {"X-A": {"schema": schema}}}

    assert found(response, "", b"", x_a=good) == []
    assert found(response, "", b"", x_a=bad) == ["response_headers_conformance: 200 X-A value"]
    assert found(response, "", b"") == []


def test_documented_content_type_header_is_ignored_as_openapi_says() -> None:
    response = {
        "headers": {"Content-Type": {"required": True, "schema": {"enum": ["x"]}}},
        "content": {JSON: SCHEMA},
    }

    assert found(response, JSON, b'{"n": 1}') == []
