"""Examples keep the constraints of their schemas, whatever these are, and the same name gives the same example."""

import json
from pathlib import Path

import pytest

from mockportal.engine.call import Request
from mockportal.mock import Setup, load_mock
from mockportal.spec.examples import example_of
from mockportal.spec.spec import Spec, compile_spec
from mockportal.values import Json, Record

NODE: Record = {
    "type": "object",
    "required": ["name", "kids"],
    "properties": {
        "name": {"type": "string"},
        "kids": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}},
    },
}
PET: Record = {"type": "object", "required": ["kind", "legs"], "properties": {"kind": {"type": "string"}}}


def _spec(schema: Json, version: str = "3.0.3") -> Spec:
    schemas = {
        "It": schema,
        "Node": NODE,
        "Cat": {**PET, "properties": {**PET["properties"], "legs": {"type": "integer", "minimum": 4}}},
        "Bird": {**PET, "properties": {**PET["properties"], "legs": {"type": "integer", "maximum": 2}}},
    }
    return compile_spec({"openapi": version, "paths": {}, "components": {"schemas": schemas}}, [], "x")


STRINGS: list[Record] = [
    {"pattern": "^[0-9a-f]{5}$"},
    {"pattern": "^/"},
    {"pattern": "^[A-Z]{3}-[0-9]{4}$"},
    {"pattern": "^(?:[0-9]{2}:){2}$"},
    {"maxLength": 2},
    {"minLength": 20, "maxLength": 20},
    {"pattern": "^[a-z]+$", "minLength": 12},
    {"not": {"enum": ["Alpha", "Bravo", "Charlie", "Delta"]}},
    *(
        {"format": name}
        for name in (
            "date", "date-time", "time", "duration", "email", "hostname", "ipv4", "ipv6", "uri", "uri-reference",
            "uuid", "json-pointer", "relative-json-pointer", "regex", "uri-template", "byte", "password",
        )
    ),
]  # fmt: skip
NUMBERS: list[Record] = [
    {"type": "integer", "minimum": 1, "multipleOf": 5},
    {"type": "integer", "minimum": 5, "exclusiveMinimum": True, "maximum": 6},
    {"type": "integer", "maximum": -5},
    {"type": "number", "minimum": 0.1, "maximum": 0.9},
    {"type": "number", "minimum": 1, "maximum": 1.2, "multipleOf": 0.25},
    {"type": "number", "multipleOf": 0.01, "minimum": 3.14159, "maximum": 3.15},
    {"type": "integer", "minimum": 10**20},
    {"type": "number", "minimum": -1e-9, "maximum": 1e-9},
]
OTHERS: list[Json] = [
    {"type": "array", "minItems": 3, "uniqueItems": True, "items": {"type": "integer"}},
    {"type": "array", "minItems": 3, "uniqueItems": True, "items": {"type": "string", "enum": ["a", "b", "c"]}},
    {"type": "array", "maxItems": 0, "items": {"type": "string"}},
    {"type": "object", "minProperties": 2, "additionalProperties": {"type": "integer"}},
    {"type": "object", "required": ["a"], "additionalProperties": {"type": "string"}},
    {"$ref": "#/components/schemas/Node"},
    {"oneOf": [{"type": "object", "required": [name], "properties": {name: {"type": "string"}}} for name in "ab"]},
    {"anyOf": [{"type": "string", "enum": []}, {"type": "integer"}]},
    {
        "oneOf": [{"$ref": "#/components/schemas/Bird"}, {"$ref": "#/components/schemas/Cat"}],
        "discriminator": {"propertyName": "kind", "mapping": {"bird": "Bird"}},
    },
    {"allOf": [{"type": "string", "maxLength": 3}]},
    True,
]  # fmt: skip


@pytest.mark.parametrize(
    "schema", [*({"type": "string", **one} for one in STRINGS), *NUMBERS, *OTHERS], ids=str
)
def test_example_keeps_every_constraint(schema: Json) -> None:
    spec = _spec(schema)

    made = [example_of(spec, "/components/schemas/It", name) for name in ("a", "a", "b", "c", "d")]

    assert [spec.schema("It").violations(one, "example") for one in made] == [[]] * 5
    assert made[0] == made[1]


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "integer", "exclusiveMinimum": 3, "exclusiveMaximum": 5},
        {"type": ["null", "string"], "pattern": "^x{3}$"},
        {"const": {"a": 1}},
        {"type": "array", "items": {"type": "string", "pattern": "^[A-Z]$"}, "minItems": 2},
    ],
    ids=str,
)
def test_example_keeps_the_constraints_of_openapi_31(schema: Json) -> None:
    spec = _spec(schema, "3.1.0")

    assert spec.schema("It").is_valid(example_of(spec, "/components/schemas/It", "x"))


def test_schema_without_any_value_is_a_501_that_names_it(tmp_path: Path) -> None:
    never = {"type": "string", "pattern": "^a$", "minLength": 5}
    content = {"application/json": {"schema": never}}
    operation = {"operationId": "never", "responses": {"200": {"description": "", "content": content}}}
    paths = {"/never": {"get": operation}}
    document = {"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": paths}
    (tmp_path / "doc.json").write_text(json.dumps(document))
    mock = load_mock(Setup(spec=tmp_path / "doc.json", scenarios=tmp_path))

    reply = mock.engine.answer(mock.spec.operations["never"], Request("GET", "/never"), mock.world()).reply

    assert reply.status == 501
    assert reply.body["message"].startswith(
        "never cannot be answered: no valid example of /paths/~1never/get"
    )
