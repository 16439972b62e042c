"""`mockportal verify` in a folder with scenarios of its own."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from mockportal.commands.verify import verdicts_on
from mockportal.mock import Setup
from tests.support.command_line import run_command

Run = Callable[..., subprocess.CompletedProcess[str]]
BALANCE = "{as: dev-anna, operation: getCustomerBalance, status: 200, body: {balance: %d}}"


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs `mockportal verify` in a folder with two scenarios of its own, one of which fails."""
    scenarios = tmp_path / "scenarios"
    scenarios.mkdir()
    (scenarios / "right.yaml").write_text(f"extends: default\nexpect:\n  - {BALANCE % 0}\n")
    (scenarios / "wrong.yaml").write_text(
        f"extends: default\nexpect:\n  - {BALANCE % 0}\n  - {BALANCE % 7}\n"
    )

    def command(*arguments: str) -> subprocess.CompletedProcess[str]:
        return run_command(tmp_path, "verify", *arguments)

    return command


def test_scenarios_that_hold(run: Run) -> None:
    result = run("right", "first-login")

    assert result.returncode == 0
    assert result.stdout == "holds   right\nholds   first-login\n"
    assert result.stderr == "2 scenarios, 0 of them fail\n"


def test_failure_names_file_and_line(run: Run) -> None:
    result = run("wrong", "right")

    assert result.returncode == 1
    assert result.stdout.splitlines() == [
        "fails   wrong",
        "  scenarios/wrong.yaml:4:5: /expect/1: getCustomerBalance: expected 7 at body/balance; came 0",
        "holds   right",
    ]


def test_json_says_the_same(run: Run) -> None:
    result = run("--format", "json", "scenarios/wrong.yaml")

    assert result.returncode == 1
    assert json.loads(result.stdout) == [
        {
            "scenario": "wrong",
            "holds": False,
            "expectations": 2,
            "failures": [
                {
                    "where": "scenarios/wrong.yaml:4:5: /expect/1",
                    "entry": 1,
                    "operation": "getCustomerBalance",
                    "expected": "7 at body/balance",
                    "came": "0",
                }
            ],
        }
    ]


def test_junit_has_a_test_for_each_scenario_with_all_its_failures(run: Run, tmp_path: Path) -> None:
    result = run("wrong", "right", "--junit", "reports/verify.xml")

    suite = ElementTree.parse(tmp_path / "reports" / "verify.xml").getroot()[0]
    failed = suite[0].find("failure")
    assert result.returncode == 1
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    assert [case.get("name") for case in suite] == ["wrong", "right"]
    assert failed is not None
    assert "wrong.yaml:4:5: /expect/1: getCustomerBalance: expected 7" in str(failed.get("message"))
    assert suite[1].find("failure") is None


def test_without_names_all_scenarios_are_played_in_order() -> None:
    verdicts = verdicts_on((), Setup())

    assert [next(verdicts).scenario for _ in range(2)] == ["account-disabled", "account-disabled-expired"]


@pytest.mark.parametrize(
    ("argument", "problem"),
    [
        ("overdue-invoce", "mockportal: overdue-invoce: is not a known scenario; did you mean 'overdue-invoice'?\n"),
        ("scenarios/none.yaml", "mockportal: scenarios/none.yaml: cannot be read (No such file or directory)\n"),
    ],
)  # fmt: skip
def test_scenario_that_cannot_be_used_is_one_line_and_exit_2(run: Run, argument: str, problem: str) -> None:
    result = run(argument)

    assert (result.returncode, result.stdout, result.stderr) == (2, "", problem)
