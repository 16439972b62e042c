"""`mockportal check`: which findings it prints, in which form, and how it ends."""

import json
from pathlib import Path

import pytest

from mockportal.cli import main

WRONG = """\
extends: default
entities:
  contact:
    a: {_title: 5, customer_number: 01067}
    b: {external_id: !id contact/nobody-at-all}
rules: [{operation: getPortalUser, delay: soon}]
"""
PLACES = [
    (4, 9, "/entities/contact/a/_title"),
    (5, 9, "/entities/contact/b/external_id"),
    (6, 36, "/rules/0/delay"),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with files of all sorts."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wrong.yaml").write_text(WRONG)
    (tmp_path / "right.yaml").write_text("extends: default\n")
    (tmp_path / "broken.yaml").write_text("a: [1")
    return tmp_path


def test_file_is_checked_alone_and_completely(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["check", "wrong.yaml"])

    shown = capsys.readouterr()
    assert code == 1
    assert [line[:8].strip() for line in shown.out.splitlines()] == ["problem", "note", "problem", "problem"]
    assert shown.out.splitlines()[0] == (
        "problem scenario            wrong.yaml:4:9: /entities/contact/a/_title: 5 is not of type 'string'"
    )
    assert shown.err == "3 problems, 1 notes\n"


def test_notes_on_the_document_are_told_when_asked_for(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "right.yaml"]) == 0
    assert capsys.readouterr().out == ""

    assert main(["check", "right.yaml", "--notes"]) == 0
    assert "implied-response" in capsys.readouterr().out


def test_quiet_leaves_problems_only(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["check", "wrong.yaml", "--notes", "--quiet"])

    shown = capsys.readouterr()
    assert (code, shown.err) == (1, "")
    assert {line.split()[0] for line in shown.out.splitlines()} == {"problem"}


def test_json_has_the_parts_of_a_place_apart(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["check", "wrong.yaml", "--format", "json", "--quiet"])

    found = json.loads(capsys.readouterr().out)
    assert code == 1
    assert [(one["line"], one["column"], one["pointer"]) for one in found] == PLACES
    assert found[0] == {
        "severity": "problem",
        "rule": "scenario",
        "file": "wrong.yaml",
        "line": 4,
        "column": 9,
        "pointer": "/entities/contact/a/_title",
        "message": "5 is not of type 'string'",
    }


def test_github_shows_each_finding_at_its_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["check", "wrong.yaml", "--format", "github"])

    shown = capsys.readouterr().out.splitlines()
    assert code == 1
    assert shown[0] == (
        "::error title=scenario /entities/contact/a/_title,file=wrong.yaml,line=4,col=9::5 is not of type 'string'"
    )
    assert shown[1].startswith(
        "::notice title=scenario /entities/contact/a/customer_number,file=wrong.yaml,line=4,col=20::01067 is"
    )


def test_broken_file_hides_no_other_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["check", "broken.yaml", "wrong.yaml"])

    shown = capsys.readouterr()
    assert code == 2
    assert len(shown.out.splitlines()) == 4
    assert "mockportal: broken.yaml:2:1: is not YAML" in shown.err


@pytest.mark.parametrize("format", ["json", "github"])
def test_broken_file_is_a_finding_in_forms_for_programs(
    folder: Path, capsys: pytest.CaptureFixture[str], format: str
) -> None:
    code = main(["check", "wrong.yaml", "broken.yaml", "--format", format, "--quiet"])

    shown = capsys.readouterr()
    assert (code, shown.err) == (2, "")
    if format == "json":
        last = json.loads(shown.out)[-1]
        assert (last["severity"], last["file"], last["line"], last["column"], last["pointer"]) == (
            "unusable", "broken.yaml", 2, 1, None
        )  # fmt: skip
    else:
        assert shown.out.splitlines()[-1].startswith(
            "::error title=scenario ,file=broken.yaml,line=2,col=1::is not YAML"
        )


def test_mistake_in_what_is_extended_is_told_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("one", "two"):
        (folder / f"{name}.yaml").write_text("extends: wrong\n")

    assert main(["check", "one.yaml", "two.yaml", "wrong.yaml", "--scenarios", ".", "--quiet"]) == 1

    assert len(capsys.readouterr().out.splitlines()) == 3


@pytest.mark.parametrize("name", ["a" * 5_000 + ".yaml", "b" * 300, "no\nsuch.yaml"])
def test_path_that_no_file_can_have_is_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    code = main(["check", name])

    shown = capsys.readouterr()
    assert (code, shown.out, shown.err.count("\n")) == (2, "", 1)
    assert "does not exist" in shown.err
    assert len(shown.err) < 300


def test_line_of_a_finding_stays_one_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "odd.yaml").write_text('"a\\nb\\0": 1\n')

    assert main(["check", "odd.yaml"]) == 1

    assert capsys.readouterr().out.splitlines() == [
        "problem scenario            odd.yaml:1:1: /a b\\x00: unknown key 'a\\nb\\x00'"
        " (known: about, extends, seed, clock, certificate_header, entities, tokens, rules, expect)"
    ]
