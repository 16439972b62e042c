"""What a client spells is what the mock reads, in every style and place."""

import pytest

from mockportal.engine.call import request_for
from mockportal.engine.guard import PUBLIC
from mockportal.engine.read import read
from mockportal.spec.spec import compile_spec
from mockportal.values import Json, Record

TEXTS: Record = {"type": "array", "items": {"type": "string"}}
THING: Record = {
    "type": "object",
    "properties": {"n": {"type": "integer"}, "t": {"type": "string"}},
    "additionalProperties": False,
}
DEEP: Record = {
    "type": "object",
    "properties": {"in": THING, "l": {"type": "array", "items": {"type": "integer"}}},
}
VALUES: list[tuple[Record, Json]] = [
    ({"type": "string"}, "a b/ä&=+,;.|%"),
    ({"type": "integer"}, -5),
    ({"type": "boolean"}, True),
    (TEXTS, ["a b", "c&d", "e+f"]),
    (THING, {"n": 1, "t": "x y"}),
]
STYLES = [
    *(("query", style, explode) for style in ("form", "spaceDelimited", "pipeDelimited") for explode in (True, False)),
    *(("path", style, explode) for style in ("simple", "label", "matrix") for explode in (True, False)),
    ("header", "simple", False),
]  # fmt: skip


def read_back(parameter: Record, value: Json) -> Json:
    path = "/it/{p}" if parameter["in"] == "path" else "/it"
    operation = {"operationId": "it", "parameters": [parameter], "responses": {"200": {"description": ""}}}
    spec = compile_spec({"openapi": "3.0.3", "paths": {path: {"get": operation}}}, [], "x")

    request = request_for(spec.operations["it"], {"p": value})

    route = spec.routes.find(request.path)
    assert route is not None
    return read(spec.operations["it"], request, PUBLIC).params


@pytest.mark.parametrize(("place", "style", "explode"), STYLES)
@pytest.mark.parametrize(("schema", "value"), VALUES)
def test_parameter_is_read_as_it_was_spelled(
    place: str, style: str, explode: bool, schema: Record, value: Json
) -> None:
    if schema == THING and style in ("spaceDelimited", "pipeDelimited"):
        return  # OpenAPI defines no object in these styles
    if place == "header" and schema == TEXTS:
        value = ["a", "b"]  # a header has no escapes
    if place == "header" and schema["type"] == "string":
        value = "plain"
    if style == "spaceDelimited" and schema == TEXTS and not explode:
        value = ["ab", "c&d", "e+f"]  # a blank is what separates
    if style == "label" and explode and isinstance(value, dict):
        value = {"n": 1, "t": "x"}
    parameter = {
        "name": "p",
        "in": place,
        "required": True,
        "style": style,
        "explode": explode,
        "schema": schema,
    }

    assert read_back(parameter, value) == {"p": value}


@pytest.mark.parametrize(
    ("extra", "schema", "value"),
    [
        ({"style": "deepObject"}, DEEP, {"in": {"n": 1, "t": "a b"}, "l": [1, 2]}),
        ({"content": {"application/json": {"schema": DEEP}}}, None, {"in": {"n": 1}}),
        ({}, {"type": "array", "items": THING}, [{"n": 1}, {"t": "x"}]),
    ],
)
def test_objects_in_a_query_are_read_as_they_were_spelled(extra: Record, schema: Json, value: Json) -> None:
    parameter = {"name": "p", "in": "query", **extra} | ({"schema": schema} if schema else {})

    assert read_back(parameter, value) == {"p": value}


def test_cookie_is_read_as_it_was_spelled() -> None:
    assert read_back({"name": "p", "in": "cookie", "schema": {"type": "string"}}, "a b") == {"p": "a b"}
