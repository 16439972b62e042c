"""The list of all operations: what answers each, with which statuses, and which of them no request can bring about."""

import argparse
from collections.abc import Iterable

from mockportal.commands.output import say, say_json
from mockportal.commands.setup_flags import setup_of
from mockportal.engine.api import Api, name_of
from mockportal.mock import Mock, load_mock
from mockportal.spec.operations import Operation
from mockportal.values import Record

_INTRODUCTION = """\
# Operations

What answers each operation in the default scenario, and with which statuses, those that the overlay implies included.
Written by `mockportal operations --format markdown`; a test keeps it current. Every 4xx that the document itself names
is reached by a test, each by name, except those at the end.

| operation | request | answers | answered by | |
|---|---|---|---|---|"""


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Adds the flags of `operations`."""
    parser.add_argument("--format", choices=("text", "json", "markdown"), default="text", help="of the list")


def run(given: argparse.Namespace) -> int:
    """Prints the list. Raises `MockportalError`."""
    mock = load_mock(setup_of(given))
    rows = operation_rows(mock)
    if given.format == "json":
        say_json(rows)
    elif given.format == "markdown":
        say(markdown(rows, mock.api))
    else:
        for row in rows:
            say(f"{row['answered_by']:10}{row['operation']:42}{row['method']:7}{row['path']}")
    return 0


def operation_rows(mock: Mock) -> list[Record]:
    """`{operation, method, path, summary, statuses, answered_by, behaviour}` for every operation, in the order of the
    document; `behaviour` is module and function, or None."""
    responders = mock.engine.responders
    ruled = {
        name
        for rule in mock.world().scenario.rules
        for name in rule.operations
        if any(one.takes_over or one.breaks for one in rule.actions)
    }
    rows = []
    for operation in mock.spec.operations.values():
        behaviour = mock.api.behaviours.get(operation.id)
        rows.append(
            {
                "operation": operation.id,
                "method": operation.method,
                "path": operation.path,
                "summary": operation.summary,
                "statuses": sorted(operation.responses),
                "answered_by": "rule" if operation.id in ruled else responders.answered_by(operation),
                "behaviour": name_of(behaviour) if behaviour else None,
            }
        )
    return rows + [_quarantined(operation) for operation in mock.spec.quarantine]


def _quarantined(operation: Operation) -> Record:
    """The row of an operation that cannot be answered, with the reason in place of a summary."""
    return {
        "operation": operation.id,
        "method": operation.method,
        "path": operation.path,
        "summary": operation.problem,
        "statuses": ["501"],
        "answered_by": "nothing",
        "behaviour": None,
    }


def markdown(rows: Iterable[Record], api: Api) -> str:
    """The list as the page `docs/operations.md`."""
    lines = [_INTRODUCTION]
    known = set()
    for row in rows:
        known.add(row["operation"])
        answers = " ".join(status for status in row["statuses"] if status != "500")
        function = str(row["behaviour"] or row["answered_by"]).removeprefix("mockportal.")
        request = f"`{row['method']} {row['path']}`"
        lines.append(f"| {row['operation']} | {request} | {answers} | `{function}` | {row['summary']} |")
    lines += ["", "## Documented, but never reached", ""]
    unreachable = sorted(api.unreachable.items())
    lines += [f"- {name} {status}: {reason}" for (name, status), reason in unreachable if name in known]
    return "\n".join(lines)
