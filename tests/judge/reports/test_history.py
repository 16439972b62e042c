"""The file of the last runs, and the trend over them."""

from dataclasses import replace
from pathlib import Path

import pytest

from mockportal.judge.reports import Redactor, load_report, write_reports
from mockportal.judge.reports.history import HISTORY, read_history, trend
from tests.support.reports import BASE, finding, report


def test_every_run_is_remembered_and_only_the_last_thirty(tmp_path: Path) -> None:
    for number in range(32):
        write_reports(replace(report(), seed=number), tmp_path, Redactor([]), BASE)

    assert [run["seed"] for run in read_history(tmp_path)] == list(range(2, 32))
    assert len(load_report(tmp_path / "report.json")["trend"]) == 10


def test_finding_of_an_operation_that_was_not_tested_is_not_fixed(tmp_path: Path) -> None:
    found = (finding(), finding("ssoLogin", signature="x"))
    write_reports(report(findings=found), tmp_path, Redactor([]), BASE)
    now = report()
    now.past = read_history(tmp_path)

    assert [(row["new"], row["still"], row["fixed"]) for row in trend(now)] == [(2, 0, 0), (0, 0, 1)]


def test_runs_of_another_target_are_no_part_of_the_trend(tmp_path: Path) -> None:
    write_reports(replace(report(), target="https://elsewhere.example"), tmp_path, Redactor([]), BASE)
    now = report()
    now.past = read_history(tmp_path)

    assert trend(now) == []


@pytest.mark.parametrize("text", ["", "{", "{}", "[1, {}]", '[{"started": 1}]'])
def test_file_that_is_not_ours_is_no_obstacle(tmp_path: Path, text: str) -> None:
    (tmp_path / HISTORY).write_text(text)

    assert read_history(tmp_path) == []
