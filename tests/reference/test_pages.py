"""The pages of the manual that come from the code."""

import argparse
import re
from pathlib import Path

import pytest

from mockportal.cli import build_parser
from mockportal.commands import COMMANDS
from mockportal.commands.help.exit_codes import OF_COMMAND
from mockportal.mock import Mock
from reference.markdown import table
from reference.pages import PAGES, written

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def pages(mock: Mock) -> dict[str, str]:
    return written(mock)


@pytest.mark.parametrize("name", PAGES)
def test_page_is_as_written_from_the_code(name: str, pages: dict[str, str]) -> None:
    assert (ROOT / name).read_text() == pages[name], "scripts/reference writes it again"


def test_every_flag_and_argument_has_its_help() -> None:
    commands = next(
        action for action in build_parser()._actions if isinstance(action, argparse._SubParsersAction)
    ).choices

    silent = [
        (name, action.dest)
        for name, command in commands.items()
        for action in command._actions
        if not action.help
    ]

    assert silent == []


def test_every_command_tells_its_exit_codes_and_the_explanation_has_the_same() -> None:
    rows = dict(
        re.findall(
            r"^\| \[`(\w+)`\]\(#\w+\) \|[^|]*\| ([^|]*) \|$", (DOCS / "cli.md").read_text(), re.MULTILINE
        )
    )

    assert set(OF_COMMAND) == {command.name for command in COMMANDS} == set(rows)
    for command, told in rows.items():
        assert set(map(int, re.findall(r"\b\d+\b", told))) <= set(OF_COMMAND[command]), command


def test_every_key_of_a_scenario_has_its_meaning(pages: dict[str, str]) -> None:
    page = pages["docs/reference/scenario-keys.md"]

    assert re.findall(r"^\| `.*\|  \|$", page, re.MULTILINE) == []
    assert "| `rules[].fault.connection` | `reset`, `empty`, `stall`, `malformed` |" in page
    assert "| `tokens.*.user` (needed) | text |" in page


def test_every_endpoint_has_its_parameters_body_and_statuses(pages: dict[str, str]) -> None:
    section = pages["docs/reference/control-endpoints.md"].partition("### GET /worlds/{world}/journal\n")[2]
    section = section.partition("\n### ")[0]

    assert "| `status` | query | text | such as 404 or 4xx |" in section
    assert "| 200 | object: `entries` |" in section


def test_tables_leave_out_empty_columns_and_escape_bars() -> None:
    assert list(table(("a", "b", "c"), [("1|2", "", "x\ny"), ("", "", "z")])) == [
        "| a | c |",
        "|---|---|",
        "| 1\\|2 | x y |",
        "|  | z |",
        "",
    ]
