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


CAT, DOG = "#/components/schemas/Cat", "#/components/schemas/Dog"


def test_discriminator_picks_the_branch() -> None:
    schema = {
        "oneOf": [{"$ref": CAT}, {"$ref": DOG}],
        "discriminator": {"propertyName": "kind", "mapping": {"kitty": "Cat"}},
    }

    converted = convert(schema, "response", modern=False)

    assert converted["required"] == ["kind"]
    assert converted["allOf"] == [
        {"properties": {"kind": {"enum": ["Cat", "Dog", "kitty"]}}},
        {"if": {"properties": {"kind": {"const": "Cat"}}}, "then": {"$ref": CAT}},
        {"if": {"properties": {"kind": {"const": "Dog"}}}, "then": {"$ref": DOG}},
        {"if": {"properties": {"kind": {"const": "kitty"}}}, "then": {"$ref": CAT}},
    ]
    assert "oneOf" not in converted


def _animal(sound: str) -> Json:
    return {
        "type": "object",
        "required": ["kind", sound],
        "properties": {"kind": {"type": "string"}, sound: {"type": "string"}},
    }


ANIMALS: Json = {
    "Cat": _animal("meow"),
    "Dog": _animal("bark"),
    "Nothing": {"type": "null"},
    "Pet": {"oneOf": [{"$ref": CAT}, {"$ref": DOG}], "discriminator": {"propertyName": "kind"}},
    "Maybe": {
        "oneOf": [{"$ref": CAT}, {"$ref": "#/components/schemas/Nothing"}],
        "discriminator": {"propertyName": "kind"},
    },
    "Inline": {
        "oneOf": [{"$ref": CAT}, {"type": "null"}, {"type": "object", "required": ["id"]}],
        "discriminator": {"propertyName": "kind"},
    },
    "Named": {
        "anyOf": [{"$ref": CAT}, {"$ref": DOG}],
        "discriminator": {"propertyName": "kind", "mapping": {"cat": "Cat", "lion": "Cat", "dog": DOG}},
    },
    "Nested": {
        "oneOf": [{"$ref": "#/components/schemas/Pet"}, {"$ref": "#/components/schemas/Nothing"}],
        "discriminator": {"propertyName": "kind"},
    },
}


@pytest.mark.parametrize(
    ("name", "value", "valid"),
    [
        ("Pet", {"kind": "Cat", "meow": "m"}, True),
        ("Pet", {"kind": "Cat", "bark": "m"}, False),
        ("Pet", {"kind": "Cow", "meow": "m"}, False),
        ("Pet", None, False),
        ("Maybe", None, True),
        ("Maybe", {"kind": "Cat", "meow": "m"}, True),
        ("Maybe", {"kind": "Cat"}, False),
        ("Inline", None, True),
        ("Inline", {"id": 1}, True),
        ("Inline", {"kind": "Cat", "meow": "m"}, True),
        ("Inline", {}, False),
        ("Named", {"kind": "lion", "meow": "m"}, True),
        ("Named", {"kind": "cat", "meow": "m"}, True),
        ("Named", {"kind": "Dog", "bark": "m"}, True),
        ("Named", {"kind": "lion", "bark": "m"}, False),
        ("Nested", {"kind": "Dog", "bark": "m"}, True),
        ("Nested", {"kind": "Dog", "meow": "m"}, False),
        ("Nested", None, True),
    ],
)
def test_discriminated_choice_takes_what_its_branches_take(name: str, value: Json, valid: bool) -> None:
    document = {"openapi": "3.1.0", "paths": {}, "components": {"schemas": ANIMALS}}

    assert compile_spec(document, [], "x").schema(name).is_valid(value) is valid


ELEMENT: Json = {
    "type": "object",
    "properties": {"id": {"type": "integer", "readOnly": True}, "name": {"type": "string"}},
}
PARTS: Json = {
    "Element": ELEMENT,
    "Beside": {"allOf": [{"$ref": "#/components/schemas/Element"}, {"required": ["id", "name"]}]},
    "Above": {"required": ["id", "name"], "allOf": [{"$ref": "#/components/schemas/Element"}]},
    "Deep": {"required": ["id"], "allOf": [{"allOf": [{"$ref": "#/components/schemas/Above"}]}]},
}


@pytest.mark.parametrize("name", ["Beside", "Above", "Deep"])
def test_read_only_property_of_a_part_is_not_required_in_a_request(name: str) -> None:
    document = {"openapi": "3.0.3", "paths": {}, "components": {"schemas": PARTS}}
    spec = compile_spec(document, [], "x")

    request = spec.validators.at("request", f"/components/schemas/{name}")

    assert request.is_valid({"name": "a"})
    assert not request.is_valid({"name": "a", "id": 5})
    assert not request.is_valid({})
    assert spec.schema(name).is_valid({"name": "a", "id": 5})
    assert not spec.schema(name).is_valid({"name": "a"})


@pytest.mark.parametrize(
    ("schema", "value", "valid"),
    [
        ({"type": "integer", "format": "int32"}, 2**31 - 1, True),
        ({"type": "integer", "format": "int32"}, 2**31, False),
        ({"type": "integer", "format": "int32"}, -(2**31) - 1, False),
        ({"type": "integer", "format": "int64", "minimum": 0}, 2**63 - 1, True),
        ({"type": "integer", "format": "int64", "minimum": 0}, 2**63, False),
        ({"type": "integer", "format": "int64", "minimum": 0}, -1, False),
        ({"type": "integer", "format": "int32", "nullable": True}, None, True),
        ({"type": "string", "format": "byte"}, "QWxwaGE=", True),
        ({"type": "string", "format": "byte"}, "", True),
        ({"type": "string", "format": "byte"}, "no base64!", False),
        ({"type": "string", "format": "byte"}, "QWxwaGE", False),
    ],
)
def test_formats_of_openapi_are_checked(schema: Json, value: Json, valid: bool) -> None:
    document = {"openapi": "3.0.3", "paths": {}, "components": {"schemas": {"It": schema}}}

    validator = compile_spec(document, [], "x").schema("It")

    assert validator.is_valid(value) is valid
    assert bool(validator.violations(value, "body")) is not valid
