"""Named schemas that say the same of requests and answers are kept once, and nothing becomes different by that."""

import json
from pathlib import Path

from mockportal.spec.conversion.sharing import same_both_ways, shared_names
from mockportal.spec.spec import Spec, load_spec
from mockportal.values import Json, Record

SCHEMAS: Record = {
    "Size": {"type": "object", "required": ["cm"], "properties": {"cm": {"type": "integer"}}},
    "Box": {"type": "object", "properties": {"size": {"$ref": "#/components/schemas/Size"}}},
    "Loop": {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Loop"}}},
    "Id": {"type": "string", "readOnly": True},
    "Thing": {"type": "object", "required": ["id"], "properties": {"id": {"$ref": "#/components/schemas/Id"}}},
    "Crate": {"type": "object", "properties": {"thing": {"$ref": "#/components/schemas/Thing"}}},
    "Pet": {"oneOf": [{"$ref": "#/components/schemas/Box"}], "discriminator": {"propertyName": "k"}},
    "Deep": {"$ref": "#/components/schemas/Size/properties/cm"},
}  # fmt: skip


def spec_of(folder: Path, body: Json) -> Spec:
    content = {"application/json": {"schema": body}}
    post = {
        "operationId": "add",
        "requestBody": {"content": content},
        "responses": {"200": {"description": "", "content": content}},
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/things": {"post": post}},
        "components": {"schemas": SCHEMAS},
    }
    (folder / "doc.json").write_text(json.dumps(document))
    return load_spec(folder / "doc.json", None)


def takes(spec: Spec, value: Json) -> list[bool]:
    """Whether a value is valid in the request, and in the answer."""
    operation = spec.operations["add"]
    assert operation.body is not None
    asked = operation.body.media["application/json"].validator
    assert asked is not None
    answered = operation.responses["200"].validators["application/json"]
    return [asked.is_valid(value), answered.is_valid(value)]


def test_schemas_that_differ_by_the_way_are_kept_twice() -> None:
    assert same_both_ways({"components": {"schemas": SCHEMAS}}) == {"Size", "Box", "Loop"}


def test_shared_schema_is_the_same_in_requests_and_answers(tmp_path: Path) -> None:
    spec = spec_of(tmp_path, {"$ref": "#/components/schemas/Box"})

    assert shared_names(spec.validators.schemas) == {"Size", "Box", "Loop"}
    assert spec.operations["add"].body is not None
    assert takes(spec, {"size": {"cm": 4}}) == [True, True]
    assert takes(spec, {"size": {"cm": "x"}}) == [False, False]


def test_schema_that_refers_to_one_of_one_way_only_differs(tmp_path: Path) -> None:
    spec = spec_of(
        tmp_path,
        {
            "allOf": [{"$ref": "#/components/schemas/Crate"}],
            "properties": {"box": {"$ref": "#/components/schemas/Box"}},
        },
    )

    assert takes(spec, {"thing": {}, "box": {"size": {"cm": 4}}}) == [True, False]
    assert takes(spec, {"thing": {"id": "a"}}) == [False, True]
    assert takes(spec, {"box": {"size": {}}}) == [False, False]


def test_reference_into_a_shared_schema_is_followed(tmp_path: Path) -> None:
    spec = spec_of(
        tmp_path,
        {"type": "object", "properties": {"cm": {"$ref": "#/components/schemas/Size/properties/cm"}}},
    )

    assert takes(spec, {"cm": 4}) == [True, True]
    assert takes(spec, {"cm": "x"}) == [False, False]
    assert spec.validators.at("request", "/components/schemas/Size/properties/cm").is_valid(4)


def test_violation_in_a_shared_schema_is_explained(tmp_path: Path) -> None:
    spec = spec_of(tmp_path, {"type": "array", "items": {"$ref": "#/components/schemas/Box"}})
    body = spec.operations["add"].body
    assert body is not None
    validator = body.media["application/json"].validator
    assert validator is not None

    found = validator.violations([{"size": {"cm": "x"}}], "body")

    assert [(one.path, one.message) for one in found] == [("/0/size/cm", "'x' is not of type 'integer'")]
