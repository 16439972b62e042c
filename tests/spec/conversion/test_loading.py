"""Documents of many files, in many styles, and those of which only a part can be used."""

import json
from pathlib import Path

import pytest

from mockportal.cli import main
from mockportal.engine.call import Request, request_for
from mockportal.errors import SpecError
from mockportal.mock import Mock, Setup, load_mock
from mockportal.spec.conversion.normal_form import load_openapi
from mockportal.spec.spec import load_spec
from mockportal.values import Json, Record

HEAD = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\n"
OK = "responses: {200: {description: fine, content: {application/json: {schema: {type: object}}}}}"


def written(folder: Path, **files: str) -> Path:
    """The files, in which `__` in a name stands for a folder; the document is `doc.yaml`."""
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text)
    return folder / "doc.yaml"


def test_references_into_other_files_are_brought_in(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        doc=f"{HEAD}paths:\n  /a: {{$ref: 'paths/a.yaml'}}\n"
        "components: {schemas: {Own: {type: integer}, Error: {$ref: 'parts/errors.yaml#/Error'}}}\n",
        paths__a="get:\n  operationId: readA\n  responses:\n    200: {description: fine, content:"
        " {application/json: {schema: {$ref: '../parts/errors.yaml#/Error'}}}}\n",
        parts__errors="Error: {type: object, required: [code], properties: {code: {$ref: '#/Code'},"
        " own: {$ref: '../doc.yaml#/components/schemas/Own'}}}\nCode: {type: integer}\n",
    )

    spec = load_spec(path, None)

    validator = spec.operations["readA"].responses["200"].validators["application/json"]
    assert validator.is_valid({"code": 5, "own": 1})
    assert not validator.is_valid({"code": "x"})
    assert not validator.is_valid({"code": 5, "own": "x"})
    assert spec.schema("Error").is_valid({"code": 5})


def test_parameters_and_answers_of_other_files_are_brought_in(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        doc=f"{HEAD}paths:\n  /a: {{get: {{operationId: readA, parameters: [{{$ref: parts/n.yaml}}],"
        " responses: {200: {$ref: 'parts/fine.yaml'}, 404: {$ref: '#/components/responses/Lost'}}}}\n"
        "components: {responses: {Lost: {$ref: 'parts/fine.yaml'}}}\n",
        parts__n="{name: n, in: query, schema: {type: integer}}",
        parts__fine="{description: '', headers: {X-N: {$ref: 'head.yaml'}},"
        " content: {application/json: {schema: {type: integer}}}}",
        parts__head="{schema: {type: boolean}}",
    )

    operation = load_spec(path, None).operations["readA"]

    answers = [operation.responses[status].validators["application/json"] for status in ("200", "404")]
    assert [answer.is_valid(5) for answer in answers] == [True, True]
    assert [answer.is_valid("x") for answer in answers] == [False, False]
    assert [one.types.kind for one in operation.parameters] == ["integer"]


@pytest.mark.parametrize(
    ("target", "problem"),
    [
        ("../secret.yaml#/A", "leads out of the folder of the document"),
        ("/etc/passwd", "leads out of the folder of the document"),
        ("nothing.yaml#/A", "leads to no file"),
        ("part.yaml#/Nothing", "leads nowhere"),
        ("https://example.org/a.yaml#/A", "is not a local reference"),
    ],
)
def test_reference_that_cannot_be_brought_in_is_named(tmp_path: Path, target: str, problem: str) -> None:
    (tmp_path / "secret.yaml").write_text("A: {}")
    parameter = f"parameters: [{{$ref: '{target}'}}]"
    path = written(
        tmp_path / "api",
        doc=f"{HEAD}paths: {{/a: {{get: {{{parameter}, {OK}}}}}}}\n",
        part="A: {name: a, in: query}\n",
    )

    with pytest.raises(SpecError, match=problem):
        load_spec(path, None)


@pytest.mark.parametrize("style", ["'#/paths/~1a'", "'#/components/pathItems/A'"])
def test_path_item_behind_a_reference_is_served(tmp_path: Path, style: str) -> None:
    path = written(
        tmp_path,
        doc=f"{HEAD}paths: {{/a: {{get: {{{OK}}}}}, /b: {{$ref: {style}, post: {{{OK}}}}}}}\n"
        f"components: {{pathItems: {{A: {{get: {{{OK}}}}}}}}}\n",
    )

    assert sorted(load_spec(path, None).operations) == ["get/a", "get/b", "post/b"]


def test_pointers_may_be_percent_encoded_and_lead_anywhere(tmp_path: Path) -> None:
    schema = "{type: object, required: [x], properties: {x: {type: integer}}}"
    path = written(
        tmp_path,
        doc=f"{HEAD}paths:\n  /a/{{id}}: {{get: {{responses: {{200: {{description: '', content: {{application/json:"
        f" {{schema: {schema}}}}}}}}}}}}}\n  /b: {{get: {{operationId: b, responses: {{200: {{description: '', content:"
        " {application/json: {schema: {$ref: '#/paths/~1a~1%7Bid%7D/get/responses/200/content/application~1json/schema'}}}}}}}\n"
        "  /c: {get: {operationId: c, responses: {200: {description: '', content: {application/json: {schema:"
        " {$ref: '#/x-mine/Deep%20one'}}}}}}}\nx-mine: {Deep one: {type: integer}}\n",
    )
    spec = load_spec(path, None)

    validators = [
        spec.operations[name].responses["200"].validators["application/json"] for name in ("b", "c")
    ]

    assert [validators[0].is_valid({"x": 1}), validators[0].is_valid({})] == [True, False]
    assert [validators[1].is_valid(5), validators[1].is_valid("x")] == [True, False]


def test_maps_that_are_null_are_left_out(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        doc=f"{HEAD}tags: null\npaths: {{/a: {{parameters: null, get: {{parameters: null, {OK}}}}}}}\n"
        "components: {schemas: {A: {type: object, properties: null, required: null, example: {required: null}}}}\n",
    )

    document = load_openapi(path)

    assert "parameters" not in document["paths"]["/a"]
    assert document["components"]["schemas"]["A"] == {"type": "object", "example": {"required": None}}
    assert load_spec(path, None).operations.keys() == {"get/a"}


def test_boolean_schemas_and_webhooks_are_understood(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        doc=f"{HEAD}paths: {{/a: {{post: {{requestBody: {{content: {{application/json: {{schema: true}}}}}}, {OK}}}}}}}\n"
        f"components: {{schemas: {{All: true, Nothing: false}}}}\nwebhooks: {{it: {{post: {{{OK}}}}}}}\n",
    )
    spec = load_spec(path, None)

    assert spec.operations.keys() == {"post/a"}
    assert [spec.schema(name).is_valid(5) for name in ("All", "Nothing")] == [True, False]


BROKEN: Record = {
    "kind": {"get": {"responses": []}},
    "parameter": {"get": {"parameters": [{"$ref": "#/components/parameters/Nothing"}], "responses": {}}},
    "schema": {"get": {"responses": {"200": {"$ref": "#/components/responses/Wrong"}}}},
    "circle": {"get": {"responses": {"200": {"$ref": "#/components/responses/Circle"}}}},
    "shared": {"parameters": {}, "get": {"responses": {}}, "put": {"responses": {}}},
    "twice": {"get": {"operationId": "fine", "responses": {}}},
}
FINE: Json = {
    "get": {"operationId": "fine", "responses": {"200": {"$ref": "#/components/responses/Fine"}}},
}


def _document() -> Record:
    def answer(schema: Json) -> Json:
        return {"description": "", "content": {"application/json": {"schema": schema}}}

    return {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/fine": FINE, **{f"/{name}": item for name, item in BROKEN.items()}},
        "components": {
            "responses": {
                "Fine": answer({"$ref": "#/components/schemas/Fine"}),
                "Wrong": answer({"$ref": "#/components/schemas/Wrong"}),
                "Circle": answer({"$ref": "#/components/schemas/Circle"}),
            },
            "schemas": {
                "Fine": {"type": "object"},
                "Wrong": {"type": "nonsense"},
                "Unused": {"pattern": "("},
                "Circle": {"allOf": [{"$ref": "#/components/schemas/Circle"}]},
                "Text": {"properties": []},
            },
        },
    }


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "doc.json"
    path.write_text(json.dumps(_document()))
    return path


def test_fault_in_one_operation_leaves_the_others_alone(broken: Path) -> None:
    spec = load_spec(broken, None, put_aside=True)

    assert spec.operations.keys() == {"fine"}
    assert {(one.method, one.path) for one in spec.quarantine} == {
        ("GET", "/kind"),
        ("GET", "/parameter"),
        ("GET", "/schema"),
        ("GET", "/circle"),
        ("GET", "/shared"),
        ("PUT", "/shared"),
        ("GET", "/twice"),
    }
    places = {fault.where for fault in spec.faults}
    assert {"/components/schemas/Unused/pattern", "/components/schemas/Text/properties"} <= places


@pytest.fixture
def mock(broken: Path, tmp_path: Path) -> Mock:
    return load_mock(Setup(spec=broken, scenarios=tmp_path))


def test_operation_with_a_fault_is_answered_501_with_the_reason(mock: Mock) -> None:
    route = mock.spec.routes.find("/kind")
    assert route is not None
    found = route.operation("GET")
    assert found is not None

    reply = mock.engine.answer(found[0], Request("GET", "/kind"), mock.world()).reply

    assert reply.status == 501
    assert reply.body == {
        "message": "GET /kind cannot be answered: /paths/~1kind/get/responses: is a list; an object belongs here"
    }


def test_operation_without_a_fault_is_answered(mock: Mock) -> None:
    request = request_for(mock.spec.operations["fine"], {})

    assert mock.engine.answer(mock.spec.operations["fine"], request, mock.world()).reply.status == 200


def test_check_names_every_fault_and_operations_lists_them(
    broken: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flags = ["--spec", str(broken), "--scenarios", str(tmp_path)]

    codes = [main([command, *flags]) for command in ("check", "operations")]

    shown = capsys.readouterr().out
    assert codes == [1, 0]
    assert "/paths/~1kind/get/responses: is a list; an object belongs here" in shown
    assert "nothing   get/parameter" in shown


def test_strict_refuses_the_document(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["operations", "--spec", str(broken), "--strict"])

    assert code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("text", ["[]", "5", "{/a: 5}", "{5: {}}", "{/a: {get: 5}}"])
def test_paths_of_a_wrong_kind_are_no_traceback(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, doc=f"{HEAD}paths: {text}\n")

    code = main(["check", "--spec", str(path), "--scenarios", str(tmp_path)])

    assert code in (1, 2)
