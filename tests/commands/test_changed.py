"""The operations that a change of the document touches."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pytest

from mockportal.cli import main
from mockportal.commands.judging.changed import changed_operations, told
from mockportal.commands.judging.contract import prepared
from mockportal.commands.judging.options import TargetOptions
from mockportal.mock import Setup
from mockportal.values import Json, Record

ANSWER = {
    "200": {
        "description": "ok",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Cat"}}},
    }
}
DOCUMENT: Record = {
    "openapi": "3.1.0",
    "info": {"title": "Cats", "version": "1"},
    "security": [{"Key": []}],
    "paths": {
        "/cats/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
            "get": {"operationId": "getCat", "summary": "A cat", "responses": ANSWER},
        },
        "/dogs": {
            "get": {"operationId": "getDogs", "security": [], "responses": {"200": {"description": "ok"}}}
        },
    },
    "components": {
        "schemas": {
            "Cat": {"type": "object", "properties": {"title": {"$ref": "#/components/schemas/Title"}}},
            "Title": {"type": "string", "description": "A title"},
            "Unused": {"type": "string"},
        },
        "securitySchemes": {"Key": {"type": "http", "scheme": "bearer"}},
    },
}


def put(at: str, value: Json) -> Callable[[Record], None]:
    def change(document: Record) -> None:
        *steps, last = at.split(" ")
        for step in steps:
            document = document[step]
        document[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "touched"),
    [
        (put("components schemas Title maxLength", 9), {"getCat"}),
        (put("components schemas Title description", "Another text"), set()),
        (put("components schemas Cat properties title", {"type": "string"}), {"getCat"}),
        (put("components schemas Unused", {"type": "number"}), set()),
        (put("components securitySchemes Key", {"type": "apiKey", "in": "header", "name": "k"}), {"getCat"}),
        (put("paths /cats/{id} parameters", []), {"getCat"}),
        (put("paths /dogs get responses", ANSWER), {"getDogs"}),
        (put("paths /dogs get operationId", "listDogs"), {"getDogs"}),
        (put("paths /dogs", {}), {"getDogs"}),
        (put("info version", "2"), set()),
    ],
)
def test_operation_is_touched_by_what_it_reaches(
    tmp_path: Path, change: Callable[[Record], None], touched: set[str]
) -> None:
    older = deepcopy(DOCUMENT)
    change(older)
    new, old = tmp_path / "new.json", tmp_path / "old.json"
    new.write_text(json.dumps(DOCUMENT))
    old.write_text(json.dumps(older))

    assert changed_operations(Setup(spec=new), old) == touched


def test_note_counts_and_names_them() -> None:
    names = frozenset(f"op{n:02}" for n in range(14))

    assert told(names, Path("old.json")).startswith("14 operations changed since old.json: op00, op01, ")
    assert told(names, Path("old.json")).endswith("op11 and 2 more")
    assert told(frozenset(("a",)), Path("old.json")) == "1 operation changed since old.json: a"


def test_run_judges_only_them_and_says_so(tmp_path: Path) -> None:
    document = json.loads(Path("openapi.json").read_text())
    document["paths"]["/v2/portal/contract"]["get"]["x-changed"] = 1
    old = tmp_path / "old.json"
    old.write_text(json.dumps(document))

    plan, _ = prepared(TargetOptions(changed_since=old))

    assert plan.operations == frozenset(("getAllContracts",))
    assert plan.notes == (f"1 operation changed since {old}: getAllContracts",)


def test_nothing_changed_is_nothing_to_judge(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["contract", "--operation-changed-since", "openapi.json"]) == 0

    assert capsys.readouterr().err == "no operation has changed since openapi.json\n"


@pytest.mark.parametrize(
    ("text", "problem"), [("{}", "is not an OpenAPI document: it has no paths"), ("[", "is not JSON")]
)
def test_file_that_is_no_document_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, problem: str
) -> None:
    old = tmp_path / "old.json"
    old.write_text(text)

    assert main(["contract", "--operation-changed-since", str(old)]) == 2

    assert problem in capsys.readouterr().err
