"""A report as the summary of a pull request, in GitHub's Markdown."""

import re
from collections.abc import Iterable, Iterator
from types import MappingProxyType

from mockportal.judge.reports.view import (
    NO_OPERATION,
    commands,
    count,
    headline,
    messages,
    often,
    run_of,
    tally,
    traffic,
    untested_by_reason,
)
from mockportal.values import Record

MOST_BYTES = 60_000
_TAIL = 6_000  # what follows the failures
_NOTE = 100  # the line that counts what is left out
_CELL = 240
_COMMAND = 4_000
_MARKS = str.maketrans(
    {char: f"&#{ord(char)};" for char in "&<>|`*_~[]\\#!"} | {"@": "@<!-- -->", "\n": " ", "\r": " "}
)
_SIGN = MappingProxyType({"conforms": "✅", "violates": "❌", "interrupted": "⏹️"})


def markdown(report: Record) -> str:
    """At most 60 kB; what does not fit is counted."""
    head = [
        f"## {_SIGN[report['verdict']]} {headline(report)}",
        "",
        f"{tally(report)}  ",
        _plain(run_of(report)),
        "",
    ]
    tail = _fitting([*_problems(report), *_notes(report), *_known(report), *_untested(report)], _TAIL, "line")
    tail += [
        "",
        f"Traffic: {traffic(report)}.",
        f"Contract: `{report['spec_sha256'][:12]}`; {_versions(report)}.",
    ]
    room = MOST_BYTES - _size(head) - _size(tail)
    table = _fitting(_table(report), room // 2, "finding")
    details = _fitting(_details(report), room - _size(table), "command")
    return "\n".join([*head, *table, *details, *tail]) + "\n"


def _fitting(blocks: Iterable[str], room: int, noun: str) -> list[str]:
    """As many blocks as fit, and a line that counts the others."""
    blocks = list(blocks)
    room -= _NOTE
    for number, block in enumerate(blocks):
        room -= _size([block])
        if room < 0:
            return [
                *blocks[:number],
                "",
                f"*{count(len(blocks) - number, noun)} more: see `index.html`.*",
                "",
            ]
    return blocks


def _size(blocks: Iterable[str]) -> int:
    return sum(len(block.encode()) + 1 for block in blocks)


def _table(report: Record) -> Iterator[str]:
    if report["findings"]:
        yield "| operation | check | what is wrong | id |\n|---|---|---|---|"
    said = messages(report)
    for finding in report["findings"]:
        message = _plain(said[finding["id"]]) + often(finding)
        operation = _code(finding["operation"] or NO_OPERATION)
        yield f"| {operation} | {_code(finding['check'])} | {message} | `{finding['id']}` |"


def _details(report: Record) -> Iterator[str]:
    for finding in report["findings"]:
        name = f"{finding['operation'] or NO_OPERATION}: {finding['check']}"
        code = commands(finding)
        if len(code.encode()) > _COMMAND:
            code = "# too long to show here: see index.html"
        rule = f"Rule: {_code(finding['rule'])}" if finding["rule"] else ""
        summary = f"<summary>{_plain(name)} <code>{finding['id']}</code></summary>"
        yield f"\n<details>{summary}\n\n{_fenced(code)}\n{rule}\n\n</details>"


def _fenced(code: str) -> str:
    longest = max((len(run) for run in re.findall("`+", code)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}sh\n{code}\n{fence}\n"


def _problems(report: Record) -> Iterator[str]:
    if report["problems"]:
        yield "\n### Problems of the run\n"
    yield from (f"- {_plain(problem)}" for problem in report["problems"])


def _notes(report: Record) -> Iterator[str]:
    if report.get("notes"):
        yield "\n### Notes on the run\n"
    yield from (f"- {_plain(note)}" for note in report.get("notes", ()))


def _known(report: Record) -> Iterator[str]:
    if report["known"]:
        yield "\n### Known deviations\n"
    for entry in report["known"]:
        finding = entry["finding"]
        until = f"({_plain(entry['owner'])}, until {_plain(entry['expires'])})"
        yield f"- {_code(finding['operation'])} {_code(finding['check'])}: {_plain(entry['reason'])} {until}"


def _untested(report: Record) -> Iterator[str]:
    reasons = untested_by_reason(report)
    if reasons:
        yield "\n### Untested\n"
    for reason, operations in reasons.items():
        names = _plain(", ".join(operations), 2_000)
        yield f"- {_plain(reason)}: {count(len(operations), 'operation')}\n  <br>{names}"


def _versions(report: Record) -> str:
    return _plain(", ".join(f"{name} {version}" for name, version in report["versions"].items()))


def _code(text: str) -> str:
    """`text` as code, in a table too."""
    return "`" + re.sub(r"[`|\s]", " ", text) + "`"


def _plain(text: str, most: int = _CELL) -> str:
    """`text` in one line, without marks of its own, and of at most `most` characters."""
    cut = text if len(text) <= most else text[: most - 1] + "…"
    return cut.translate(_MARKS)
