import pytest

from mockportal.spec.dialect import convert
from mockportal.spec.spec import compile_spec
from mockportal.values import Json

TABLE = [
    ("nullable type", {"type": "string", "nullable": True}, {"type": ["string", "null"]}),
    ("nullable choice", {"anyOf": [{"type": "string"}], "nullable": True},
     {"anyOf": [{"anyOf": [{"type": "string"}]}, {"type": "null"}]}),
    ("nullable alone", {"nullable": True}, {}),
    ("nullable enum keeps its enum", {"type": "string", "nullable": True, "enum": ["a"]},
     {"type": ["string", "null"], "enum": ["a"]}),
    ("siblings of a reference", {"$ref": "#/a", "nullable": True, "description": "x"}, {"$ref": "#/a"}),
    ("exclusive minimum", {"minimum": 1, "exclusiveMinimum": True}, {"exclusiveMinimum": 1}),
    ("inclusive maximum", {"maximum": 1, "exclusiveMaximum": False}, {"maximum": 1}),
    ("annotations", {"type": "string", "example": "x", "title": "y", "deprecated": True}, {"type": "string"}),
    ("a property called nullable", {"properties": {"nullable": {"type": "string"}}},
     {"properties": {"nullable": {"type": "string"}}}),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_openapi_30_schema_becomes_json_schema(schema: Json, expected: Json) -> None:
    assert convert(schema, "response", modern=False) == expected


def test_openapi_31_schema_stays_as_it_is() -> None:
    schema = {"$ref": "#/a", "type": ["string", "null"], "exclusiveMinimum": 3}

    assert convert(schema, "response", modern=True) == schema


def test_write_only_property_is_required_in_requests_and_forbidden_in_answers() -> None:
    schema = {"required": ["password"], "properties": {"password": {"type": "string", "writeOnly": True}}}

    assert convert(schema, "response", modern=False) == {
        "required": [],
        "properties": {"password": {"not": {}}},
    }
    assert convert(schema, "request", modern=False)["required"] == ["password"]


@pytest.mark.parametrize(
    "item",
    [
        {"$ref": "#/components/schemas/Secret"},
        {"$ref": "#/components/schemas/Alias"},
        {"allOf": [{"$ref": "#/components/schemas/Alias"}, {"description": "d"}]},
    ],
)
def test_write_only_property_behind_a_reference_is_forbidden_in_answers(item: Json) -> None:
    schemas = {
        "Alias": {"allOf": [{"$ref": "#/components/schemas/Secret"}]},
        "Secret": {"type": "string", "writeOnly": True},
        "User": {
            "required": ["password", "name"],
            "properties": {"password": item, "name": {"type": "string"}},
        },
    }
    document = {"openapi": "3.0.3", "paths": {}, "components": {"schemas": schemas}}

    spec = compile_spec(document, [], "doc")

    assert spec.schema("User").is_valid({"name": "x"})
    assert not spec.schema("User").is_valid({"name": "x", "password": "y"})
    request = spec.validators.at("request", "/components/schemas/User")
    assert request.is_valid({"name": "x", "password": "y"})
    assert not request.is_valid({"name": "x"})


def test_discriminator_picks_the_branch() -> None:
    schema = {
        "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
        "discriminator": {"propertyName": "kind", "mapping": {"kitty": "Cat"}},
    }

    converted = convert(schema, "response", modern=False)

    assert converted["required"] == ["kind"]
    assert converted["allOf"] == [
        {"properties": {"kind": {"enum": ["Dog", "kitty"]}}},
        {"if": {"properties": {"kind": {"const": "Dog"}}}, "then": {"$ref": "#/components/schemas/Dog"}},
        {"if": {"properties": {"kind": {"const": "kitty"}}}, "then": {"$ref": "#/components/schemas/Cat"}},
    ]
    assert "oneOf" not in converted
