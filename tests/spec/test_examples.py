import pytest

from mockportal.config import content
from mockportal.spec.document import load_document
from mockportal.spec.examples import example_headers, example_of, example_reply
from mockportal.spec.spec import Spec, compile_spec
from mockportal.spec.spelling import header_violations

DOCUMENT = load_document(content("openapi.json"))


@pytest.mark.parametrize("name", sorted(DOCUMENT["components"]["schemas"]))
def test_example_of_every_schema_is_valid(spec: Spec, name: str) -> None:
    value = example_of(spec, f"/components/schemas/{name}", "x")

    assert spec.schema(name).violations(value, name) == []


def test_example_is_the_same_for_the_same_name_and_differs_for_another(spec: Spec) -> None:
    rule = "/components/schemas/BusinessPartnerItem"

    assert example_of(spec, rule, "a") == example_of(spec, rule, "a")
    assert example_of(spec, rule, "a")["_id"] != example_of(spec, rule, "b")["_id"]


def test_every_documented_answer_has_a_valid_example(spec: Spec) -> None:
    for operation in spec.operations.values():
        for response in operation.responses.values():
            value = example_reply(spec, operation, response, seed=7)
            for validator in response.validators.values():
                assert validator.violations(value, operation.id) == []


def test_schema_that_no_example_was_found_for_says_so() -> None:
    schema = {"type": "string", "pattern": "^[A-Z]{3}$", "minLength": 4}
    odd = compile_spec({"openapi": "3.0.3", "paths": {}, "components": {"schemas": {"Odd": schema}}}, [], "x")

    with pytest.raises(ValueError, match="no valid example of /components/schemas/Odd"):
        example_of(odd, "/components/schemas/Odd", "x")


def test_required_headers_of_an_example_have_the_type_of_their_schema() -> None:
    schemas = {
        "X-Total": {"type": "integer"},
        "X-Live": {"type": "boolean"},
        "X-Ids": {"type": "array", "items": {"type": "integer"}, "minItems": 2},
        "ETag": {"type": "string"},
        "X-Kind": {"type": "string", "enum": ["a"]},
    }
    headers = {name: {"required": True, "schema": schema} for name, schema in schemas.items()}
    get = {"responses": {"200": {"description": "d", "headers": {**headers, "X-Free": {"schema": {}}}}}}
    spec = compile_spec({"openapi": "3.0.3", "paths": {"/a": {"get": get}}}, [], "x")
    operation = spec.operations["get/a"]
    response = operation.responses["200"]

    made = example_headers(spec, operation, response, seed=7)

    assert [*made] == [*schemas]
    assert [
        found
        for header in response.headers
        for found in header_violations(header, [made.get(header.rule.name, "")])
    ] == []
    assert made["X-Total"].isdigit()
    assert made["ETag"] == "https://example.org/"


def test_example_has_no_property_that_is_only_written_even_behind_a_reference() -> None:
    secret = {"type": "string", "writeOnly": True}
    properties = {
        "a": {"$ref": "#/components/schemas/Secret"},
        "b": secret,
        "c/d": secret,
        "e": {"type": "string"},
    }
    user = {"required": [*properties], "properties": properties}
    schemas = {"Secret": secret, "User": user, "Alias": {"$ref": "#/components/schemas/User"}}
    document = {"openapi": "3.0.3", "paths": {}, "components": {"schemas": schemas}}

    value = example_of(compile_spec(document, [], "x"), "/components/schemas/Alias", "x")

    assert [*value] == ["e"]
