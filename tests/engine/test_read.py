"""Requests as they arrive: spelled in many ways, or wrong."""

from urllib.parse import quote

import pytest

from mockportal.engine.call import Call, Caller, Request
from mockportal.engine.read import Unreadable, WrongMediaType, read
from mockportal.spec.spec import Spec, compile_spec
from mockportal.values import Json, Record

ID = "5da0a718-c822-403d-9f5d-20d4584e0528"
OTHER = "6da0a718-c822-403d-9f5d-20d4584e0528"


def call(spec: Spec, operation: str, query: str = "", body: bytes = b"", **headers: str) -> Call:
    op = spec.operations[operation]
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    paths = {parameter.name: ID for parameter in op.parameters if parameter.location == "path"}
    return read(op, Request(op.method, op.path, query, names, body, paths), Caller("public"))


def violations(
    spec: Spec, operation: str, query: str = "", body: bytes = b"", **headers: str
) -> list[tuple[str, str]]:
    with pytest.raises(Unreadable) as caught:
        call(spec, operation, query, body, **headers)
    return [(violation.where, violation.path) for violation in caught.value.violations]


@pytest.mark.parametrize(
    ("query", "params"),
    [
        ("", {"from": 0, "size": 100}),
        ("from=2&size=5", {"from": 2, "size": 5}),
        ("paid=true&entity_id=" + ID, {"from": 0, "size": 100, "paid": True, "entity_id": [ID]}),
        (f"entity_id={ID}&entity_id={OTHER}", {"from": 0, "size": 100, "entity_id": [ID, OTHER]}),
        (f"entity_id[]={ID}&entity_id%5B%5D={OTHER}", {"from": 0, "size": 100, "entity_id": [ID, OTHER]}),
        ("unknown=1&from=3", {"from": 3, "size": 100}),
        (
            "date_after=2026-06-15T00%3A00%3A00Z",
            {"from": 0, "size": 100, "date_after": "2026-06-15T00:00:00Z"},
        ),
    ],
)
def test_query_is_coerced_and_defaulted(spec: Spec, query: str, params: Record) -> None:
    assert call(spec, "getBillingEvents", query).params == params


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("from=x", [("query", "/from")]),
        ("from=", [("query", "/from")]),
        ("from=1.5", [("query", "/from")]),
        ("from=-1", [("query", "/from")]),
        ("from=%2B1", [("query", "/from")]),
        ("size=1001", [("query", "/size")]),
        ("from=1&from=2", [("query", "/from")]),
        ("paid=yes", [("query", "/paid")]),
        ("event_type=dunning", [("query", "/event_type")]),
        ("date_after=2026-06-15", [("query", "/date_after")]),
        (f"entity_id={ID}&entity_id={ID}", [("query", "/entity_id")]),
        ("entity_id=x", [("query", "/entity_id/0")]),
        ("from=x&paid=maybe", [("query", "/from"), ("query", "/paid")]),
        ("from=%zz", [("query", "")]),
        ("from=%ff", [("query", "")]),
        ("from=" + "9" * 400, [("query", "/from")]),
    ],
)
def test_wrong_query_is_refused_with_every_violation(
    spec: Spec, query: str, found: list[tuple[str, str]]
) -> None:
    assert violations(spec, "getBillingEvents", query) == found


def test_missing_parameter_is_named(spec: Spec) -> None:
    with pytest.raises(Unreadable) as caught:
        call(spec, "getPortalConfigByDomain")

    assert caught.value.body["message"] == "query: 'domain' is a required property"
    assert caught.value.body["errors"] == [
        {"in": "query", "path": "", "message": "'domain' is a required property"}
    ]


@pytest.mark.parametrize(
    "spelled",
    [
        "context_entities=" + quote(f'[{{"entity_schema":"contract","entity_id":"{ID}"}}]'),
        "context_entities=" + quote(f'{{"entity_schema":"contract","entity_id":"{ID}"}}'),
        "context_entities[]=" + quote(f'{{"entity_schema":"contract","entity_id":"{ID}"}}'),
        f"context_entities[0][entity_schema]=contract&context_entities[0][entity_id]={ID}",
        f"context_entities%5B0%5D%5Bentity_schema%5D=contract&context_entities%5B0%5D%5Bentity_id%5D={ID}",
    ],
)
def test_array_of_objects_is_read_in_three_spellings(spec: Spec, spelled: str) -> None:
    params = call(spec, "getPortalPages", f"domain=x&{spelled}").params

    assert params["context_entities"] == [{"entity_schema": "contract", "entity_id": ID}]


@pytest.mark.parametrize(
    "spelled", ["context_entities=x", "context_entities=entity_id", "context_entities=[1]", ""]
)
def test_anything_else_there_is_ignored(spec: Spec, spelled: str) -> None:
    assert call(spec, "getPortalPages", f"domain=x&{spelled}").params["context_entities"] == []


@pytest.mark.parametrize(
    ("query", "ignored"),
    [
        ("domain=x", ()),
        ("domain=x&colour=red&_=1&colour=blue", ("colour", "_")),
        ("domain=x&Domain=y", ("Domain",)),
        ("domain=x&context_entities=x", ("context_entities",)),
        ("domain=x&context_entities=[1]", ("context_entities",)),
        ("domain=x&context_entities[]=x", ("context_entities",)),
        (f"domain=x&context_entities[0][entity_id]={ID}", ()),
        ("domain=x&context_entities[0]=x", ("context_entities[0]",)),
        (f"domain=x&context_entities[{'1' * 5_000}][a]=x", (f"context_entities[{'1' * 5_000}][a]",)),
        ("domain=x&context_entities[²][a]=x", ("context_entities[²][a]",)),
        ("domain=x&context_entitiesX[0][a]=x", ("context_entitiesX[0][a]",)),
    ],
)
def test_ignored_parameters_are_named(spec: Spec, query: str, ignored: tuple[str, ...]) -> None:
    assert call(spec, "getPortalPages", query).ignored == ignored


def test_unknown_parameter_of_an_operation_without_parameters_is_ignored(spec: Spec) -> None:
    assert spec.operations["getPortalUser"].parameters == ()
    assert call(spec, "getPortalUser", "colour=red").ignored == ("colour",)


READING = b'{"meter_id": "5da0a718-c822-403d-9f5d-20d4584e0528", "value": 1, "source": "ECP"}'


@pytest.mark.parametrize(
    "media_type", ["application/json", "application/json; charset=utf-8", "application/merge-patch+json", ""]
)
def test_json_body_is_read(spec: Spec, media_type: str) -> None:
    headers = {"content_type": media_type} if media_type else {}

    assert call(spec, "createMeterReading", "", READING, **headers).fields["value"] == 1


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml"])
def test_other_media_type_is_refused(spec: Spec, media_type: str) -> None:
    with pytest.raises(WrongMediaType):
        call(spec, "createMeterReading", "", READING, content_type=media_type)


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"[1,]", b"nonsense", b'{"value": NaN}', b'{"value": Infinity}', b'{"a": "\\ud800"}', b"\xff", b"[" * 10_000,
        b'{"a":' * 150 + b"1" + b"}" * 150, b'{"a": 1} x',
        b'{"value": ' + b"1" * 5000 + b"}", b"",
    ],
)  # fmt: skip
def test_body_that_is_no_json_is_one_violation(spec: Spec, body: bytes) -> None:
    assert violations(spec, "createMeterReading", "", body, content_type="application/json") == [("body", "")]


def test_every_violation_of_a_body_is_reported(spec: Spec) -> None:
    body = b'{"value": "x", "source": "moon", "direction": 1, "metadata": {"a": 1}}'

    assert violations(spec, "createMeterReading", "override_plausibility=maybe", body) == [
        ("query", "/override_plausibility"),
        ("body", ""),
        ("body", "/direction"),
        ("body", "/direction"),
        ("body", "/metadata/a"),
        ("body", "/source"),
        ("body", "/value"),
    ]


def test_big_integers_keep_their_digits(spec: Spec) -> None:
    body = b'{"anything": 32589158477190044729}'

    assert call(spec, "updateContact", "", body).fields == {"anything": 32589158477190044729}


def test_defaults_of_a_body_are_filled_in_beside_what_was_sent(spec: Spec) -> None:
    found = call(spec, "searchPortalUserEntities", "", b'{"slug": "contract", "size": 3}')

    assert (found.fields["from"], found.fields["size"]) == (0, 3)
    assert found.body == {"slug": "contract", "size": 3}


def test_optional_body_may_be_absent(spec: Spec) -> None:
    found = call(spec, "updateContact")

    assert (found.body, found.fields) == (None, {})


FORM = "multipart/form-data; boundary=b"


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b'--b\r\nContent-Disposition: form-data; name="code"\r\n\r\nabc\r\n--b--\r\n', {"code": "abc"}),
        (b"--b--", {}),
        (b'--b\r\nContent-Disposition: form-data; name=""\r\n\r\nx\r\n--b--', {"": "x"}),
    ],
)
def test_multipart_body_is_read(spec: Spec, body: bytes, fields: Record) -> None:
    assert call(spec, "ssoRedirect", "web_uri=https://a.test", body, content_type=FORM).fields == fields


def test_broken_multipart_is_refused(spec: Spec) -> None:
    where = "web_uri=https://a.test"

    assert violations(spec, "ssoRedirect", where, b"junk", content_type=FORM) == [("body", "")]
    assert violations(spec, "ssoRedirect", where, b"--b--", content_type="multipart/form-data") == [
        ("body", "")
    ]


def other_spec(parameters: list[Json]) -> Spec:
    operation = {"operationId": "find", "parameters": parameters, "responses": {"200": {"description": ""}}}
    return compile_spec({"openapi": "3.1.0", "paths": {"/find": {"get": operation}}}, [], "x")


@pytest.mark.parametrize(
    ("parameter", "query", "headers", "value"),
    [
        ({"in": "query", "style": "form", "explode": False, "schema": {"type": "array", "items": {"type": "integer"}}}, "p=1,2", {}, [1, 2]),
        ({"in": "query", "style": "pipeDelimited", "explode": False, "schema": {"type": "array"}}, "p=a|b", {}, ["a", "b"]),
        ({"in": "query", "style": "deepObject", "schema": {"type": "object", "properties": {"a": {"type": "integer"}}}}, "p[a]=1", {}, {"a": 1}),
        ({"in": "query", "schema": {"type": "object", "properties": {"a": {"type": "boolean"}}}}, "a=true", {}, {"a": True}),
        ({"in": "query", "explode": False, "schema": {"type": "object", "properties": {"a": {"type": "integer"}}}}, "p=a,1", {}, {"a": 1}),
        ({"in": "query", "schema": {"type": ["number", "null"]}}, "p=1.5", {}, 1.5),
        ({"in": "header", "schema": {"type": "integer"}}, "", {"p": "5"}, 5),
        ({"in": "cookie", "schema": {"type": "string"}}, "", {"cookie": "q=1; p=a%20b"}, "a b"),
        ({"in": "header", "schema": {"type": "array", "items": {"type": "integer"}}}, "", {"p": "1 ,\t2, 3"}, [1, 2, 3]),
        ({"in": "header", "explode": True, "schema": {"type": "array", "items": {"type": "integer"}}}, "", {"p": "1, 2"}, [1, 2]),
        ({"in": "header", "schema": {"type": "object", "properties": {"a": {"type": "integer"}}}}, "", {"p": "a, 1"}, {"a": 1}),
    ],
)  # fmt: skip
def test_other_styles_and_places_are_read(
    parameter: Record, query: str, headers: dict[str, str], value: Json
) -> None:
    spec = other_spec([{"name": "p", **parameter}])

    assert call(spec, "find", query, b"", **headers).params == {"p": value}


@pytest.mark.parametrize(
    ("parameter", "query"),
    [
        (
            {"in": "query", "style": "deepObject", "schema": {"type": "object", "properties": {"a": {}}}},
            "p[a]=1",
        ),
        ({"in": "query", "schema": {"type": "object", "properties": {"a": {}}}}, "a=true"),
        ({"in": "query", "schema": {"type": "array", "items": {"type": "string"}}}, "p[]=1&p=2"),
    ],
)
def test_parameter_that_is_read_is_not_ignored(parameter: Record, query: str) -> None:
    found = call(other_spec([{"name": "p", **parameter}]), "find", f"{query}&q=1")

    assert found.ignored == ("q",)


@pytest.mark.parametrize("text", ["1e999", "-1e400"])
def test_number_beyond_all_numbers_is_a_violation(text: str) -> None:
    spec = other_spec([{"name": "p", "in": "query", "schema": {"type": "number"}}])

    assert violations(spec, "find", f"p={text}") == [("query", "/p")]
