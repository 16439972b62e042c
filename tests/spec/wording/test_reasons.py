"""The reasons why a value does not fit a schema, in words without the value."""

import pytest
from jsonschema import Draft202012Validator

from mockportal.spec.wording.reasons import reason_of
from mockportal.values import Json

LONG = {"items": ["x" * 500]}


@pytest.mark.parametrize(
    ("schema", "value", "reason"),
    [
        ({"type": "array"}, LONG, "expected array, got object"),
        ({"type": ["string", "null"]}, True, "expected string or null, got boolean"),
        ({"type": "object"}, None, "expected object, got null"),
        ({"enum": ["a", "ä"]}, "b", 'expected one of ["a", "ä"]'),
        ({"const": 1}, 2, "expected 1"),
        ({"required": ["it's"]}, {}, 'lacks "it\'s", which is required'),
        ({"pattern": "^a"}, "b", 'expected a text like "^a"'),
        ({"minimum": 3}, 2, "expected 3 or more"),
        ({"maximum": 3}, 4, "expected 3 or less"),
        ({"exclusiveMinimum": 3}, 3, "expected more than 3"),
        ({"exclusiveMaximum": 3}, 3, "expected less than 3"),
        ({"multipleOf": 2}, 3, "expected a multiple of 2"),
        ({"minLength": 2}, "a", "expected 2 characters or more, got 1"),
        ({"maxLength": 1}, "ab", "expected 1 characters or less, got 2"),
        ({"minItems": 2}, [1], "expected 2 items or more, got 1"),
        ({"maxItems": 0}, [1], "expected 0 items or less, got 1"),
        ({"minProperties": 1}, {}, "expected 1 properties or more, got 0"),
        ({"maxProperties": 0}, LONG, "expected 0 properties or less, got 1"),
        ({"uniqueItems": True}, [1, 1], "expected no item twice"),
        ({"not": {}}, 1, "has a value that is excluded"),
        ({"oneOf": [{}, {}]}, LONG, "expected exactly one of 2 shapes"),
        ({"additionalProperties": False}, {"x": 1}, "Additional properties are not allowed ('x' was unexpected)"),
    ],
)  # fmt: skip
def test_reason_holds_what_was_expected_and_no_value(schema: Json, value: Json, reason: str) -> None:
    error = next(Draft202012Validator(schema).iter_errors(value))

    assert reason_of(error) == reason
