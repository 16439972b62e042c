"""Headers of answers: how a value is spelled there, and what its text can mean."""

import pytest

from mockportal.spec.spec import compile_spec
from mockportal.spec.spelling import header_text, header_violations
from mockportal.values import Json, Record


def _violations(schema: Record | None, *lines: str) -> list[str]:
    header: Record = {} if schema is None else {"schema": schema}
    response = {"200": {"description": "fine", "headers": {"X-It": header}}}
    document = {
        "openapi": "3.0.3",
        "paths": {"/it": {"get": {"operationId": "it", "responses": response}}},
    }
    response_header = compile_spec(document, [], "x").operations["it"].responses["200"].headers[0]
    return [violation.message for violation in header_violations(response_header, lines)]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", "plain"),
        (True, "true"),
        (5, "5"),
        ([1, "a", False], "1,a,false"),
        ({"limit": 5, "left": "2"}, "limit,5,left,2"),
    ],
)
def test_value_is_spelled_in_the_simple_style(value: Json, text: str) -> None:
    assert header_text(value) == text


LIMITS: Record = {
    "type": "object",
    "properties": {"limit": {"type": "integer"}, "left": {"type": "integer"}},
    "required": ["limit"],
    "additionalProperties": False,
}
NAMES: Record = {"type": "object", "additionalProperties": {"type": "string"}}
NUMBERS: Record = {"type": "array", "items": {"type": "integer"}, "minItems": 2}


@pytest.mark.parametrize(
    ("schema", "lines"),
    [
        (LIMITS, ["limit=5,left=2"]),
        (LIMITS, ["limit,5,left,2"]),
        (LIMITS, ["limit=5", "left=2"]),
        (NAMES, ["a=1"]),
        (NUMBERS, ["1, 2"]),
        (NUMBERS, ["1", "2"]),
        ({"type": "integer"}, ["1", "2"]),
        ({"type": "integer"}, []),
        (None, ["anything"]),
    ],
)
def test_header_that_fits_its_schema_is_no_violation(schema: Record | None, lines: list[str]) -> None:
    assert _violations(schema, *lines) == []


@pytest.mark.parametrize(
    ("schema", "lines", "message"),
    [
        (LIMITS, ["left=2"], "'limit' is a required property"),
        (LIMITS, ["limit=5,more=1"], "Additional properties are not allowed ('more' was unexpected)"),
        (NUMBERS, ["1"], "[1] is too short"),
        (NUMBERS, [""], "[] is too short"),
        ({"type": "integer"}, ["1", "x"], "'x' is not of type 'integer'"),
    ],
)
def test_header_that_does_not_fit_is_explained(schema: Record, lines: list[str], message: str) -> None:
    assert _violations(schema, *lines) == [message]
