"""The story of a world in the report of a failed test: its last requests, and why they were refused."""

from __future__ import annotations  # the types stand in the library

import mockportal
from mockportal.values import Record

_LAST = 5


def story(client: mockportal.Client) -> str:
    """The scenario and the time, and the last exchanges, a line for each."""
    entries = client.journal.entries(limit=_LAST)
    lines = [_line(entry, client) for entry in entries]
    return "\n".join([f"scenario {client.scenario}, at {client.clock.now}", *lines])


def _line(entry: Record, client: mockportal.Client) -> str:
    """`2 POST /v2/portal/metering/reading 400 createMeterReading as anna: implausible reading: less_than_previous`"""
    told = [entry["n"], entry["method"], entry["path"], entry["status"], entry["operation"]]
    who = f" as {entry['as']}" if entry["as"] else ""
    rule = f" by rule {entry['rule']}" if entry["rule"] else ""
    reason = client.journal.explain(entry["n"])["reason"] if entry["status"] >= 400 else ""
    return (
        " ".join(str(one) for one in told if one is not None) + who + rule + (f": {reason}" if reason else "")
    )
