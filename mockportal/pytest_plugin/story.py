"""The story of a world in the report of a failed test: its last requests, their reasons, and how to play it again."""

from __future__ import annotations  # the types stand in the library

from collections.abc import Callable
from pathlib import Path

import mockportal
from mockportal.errors import MockportalError
from mockportal.files.writing import write_files
from mockportal.values import Record

_LAST = 5
_OUTSIDE = "control"  # answered changes that were made from outside the API
_LINES = 60  # of a scenario


def story(client: mockportal.Client, folder: Path | None = None) -> str:
    """The last exchanges, a line for each; the last request as a command; the world as a scenario, which is written to
    `folder` as well."""
    entries = client.journal.entries(limit=_LAST)
    asked = [entry["n"] for entry in entries if entry["answered_by"] != _OUTSIDE]
    parts = [
        "\n".join(
            [f"scenario {client.scenario}, at {client.clock.now}", *(_line(one, client) for one in entries)]
        )
    ]
    if asked:
        parts.append(_told(lambda: client.journal.code(asked[-1]), "the last request again"))
    parts.append(_told(lambda: _scenario(client, folder), "the world as a scenario"))
    return "\n\n".join(parts)


def _line(entry: Record, client: mockportal.Client) -> str:
    """`2 POST /v2/portal/metering/reading 400 createMeterReading as anna: implausible reading: less_than_previous`"""
    told = [entry["n"], entry["method"], entry["path"], entry["status"], entry["operation"]]
    who = f" as {entry['as']}" if entry["as"] else ""
    rule = f" by rule {entry['rule']}" if entry["rule"] else ""
    reason = client.journal.explain(entry["n"])["reason"] if entry["status"] >= 400 else ""
    return (
        " ".join(str(one) for one in told if one is not None) + who + rule + (f": {reason}" if reason else "")
    )


def _scenario(client: mockportal.Client, folder: Path | None) -> str:
    """The scenario, or its beginning, and the file that has the whole. Raises `MockportalError`."""
    text = client.export()
    lines = text.rstrip().splitlines()
    shown = [*lines[:_LINES], f"… {len(lines) - _LINES} lines more"] if len(lines) > _LINES else lines
    if folder is None:
        return "\n".join([*shown, "(--portal-export DIR writes it to a file)"])
    write_files(folder, {f"{client.name}.yaml": text})
    return "\n".join([*shown, f"(written to {folder / client.name}.yaml)"])


def _told(part: Callable[[], str], what: str) -> str:
    """The part under its heading, or why there is none: a report tells as much as it can."""
    try:
        return f"{what}:\n{part().rstrip()}"
    except MockportalError as error:
        return f"{what}: {error.problem}"
