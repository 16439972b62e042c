"""`mockportal contract --against OLD`: what has changed since an older document, and whom it breaks."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from mockportal.commands.output import say, say_json
from mockportal.compatibility import CHANGE_KINDS, Change, VersionStep, compare_versions
from mockportal.compatibility.reports import changes_record, counted, report_files
from mockportal.config import VERSIONS
from mockportal.files.shape import TEXT
from mockportal.files.writing import check_writable, write_files
from mockportal.judge.deviations import Deviation, Identity, accept, entry_schema, load_entries
from mockportal.mock import Setup, read_contract
from mockportal.spec.conversion.normal_form import load_openapi
from mockportal.values import Record
from mockportal.workflow_commands import workflow_command

_LEVELS = {"breaking": "error", "risky": "warning", "safe": "notice"}
_FAILING = {"breaking": ("breaking",), "risky": ("breaking", "risky")}
_TITLE = "mockportal contract --against"


@dataclass(frozen=True, slots=True)
class AgainstOptions:
    """The comparison that is asked for.

    old:      an older document, or a folder of versions
    format:   text, json or github
    fail_on:  the least level of a change that fails the run
    accepted: a file of changes that fail nothing
    report:   the folder for the report
    """

    old: Path
    format: str = "text"
    fail_on: str = "breaking"
    accepted: Path | None = None
    report: Path | None = None


def add_against_flags(parser: argparse.ArgumentParser) -> None:
    """The flags of the comparison."""
    parser.add_argument("--against", type=Path, metavar="OLD", help="compare an older spec with this one")
    parser.add_argument(
        "--fail-on",
        choices=[*_FAILING],
        default="breaking",
        help="with --against: the changes that fail the run",
    )
    parser.add_argument("--accepted", type=Path, metavar="FILE", help="with --against: accepted changes")


def against(setup: Setup, options: AgainstOptions) -> int:
    """Compares an older document, or a folder of versions, with this one. 1 if a change is as bad as `fail_on`, and not
    accepted. Raises `MockportalError`."""
    if options.report is not None:
        check_writable(options.report)
    entries = _load_accepted(options.accepted) if options.accepted else []
    path, document, _ = read_contract(setup)
    name = str(path) if setup.api == VERSIONS[0] else f"{path} ({setup.api})"
    steps = compare_versions(options.old, load_openapi(path) if setup.spec else document, name)
    accepted, problems = _accepted(steps, entries, datetime.now(UTC).date())
    record = changes_record(steps, accepted, problems, _FAILING[options.fail_on])
    if options.report is not None:
        write_files(options.report, report_files(record))
    _say(record, options.format)
    return 1 if record["verdict"] == "breaks" else 0


def _load_accepted(path: Path) -> list[Deviation]:
    """The entries of a file: a mapping with `changes`, a list. Raises `FileError` with line and pointer."""
    schema = entry_schema("rule", CHANGE_KINDS, "pointer", TEXT)
    return load_entries(path, "changes", schema, "rule", "pointer")


def _accepted(
    steps: Sequence[VersionStep], entries: Sequence[Deviation], today: date
) -> tuple[dict[tuple[int, Change], Record], list[str]]:
    """The accepted changes, each with the number of its step, and what is wrong with the entries, a line each."""
    found = [(number, change) for number, step in enumerate(steps) for change in step.changes]
    named = {entry.operation for entry in entries}
    _, known, problems = accept(found, _identity, entries, today, named)
    return {
        one: {"reason": entry.reason, "owner": entry.owner, "expires": entry.expires.isoformat()}
        for one, entry in known
    }, problems


def _identity(found: tuple[int, Change]) -> Identity:
    return found[1].operation, found[1].kind, found[1].pointer


def _say(record: Record, format: str) -> None:
    if format == "json":
        say_json(record["steps"])
        return
    for step in record["steps"]:
        for change in step["changes"]:
            say(_annotation(change) if format == "github" else _line(change))
        say(f"{step['old']} -> {step['new']}: {counted(step)}")
    for problem in record["problems"]:
        say(workflow_command("error", _TITLE, problem) if format == "github" else problem)


def _annotation(change: Record) -> str:
    level = "notice" if "accepted" in change else _LEVELS[change["level"]]
    return workflow_command(level, f"{change['operation']} {change['rule']}", _message(change))


def _line(change: Record) -> str:
    start = f"{change['level']:9}{change['operation']:42}{change['rule']:36}"
    return f"{start}{_message(change)}  {change['pointer']}"


def _message(change: Record) -> str:
    known = change.get("accepted")
    note = f" (accepted until {known['expires']}, {known['owner']}: {known['reason']})" if known else ""
    return f"{change['message']}{note}"
