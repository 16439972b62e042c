"""The commands that are most useful after a run, for its very result."""

import re
import shlex
from collections.abc import Iterator
from itertools import islice

from mockportal.values import Record

_MOST = 3
_COMMAND = "mockportal contract"
_TOKEN = re.compile(r"give (--token [^\s=]+=)")
_DEVIATIONS = "deviations.yaml"


def next_steps(report: Record) -> list[Record]:
    """At most three of `{"what": "play the first finding again", "command": "mockportal contract --replay …"}`."""
    return [{"what": what, "command": command} for what, command in islice(_steps(report), _MOST)]


def _steps(report: Record) -> Iterator[tuple[str, str]]:
    again = shlex.join([*_COMMAND.split(), *report["arguments"]])
    findings, reasons = report["findings"], [one["untested"] for one in report["operations"]]
    if findings:
        yield "play the first finding again", findings[0]["replay"]
    if report["verdict"] == "interrupted":
        yield "run it again, to its end", again
    if any("params." in reason for reason in reasons) and "://" in report["target"]:
        yield "find out ids of this target", f"{_COMMAND} --init-targets {report['target']}"
    token = next(filter(None, map(_TOKEN.search, reasons)), None)
    if token:
        yield "judge what needs a token", f"{again} {token[1]}…"
    if findings:
        first = findings[0]["operation"]
        if first and "--operation" not in report["arguments"]:
            yield f"judge {first} alone", f"{again} --operation {first}"
        yield "accept what is agreed, until a day", f"{again} --write-deviations {_DEVIATIONS}"
    elif not report["problems"]:
        yield "send other requests", f"{_without_seed(again)} --seed {report['seed'] + 1}"


def _without_seed(command: str) -> str:
    return re.sub(r" --seed \S+", "", command)
