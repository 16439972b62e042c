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
    assert lines[1] == f"{old} -> {new}: 1 breaking, 0 risky, 0 safe"


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


ACCEPTED = """changes:
  - operation: other
    rule: operation-removed
    pointer: /paths/~1other/get
    reason: <nobody> calls it any more
    owner: team-portal
    expires: {expires}
"""


def accepted(folder: Path, expires: str, text: str = ACCEPTED) -> list[str]:
    (folder / "accepted.yaml").write_text(text.replace("{expires}", expires))
    return ["--accepted", str(folder / "accepted.yaml")]


def test_accepted_change_fails_nothing(
    files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = files

    code = main(["contract", "--spec", new, "--against", old, *accepted(tmp_path, "2999-12-31")])

    told = capsys.readouterr().out
    assert code == 0
    assert "(accepted until 2999-12-31, team-portal: <nobody> calls it any more)" in told
    assert told.endswith(": 0 breaking, 0 risky, 0 safe, 1 accepted\n")


@pytest.mark.parametrize(
    ("against", "expires", "problem"),
    [
        ("old", "2020-12-31", "expired on 2020-12-31"),
        ("new", "2999-12-31", "operation-removed on other does not occur any more"),
    ],
)
def test_entry_that_accepts_nothing_any_more_fails_the_run(
    files: tuple[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    against: str,
    expires: str,
    problem: str,
) -> None:
    older = {"old": files[0], "new": files[1]}[against]

    code = main(["contract", "--spec", files[1], "--against", older, *accepted(tmp_path, expires)])

    assert code == 1
    assert f"accepted.yaml:2:5: /changes/0: {problem}" in capsys.readouterr().out


def test_accepted_changes_are_held_to_their_schema(
    files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = ACCEPTED.replace("operation-removed", "operation-remved")

    code = main(
        ["contract", "--spec", files[1], "--against", files[0], *accepted(tmp_path, "2999-12-31", text)]
    )

    assert code == 2
    assert "/changes/0/rule: unknown value 'operation-remved'; did you mean" in capsys.readouterr().err


def test_report_is_written_as_json_markdown_and_html(files: tuple[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "report"
    flags = ["--report", str(folder), *accepted(tmp_path, "2999-12-31")]

    code = main(["contract", "--spec", files[1], "--against", files[0], *flags])

    texts = {path.name: path.read_text() for path in folder.iterdir()}
    record = json.loads(texts["changes.json"])
    assert (code, {*texts}, record["verdict"]) == (
        0,
        {"changes.json", "changes.md", "changes.html"},
        "fits",
    )
    assert record["steps"][0]["counts"] == {"breaking": 0, "risky": 0, "safe": 0, "accepted": 1}
    assert "1 accepted" in texts["changes.md"]
    assert "&#60;nobody&#62; calls it any more" in texts["changes.md"]
    assert "&lt;nobody&gt; calls it any more" in texts["changes.html"]
    assert "Breaks nobody" in texts["changes.html"]


def test_report_that_cannot_be_written_is_told_at_once(
    files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")

    code = main(["contract", "--spec", files[1], "--against", files[0], "--report", str(tmp_path / "file/x")])

    assert (code, capsys.readouterr().out) == (2, "")
