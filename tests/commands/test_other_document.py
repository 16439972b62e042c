"""The commands on a document of somebody else: no security, no operationIds, nothing that the shipped rules know."""

import json
from pathlib import Path

import pytest

from mockportal.cli import main
from mockportal.values import Record


def _operation(status: str = "200", **parts: object) -> Record:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Item"}}}
    bad = {"description": "bad", "content": {"application/json": {"schema": {"type": "object"}}}}
    return {"responses": {status: {"description": "ok", "content": content}, "400": bad, "404": bad}, **parts}


DOCUMENT: Record = {
    "openapi": "3.0.3",
    "info": {"title": "Items", "version": "1"},
    "paths": {
        "/items": {
            "get": {
                **_operation(),
                "parameters": [{"name": "tags", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}}],
            }
        },
        "/items/{name}.json": {
            "get": {
                **_operation(),
                "parameters": [{"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}],
            }
        },
    },
    "components": {
        "schemas": {
            "Item": {
                "type": "object",
                "required": ["code"],
                "properties": {"code": {"type": "string", "pattern": "^[A-Z]{3}$"}},
            }
        }
    },
}  # fmt: skip


@pytest.fixture
def flags(tmp_path: Path) -> list[str]:
    (tmp_path / "items.json").write_text(json.dumps(DOCUMENT))
    (tmp_path / "default.yaml").write_text("about: nothing\n")
    return ["--spec", str(tmp_path / "items.json"), "--scenarios", str(tmp_path)]


@pytest.mark.parametrize(
    ("command", "begins"),
    [
        (["check"], ""),
        (["verify"], ""),
        (["operations"], "example   get/items"),
        (["spec"], "{"),
        (["contract", "--phases", "checks,journeys,examples,coverage"], "Keeps the contract\n2 operations: 2 passed"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)  # fmt: skip
def test_command_works(
    flags: list[str], capsys: pytest.CaptureFixture[str], command: list[str], begins: str
) -> None:
    code = main([*command, *flags])

    assert code == 0
    assert capsys.readouterr().out.startswith(begins)
