"""The fields of a schema."""

from typing import Any

import pytest

from mockportal.web.console.fields import fields_of, shape_of

DOCUMENT = {"components": {"schemas": {"Name": {"type": "string", "description": "A name."}}}}
NAME = {"$ref": "#/components/schemas/Name"}


def test_fields_come_from_parts_references_and_the_first_alternative() -> None:
    schema = {
        "allOf": [
            {"properties": {"a": NAME}, "required": ["a"]},
            {"properties": {"b": {"enum": ["x", "y"]}}},
        ],
        "oneOf": [{"properties": {"c": {"type": "integer", "minimum": 1}}}, {"properties": {"d": {}}}],
        "properties": {"id": {"type": "string", "readOnly": True}},
    }

    assert fields_of(DOCUMENT, schema, "/x") == [
        {"name": "a", "required": True, "type": "string", "description": "A name."},
        {"name": "b", "required": False, "type": "string", "description": "", "enum": ["x", "y"]},
        {"name": "c", "required": False, "type": "integer", "description": "", "minimum": 1},
    ]


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ({"type": ["null", "boolean"]}, "boolean"),
        ({"type": ["null"]}, "null"),
        ({"properties": {}}, "object"),
        ({}, "any"),
        (True, "any"),
    ],
)
def test_kind_of_a_value(schema: Any, kind: str) -> None:
    assert shape_of(schema)["type"] == kind


def test_schema_that_is_only_true_has_no_fields() -> None:
    assert fields_of({}, True, "/x") == []
