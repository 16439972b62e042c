"""Documents at the edges of what OpenAPI allows, and just beyond: they are read as far as they can be."""

import json
from pathlib import Path

import pytest

from mockportal.engine.call import Request, request_for
from mockportal.engine.guard import PUBLIC
from mockportal.engine.read import Unreadable, read
from mockportal.errors import SpecError
from mockportal.spec.examples import example_of
from mockportal.spec.parameters import parameter_of
from mockportal.spec.sampling.candidates import numbers
from mockportal.spec.spec import Spec, compile_spec, load_spec
from mockportal.state.data_model import Kind
from mockportal.state.record_check import documented_attributes
from mockportal.values import Json, Record

FINE: Record = {"200": {"description": ""}}


def spec_of(get: Record, **more: Json) -> Spec:
    paths = {"/a": {"get": {"operationId": "a", "responses": FINE, **get}}}
    return compile_spec({"openapi": "3.1.0", "info": {}, "paths": paths, **more}, [], "x", put_aside=True)


def parameter(schema: Json, **more: Json) -> Record:
    return {"name": "n", "in": "query", "schema": schema, **more}


def params_of(spec: Spec, query: str) -> Record:
    return dict(read(spec.operations["a"], Request("GET", "/a", query), PUBLIC).params)


def test_value_that_is_given_more_than_once_is_refused() -> None:
    spec = spec_of({"parameters": [parameter({"type": "integer"})]})

    with pytest.raises(Unreadable, match="is given more than once"):
        params_of(spec, "n=1&n=2")


@pytest.mark.parametrize(
    ("schema", "text", "value"),
    [
        ({"enum": [None, 1]}, "1", 1),
        ({"type": "number"}, "9" * 299, 10**299 - 1),
        ({"type": "integer", "default": "many"}, "", None),
        ({"type": ["integer", "string"], "default": 4}, "", 4),
    ],
)
def test_parameter_has_the_value_that_its_schema_takes(schema: Json, text: str, value: Json) -> None:
    spec = spec_of({"parameters": [parameter(schema)]})

    assert params_of(spec, f"n={text}" if text else "").get("n") == value


def test_number_that_is_too_long_to_be_one_is_refused() -> None:
    spec = spec_of({"parameters": [parameter({"type": "number"})]})

    with pytest.raises(Unreadable, match="query /n: '999"):
        params_of(spec, f"n={'9' * 301}")


def test_credential_in_the_query_gives_way_to_the_parameter_of_its_name() -> None:
    schemes = {"key": {"type": "apiKey", "in": "query", "name": "n"}}
    get = {"parameters": [parameter({"type": "string"})], "security": [{"key": []}]}
    spec = spec_of(get, components={"securitySchemes": schemes})

    requests = [request_for(spec.operations["a"], params, token="mine") for params in ({}, {"n": "given"})]

    assert [one.query for one in requests] == ["n=mine", "n=given"]


def test_body_of_an_operation_that_names_no_media_type_is_left_alone() -> None:
    spec = spec_of({"requestBody": {"content": {}}})

    call = read(spec.operations["a"], Request("GET", "/a", body=b"{}"), PUBLIC)

    assert call.body is None


def test_operation_with_two_faults_is_put_aside_once() -> None:
    spec = spec_of({"responses": [], "parameters": {}})

    assert [(one.method, one.path) for one in spec.quarantine] == [("GET", "/a")]
    assert len(spec.faults) == 2


@pytest.mark.parametrize(("schema", "value"), [(True, 5), (False, 5)])
def test_reference_to_a_boolean_schema_in_an_odd_place_is_followed(schema: bool, value: Json) -> None:
    get = {"parameters": [parameter({"$ref": "#/x-mine/one"})]}
    spec = spec_of(get, **{"x-mine": {"one": schema}})

    validator = spec.validators.at("request", "/x-mine/one")

    assert validator.is_valid(value) is schema


ODD: Record = {"text": "n", "half": {"name": "n"}, "list": {"content": []}, "schema": {"properties": []}}


@pytest.mark.parametrize(
    "get",
    [
        {"parameters": [{"$ref": "#/x-mine/text"}]},
        {"parameters": [{"$ref": "#/x-mine/half"}]},
        {"requestBody": {"$ref": "#/x-mine/list"}},
        {"responses": {"200": {"$ref": "#/x-mine/text"}}},
        {"responses": {"200": {"description": "", "headers": {"n": {"$ref": "#/x-mine/list"}}}}},
        {"parameters": [parameter({"$ref": "#/x-mine/schema"})]},
    ],
)
def test_part_of_another_kind_in_an_odd_place_puts_its_operation_aside(get: Record) -> None:
    spec = spec_of(get, **{"x-mine": ODD})

    assert [one.path for one in spec.quarantine] == ["/a"]


def test_path_items_that_lead_to_each_other_have_no_operation(tmp_path: Path) -> None:
    paths = {"/a": {"$ref": "#/paths/~1b"}, "/b": {"$ref": "#/paths/~1a"}, "/c": {"get": {"responses": FINE}}}
    document = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths}
    (tmp_path / "doc.json").write_text(json.dumps(document))

    assert [*load_spec(tmp_path / "doc.json", None, put_aside=True).operations] == ["get/c"]


@pytest.mark.parametrize(
    ("schema", "made"),
    [
        ({"type": "object", "minProperties": 1, "properties": {"k": {"enum": [4]}}, "required": ["k"]}, {"k": 4}),
        ({"type": "object", "minProperties": 2, "properties": {"k": {"enum": [4]}}, "required": ["k"], "additionalProperties": {"enum": [5]}}, {"k": 4, "property1": 5}),
    ],
)  # fmt: skip
def test_example_has_as_many_properties_as_it_needs(schema: Json, made: Json) -> None:
    spec = spec_of({}, components={"schemas": {"It": schema}})

    assert example_of(spec, "/components/schemas/It", "It") == made


def test_text_for_a_pattern_that_cannot_be_spelled_out_is_refused() -> None:
    spec = spec_of({}, components={"schemas": {"It": {"type": "string", "pattern": "^\\p{Lu}{40}$"}}})

    with pytest.raises(ValueError, match="It"):
        example_of(spec, "/components/schemas/It", "It")


def test_collection_whose_schema_the_document_lacks_has_no_documented_attributes() -> None:
    assert documented_attributes(spec_of({}), Kind("book", schema="Book")) == {}


def test_parameter_of_json_has_no_other_reading() -> None:
    content = {"application/json": {"schema": {"type": ["integer", "string"]}}}

    made = parameter_of({}, {"name": "n", "in": "query", "content": content}, "")

    assert (made.media_type, made.accepts) == ("application/json", None)


@pytest.mark.parametrize(("text", "value"), [("%7B%22a%22%3A1%7D", {"a": 1}), ("%7Ba", "{a")])
def test_parameter_of_json_is_the_value_that_its_text_spells(text: str, value: Json) -> None:
    content: Record = {"application/json": {"schema": {}}}
    spec = spec_of({"parameters": [{"name": "n", "in": "query", "content": content}]})

    assert params_of(spec, f"n={text}") == {"n": value}


@pytest.mark.parametrize(
    ("style", "query", "value"),
    [("spaceDelimited", "n=1%202", [1, 2]), ("pipeDelimited", "n=1%7C2|3", [1, 2, 3])],
)
def test_list_in_one_text_is_taken_apart_by_its_style(style: str, query: str, value: Json) -> None:
    schema = {"type": "array", "items": {"type": "integer"}}
    spec = spec_of({"parameters": [parameter(schema, style=style, explode=False)]})

    assert params_of(spec, query) == {"n": value}


def test_path_item_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    document = {"openapi": "3.1.0", "info": {}, "paths": {"/a": {"$ref": "#/components/pathItems/Gone"}}}
    (tmp_path / "doc.json").write_text(json.dumps(document))

    with pytest.raises(SpecError, match="Gone' leads nowhere"):
        load_spec(tmp_path / "doc.json", None)


def test_property_of_an_object_in_the_query_may_be_a_list() -> None:
    properties = {"ids": {"type": "array", "items": {"type": "integer"}}, "name": {"type": "string"}}
    spec = spec_of({"parameters": [parameter({"type": "object", "properties": properties})]})

    assert params_of(spec, "ids=1&ids=2&name=x") == {"n": {"ids": [1, 2], "name": "x"}}


def test_numbers_that_are_tried_come_to_an_end() -> None:
    assert [*numbers(7, {"minimum": 1, "maximum": 2, "multipleOf": 0.5})] == [7, 1, 1.5, 2, 1.5, 1, 2]
