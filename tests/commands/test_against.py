"""`contract --against OLD`: changes by level, as text, JSON and annotations, and the exit code."""

import copy
import json
from pathlib import Path

import pytest

from mockportal.cli import main
from mockportal.values import Record

FINE: Record = {
    "200": {"description": "fine", "content": {"application/json": {"schema": {"type": "object"}}}}
}
OLD: Record = {
    "openapi": "3.0.3",
    "info": {"title": "t", "version": "1"},
    "paths": {
        "/it": {"get": {"operationId": "it", "responses": FINE}},
        "/other": {"get": {"operationId": "other", "responses": FINE}},
    },
}


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """An old document, and a new one without its operation `other`."""
    new = copy.deepcopy(OLD)
    del new["paths"]["/other"]
    paths = tmp_path / "old.json", tmp_path / "new.json"
    for path, document in zip(paths, (OLD, new), strict=True):
        path.write_text(json.dumps(document))
    return str(paths[0]), str(paths[1])


def test_removed_operation_is_breaking(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    old, new = files

    code = main(["contract", "--spec", new, "--against", old])

    lines = capsys.readouterr().out.splitlines()
    assert (code, len(lines)) == (1, 2)
    assert lines[0].split()[:2] == ["breaking", "other"]
    assert lines[1] == f"old.json -> {new}: 1 breaking, 0 risky, 0 safe"


def test_added_operation_is_safe(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    old, new = files

    code = main(["contract", "--spec", old, "--against", new, "--format", "json"])

    [step] = json.loads(capsys.readouterr().out)
    assert (code, [(one["level"], one["operation"]) for one in step["changes"]]) == (0, [("safe", "other")])


def test_annotation_of_a_breaking_change_is_an_error(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = files

    code = main(["contract", "--spec", new, "--against", old, "--format", "github"])

    assert code == 1
    assert capsys.readouterr().out.startswith("::error title=other ")
