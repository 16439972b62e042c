"""The commands that a report begins with."""

from dataclasses import replace

from mockportal.judge.model import Report
from mockportal.judge.reports.as_json import report_json
from mockportal.judge.reports.redact import Redactor
from tests.support.reports import BASE, finding, report


def commands(given: Report) -> list[str]:
    record = report_json(given, Redactor([]), BASE)
    return [step["command"] for step in record["next"]]


def untested(given: Report, reason: str) -> Report:
    given.operations["ssoLogin"].untested = reason
    return given


def test_first_finding_is_played_again_and_judged_alone_or_accepted() -> None:
    given = replace(report(findings=(finding(),)), arguments=("--target", "https://x.example/a b"))

    assert commands(given) == [
        f"mockportal contract --replay {finding().id}",
        "mockportal contract --target 'https://x.example/a b' --operation getContract",
        "mockportal contract --target 'https://x.example/a b' --write-deviations deviations.yaml",
    ]


def test_missing_token_is_asked_for() -> None:
    given = untested(report(problems=("x",)), "no token for ApiKey: give --token ApiKey=…")

    assert commands(given) == ["mockportal contract --token ApiKey=…"]


def test_ids_that_are_not_there_are_found_out() -> None:
    given = untested(report(problems=("x",)), "answered 404 to id=7: set params.id")

    assert commands(given) == [f"mockportal contract --init-targets {BASE}"]


def test_interrupted_run_is_run_again() -> None:
    assert commands(replace(report(problems=("x",)), interrupted=True)) == ["mockportal contract"]


def test_clean_run_goes_on_with_another_seed() -> None:
    given = replace(report(), arguments=("--seed", "7", "--rate", "5"))

    assert commands(given) == ["mockportal contract --rate 5 --seed 8"]


def test_never_more_than_three() -> None:
    given = untested(report(findings=(finding(),)), "no token for A: give --token A=…, or set params.id")

    assert len(commands(given)) == 3
