"""Parameters as OpenAPI 3 lets a document spell them: every style and place, and types found through the schema."""

from collections.abc import Mapping

import pytest

from mockportal.engine.call import Request
from mockportal.engine.guard import PUBLIC
from mockportal.engine.read import Unreadable, read
from mockportal.spec.spec import Spec, compile_spec
from mockportal.values import Json, Record

NUMBERS: Record = {"type": "array", "items": {"type": "integer"}}
POINT: Record = {"type": "object", "properties": {"x": {"type": "integer"}, "name": {"type": "string"}}}
SCHEMAS: Record = {
    "Num": {"type": "integer", "minimum": 1},
    "Ids": NUMBERS,
    "Tree": {
        "type": "object",
        "properties": {"deep": {"$ref": "#/components/schemas/Tree"}, "n": {"type": "integer"}, "l": NUMBERS},
    },
}


def compiled(path: str, *parameters: Record) -> Spec:
    operation = {
        "operationId": "find",
        "parameters": [*parameters],
        "responses": {"200": {"description": ""}},
    }
    document = {"openapi": "3.1.0", "paths": {path: {"get": operation}}, "components": {"schemas": SCHEMAS}}
    return compile_spec(document, [], "x")


def params(
    spec: Spec, path: str = "/find", query: str = "", headers: Mapping[str, str] | None = None
) -> Record:
    route = spec.routes.find(path)
    assert route is not None
    found = route.operation("GET")
    assert found is not None
    request = Request("GET", path, query, headers or {}, path_params=found[1])
    return read(found[0], request, PUBLIC).params


@pytest.mark.parametrize(
    ("style", "explode", "schema", "sent", "value"),
    [
        ("simple", False, NUMBERS, "3,4", [3, 4]),
        ("simple", False, {"type": "array"}, "a%2Cb,c", ["a,b", "c"]),
        ("simple", False, POINT, "x,1,name,a%2Cb", {"x": 1, "name": "a,b"}),
        ("simple", True, POINT, "x=1,name=b", {"x": 1, "name": "b"}),
        ("label", False, {"type": "integer"}, ".5", 5),
        ("label", False, NUMBERS, ".3,4", [3, 4]),
        ("label", True, NUMBERS, ".3.4", [3, 4]),
        ("label", True, POINT, ".x=1.name=b", {"x": 1, "name": "b"}),
        ("matrix", False, {"type": "integer"}, ";p=5", 5),
        ("matrix", False, NUMBERS, ";p=3,4", [3, 4]),
        ("matrix", True, NUMBERS, ";p=3;p=4", [3, 4]),
        ("matrix", True, POINT, ";x=1;name=b", {"x": 1, "name": "b"}),
    ],
)
def test_styles_of_a_path(style: str, explode: bool, schema: Record, sent: str, value: Json) -> None:
    parameter = {
        "name": "p",
        "in": "path",
        "required": True,
        "style": style,
        "explode": explode,
        "schema": schema,
    }

    assert params(compiled("/find/{p}", parameter), f"/find/{sent}") == {"p": value}


@pytest.mark.parametrize(
    ("extra", "schema", "query", "value"),
    [
        ({}, NUMBERS, "p=3&p=4", [3, 4]),
        ({}, {"type": "array"}, "p=a,b", ["a,b"]),
        ({"explode": False}, {"type": "array"}, "p=a%2Cb,c+d", ["a,b", "c d"]),
        ({"style": "spaceDelimited", "explode": False}, NUMBERS, "p=3%204", [3, 4]),
        ({"style": "spaceDelimited", "explode": False}, NUMBERS, "p=3+4", [3, 4]),
        ({"style": "pipeDelimited", "explode": False}, NUMBERS, "p=3%7C4", [3, 4]),
        ({"style": "pipeDelimited", "explode": False}, NUMBERS, "p=3|4", [3, 4]),
        ({"style": "pipeDelimited", "explode": True}, NUMBERS, "p=3&p=4", [3, 4]),
        ({}, POINT, "x=1&name=b", {"x": 1, "name": "b"}),
        ({"explode": False}, POINT, "p=x,1,name,b", {"x": 1, "name": "b"}),
        ({"style": "deepObject"}, POINT, "p[x]=1&p%5Bname%5D=b", {"x": 1, "name": "b"}),
        (
            {"style": "deepObject"},
            {"$ref": "#/components/schemas/Tree"},
            "p[n]=1&p[deep][n]=2&p[l][]=3&p[l][]=4",
            {"n": 1, "deep": {"n": 2}, "l": [3, 4]},
        ),
        ({"style": "deepObject"}, {"type": "object", "additionalProperties": True}, "p[a]=b", {"a": "b"}),
        ({}, {"type": "object", "additionalProperties": {"type": "integer"}}, "a=1&b=2", {"a": 1, "b": 2}),
        (
            {"content": {"application/json": {"schema": POINT}}},
            None,
            "p=%7B%22x%22%3A1%7D",
            {"x": 1},
        ),
    ],
)
def test_styles_of_a_query(extra: Record, schema: Json, query: str, value: Json) -> None:
    parameter = {"name": "p", "in": "query", **extra} | ({"schema": schema} if schema else {})

    assert params(compiled("/find", parameter), query=query) == {"p": value}


@pytest.mark.parametrize(
    ("schema", "query", "value"),
    [
        ({"allOf": [{"$ref": "#/components/schemas/Num"}]}, "p=5", 5),
        ({"oneOf": [{"type": "integer"}, {"type": "boolean"}]}, "p=5", 5),
        ({"oneOf": [{"type": "integer"}, {"type": "boolean"}]}, "p=true", True),
        ({"anyOf": [{"$ref": "#/components/schemas/Ids"}]}, "p=1&p=2", [1, 2]),
        ({"anyOf": [{"type": "integer"}, {"type": "array", "items": {"type": "integer"}}]}, "p=1", [1]),
        ({"anyOf": [{"type": "integer", "maximum": 3}, {"type": "string"}]}, "p=5", "5"),
        ({"anyOf": [{"type": "integer"}, {"type": "string", "format": "uuid"}]}, "p=7", 7),
        ({"enum": [1, 2, 3]}, "p=2", 2),
        ({"const": True}, "p=true", True),
        ({"type": ["integer", "null"]}, "p=", None),
        ({"type": ["string", "null"]}, "p=", ""),
        ({"type": "array", "items": {"allOf": [{"$ref": "#/components/schemas/Num"}]}}, "p=2&p=3", [2, 3]),
        ({}, "p=5", "5"),
    ],
)
def test_type_is_found_through_the_schema(schema: Record, query: str, value: Json) -> None:
    assert params(compiled("/find", {"name": "p", "in": "query", "schema": schema}), query=query) == {
        "p": value
    }


def test_parameter_is_known_by_its_name_and_its_place() -> None:
    parameters: list[Record] = [
        {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
        {"name": "id", "in": "query", "schema": {"type": "integer"}},
    ]
    spec = compiled("/find/{id}", *parameters)

    assert params(spec, "/find/abc", "id=5") == {"id": "abc", "query:id": 5}
    with pytest.raises(Unreadable) as caught:
        params(spec, "/find/abc", "id=x")
    assert [(one.where, one.path) for one in caught.value.violations] == [("query", "/id")]


def test_headers_that_the_document_says_elsewhere_are_no_parameters() -> None:
    names = ("Accept", "Content-Type", "Authorization")
    parameters = [
        {"name": name, "in": "header", "required": True, "schema": {"enum": ["x"]}} for name in names
    ]

    assert params(compiled("/find", *parameters)) == {}


def test_parameter_that_may_be_empty_is_left_out_when_it_is() -> None:
    parameter = {"name": "p", "in": "query", "allowEmptyValue": True, "schema": {"type": "integer"}}
    spec = compiled("/find", parameter)

    assert [params(spec, query=query) for query in ("p", "p=", "p=5")] == [{}, {}, {"p": 5}]


@pytest.mark.parametrize(
    ("template", "path", "values"),
    [
        ("/report/{id}.json", "/report/a.b.json", {"id": "a.b"}),
        ("/map/{x},{y}", "/map/1,2", {"x": "1", "y": "2"}),
        ("/v{version}/x", "/v2/x", {"version": "2"}),
        ("/file/{name}.{ext}", "/file/a.txt", {"name": "a", "ext": "txt"}),
        ("/users('{id}')", "/users('7%2F8')", {"id": "7/8"}),
    ],
)
def test_parameter_may_be_a_part_of_a_segment(template: str, path: str, values: Record) -> None:
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in values
    ]

    assert params(compiled(template, *parameters), path) == values


def test_templates_of_one_shape_may_name_their_parameters_differently() -> None:
    fine = {"200": {"description": ""}}

    def item(method: str, name: str) -> Record:
        parameter = {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        return {method: {"operationId": method, "parameters": [parameter], "responses": fine}}

    paths = {"/pets/{petId}": item("get", "petId"), "/pets/{id}": item("delete", "id")}
    spec = compile_spec({"openapi": "3.0.3", "paths": paths}, [], "x")

    route = spec.routes.find("/pets/1")

    assert route is not None
    found = [route.operation(method) for method in ("GET", "DELETE")]
    assert [one and (one[0].id, one[1]) for one in found] == [
        ("get", {"petId": "1"}),
        ("delete", {"id": "1"}),
    ]
