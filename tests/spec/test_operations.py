"""Documents whose operations or references cannot be compiled, and those that can be in unusual ways."""

import re

import pytest

from mockportal.errors import SpecError
from mockportal.spec.document import follow
from mockportal.spec.examples import example_of
from mockportal.spec.formats import is_url
from mockportal.spec.lint import lint
from mockportal.spec.spec import Spec, compile_spec
from mockportal.values import Json, Record


def _spec(*operations: Record, **components: Record) -> Spec:
    paths = {f"/it/{number}": {"get": operation} for number, operation in enumerate(operations)}
    document: Record = {"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": paths}
    return compile_spec({**document, "components": components}, [], "x")


FINE: Record = {"200": {"description": "fine"}}


def test_operation_id_that_is_used_twice_is_an_error() -> None:
    operation = {"operationId": "it", "responses": FINE}

    with pytest.raises(SpecError, match="operationId 'it' is used twice"):
        _spec(operation, operation)


@pytest.mark.parametrize(("status", "success"), [("200", 200), ("204", 204), ("2XX", 200), ("default", 200)])
def test_success_is_the_lowest_that_is_documented(status: str, success: int) -> None:
    spec = _spec({"operationId": "it", "responses": {status: {"description": "fine"}}})

    assert spec.operations["it"].success == success


@pytest.mark.parametrize(("responses", "success"), [({}, 200), ({"404": {}, "400": {}}, 400)])
def test_operation_without_a_success_is_answered_by_what_it_documents(
    responses: Record, success: int
) -> None:
    spec = _spec({"operationId": "it", "responses": {name: {"description": ""} for name in responses}})

    assert spec.operations["it"].success == success


def test_operation_that_documents_no_status_at_all_is_an_error() -> None:
    with pytest.raises(SpecError, match="documents no status"):
        _spec({"operationId": "it", "responses": {"4XX": {"description": "no"}}})


@pytest.mark.parametrize(
    ("schemas", "problem"),
    [
        ({"A": {"$ref": "#/components/schemas/B"}, "B": {"$ref": "#/components/schemas/A"}}, "circle"),
        ({"A": {"$ref": "#/components/schemas/C"}}, "'#/components/schemas/C' leads nowhere"),
        ({"A": {"$ref": "other.yaml#/A"}}, "'other.yaml#/A' is not a local reference"),
    ],
)
def test_reference_that_cannot_be_followed_is_an_error(schemas: Record, problem: str) -> None:
    document = {"components": {"schemas": schemas}}

    with pytest.raises(SpecError, match=re.escape(problem)):
        follow(document, schemas["A"], "/components/schemas/A")


def test_chain_of_references_that_never_ends_is_an_error() -> None:
    schemas = {"A": {"$ref": "#/components/schemas/B"}, "B": {"$ref": "#/components/schemas/A"}}

    with pytest.raises(SpecError):
        _spec(schemas=schemas)


def test_dangling_reference_in_a_part_that_nothing_uses_is_a_problem() -> None:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Nothing"}}}
    spec = _spec(responses={"Unused": {"description": "never", "content": content}})

    problems = [
        finding.to_json() for finding in lint(spec.document, [], spec) if finding.severity == "problem"
    ]

    assert problems == [
        {
            "severity": "problem",
            "rule": "reference",
            "pointer": "/components/responses/Unused/content/application~1json/schema",
            "message": "'#/components/schemas/Nothing' leads nowhere",
        }
    ]


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "integer", "example": "five", "default": 5}, 5),
        ({"type": "string", "enum": ["a", "b"], "example": "c", "default": "b"}, "b"),
        ({"type": "string", "examples": ["first", "second"]}, "first"),
    ],
)
def test_example_that_breaks_its_own_schema_is_passed_over(schema: Record, value: Json) -> None:
    assert example_of(_spec(schemas={"It": schema}), "/components/schemas/It", "x") == value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (5, True),
        ("https://a.test/x", True),
        ("ftp://a.test/x", False),
        ("https:///x", False),
        ("no address", False),
    ],
)
def test_url_is_an_absolute_address_of_the_web(value: object, expected: bool) -> None:
    assert is_url(value) is expected
