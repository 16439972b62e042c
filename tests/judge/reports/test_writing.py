import hashlib
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from mockportal.errors import UsageError
from mockportal.judge.model import Interaction
from mockportal.judge.reports import Redactor, load_report, residues, write_reports
from tests.support.reports import BASE, BROKEN, JWT, POST, TOKEN, finding, received, report


def test_folder_holds_every_form_of_the_report(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "report"

    written = write_reports(BROKEN, folder, Redactor([TOKEN]), BASE)

    assert [path.name for path in written] == [
        "report.json",
        "junit.xml",
        "report.sarif",
        "ctrf.json",
        "findings.har",
        "summary.md",
        "index.html",
        "history.json",
    ]
    assert sorted(path.name for path in folder.iterdir()) == sorted(path.name for path in written)
    assert load_report(folder / "report.json")["verdict"] == "violates"
    assert ElementTree.parse(folder / "junit.xml").getroot().get("failures") == "4"


def test_same_report_is_written_the_same(tmp_path: Path) -> None:
    def written(folder: Path) -> dict[str, str]:
        paths = write_reports(BROKEN, folder, Redactor([]), BASE)
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}

    assert written(tmp_path / "a") == written(tmp_path / "b")


def test_second_run_says_what_is_new(tmp_path: Path) -> None:
    write_reports(report(findings=(finding(),)), tmp_path, Redactor([]), BASE)
    first = (tmp_path / "index.html").read_text("utf-8")

    write_reports(report(findings=(finding(signature="b"),)), tmp_path, Redactor([]), BASE)

    assert "Since the last run" not in first
    assert "Since the last run" in (tmp_path / "index.html").read_text("utf-8")


def test_broken_report_of_the_last_run_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text("{")

    write_reports(report(), tmp_path, Redactor([]), BASE)

    assert "Since the last run" not in (tmp_path / "index.html").read_text("utf-8")


def test_folder_that_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(UsageError) as error:
        write_reports(report(), tmp_path / "file", Redactor([]), BASE)

    assert str(error.value) == f"{tmp_path / 'file'}: cannot be written (File exists)"


def test_planted_secrets_are_in_no_file(tmp_path: Path) -> None:
    body = json.dumps({"access_token": "minted-4711", "echo": [TOKEN, JWT]}).encode()
    sent = POST.__class__("login", "POST", f"/login?x={TOKEN}", {"cookie": TOKEN}, body)
    leaky = finding(
        message=f"got {TOKEN} and minted-4711", exchanges=(Interaction(sent, received(200, body)),)
    )
    redactor = Redactor([TOKEN])

    write_reports(report(findings=(leaky,), problems=(f"Bearer {TOKEN}",)), tmp_path, redactor, BASE)

    assert redactor.secrets == (TOKEN, "minted-4711")
    assert residues(tmp_path, [*redactor.secrets, JWT]) == []
