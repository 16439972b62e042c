"""The story of a world in the report of a failed test: its last requests, and why they were refused."""

from __future__ import annotations  # the types stand in the library

import mockportal
from mockportal.values import Record

_LAST = 5


def story(client: mockportal.Client) -> str:
    """The scenario and the time, and the last exchanges, a line for each."""
    entries = client.journal.entries(limit=_LAST)
    lines = [_line(client.journal.entry(entry["n"])) for entry in entries]
    return "\n".join([f"scenario {client.scenario}, at {client.clock.now}", *lines])


def _line(entry: Record) -> str:
    """`2 POST /v2/portal/metering/reading 400 createMeterReading as anna: implausible reading: less_than_previous`"""
    told = [entry["n"], entry["method"], entry["path"], entry["status"], entry["operation"]]
    who = f" as {entry['as']}" if entry["as"] else ""
    rule = f" by rule {entry['rule']}" if entry["rule"] else ""
    return " ".join(str(one) for one in told if one is not None) + who + rule + _reason(entry["response"])


def _reason(response: Record) -> str:
    body = response["body"]
    is_refusal = response["status"] >= 400 and isinstance(body, dict) and "message" in body
    return f": {body['message']}" if is_refusal else ""
