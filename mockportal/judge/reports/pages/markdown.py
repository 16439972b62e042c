"""A report as the summary of a pull request, in GitHub's Markdown."""

import re
from collections.abc import Iterable, Iterator
from types import MappingProxyType

from mockportal.judge.reports.causes import Cause, by_cause
from mockportal.judge.reports.view import (
    NO_OPERATION,
    commands,
    count,
    duration,
    headline,
    messages,
    often,
    operations_of,
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
_OTHERS = 20  # ids of a cause
_COMMAND = 4_000
_MARKS = str.maketrans(
    {char: f"&#{ord(char)};" for char in "&<>|`*_~[]\\#!"} | {"@": "@<!-- -->", "\n": " ", "\r": " "}
)
_SIGN = MappingProxyType({"conforms": "✅", "violates": "❌", "interrupted": "⏹️"})


def markdown(report: Record, link: str = "index.html") -> str:
    """At most 60 kB; what does not fit is counted, and `link` leads to it."""
    head = [
        f"## {_SIGN[report['verdict']]} {headline(report)}",
        "",
        f"{tally(report)}  ",
        _plain(run_of(report)),
        "",
        *_next(report),
    ]
    tail = [*_problems(report), *_notes(report), *_known(report), *_untested(report), *_trend(report)]
    tail = _fitting(tail, _TAIL, "line", link)
    tail += [
        "",
        f"Traffic: {traffic(report)}.",
        f"Contract: `{report['spec_sha256'][:12]}`; {_versions(report)}.",
    ]
    room = MOST_BYTES - _size(head) - _size(tail)
    causes = by_cause(report["findings"])
    table = _fitting(_table(report, causes), room // 2, "row", link)
    details = _fitting(_details(causes, link), room - _size(table), "command", link)
    return "\n".join([*head, *table, *details, *tail]) + "\n"


def _fitting(blocks: Iterable[str], room: int, noun: str, link: str) -> list[str]:
    """As many blocks as fit, and a line that counts the others."""
    blocks = list(blocks)
    room -= _NOTE + len(link.encode())
    for number, block in enumerate(blocks):
        room -= _size([block])
        if room < 0:
            more = f"*{count(len(blocks) - number, noun)} more: see [the report]({link}).*"
            return [*blocks[:number], "", more, ""]
    return blocks


def _size(blocks: Iterable[str]) -> int:
    return sum(len(block.encode()) + 1 for block in blocks)


def _next(report: Record) -> Iterator[str]:
    if report["next"]:
        yield "**What to do next**\n"
    yield from (f"- {_plain(step['what'])}: {_code(step['command'])}" for step in report["next"])
    yield ""


def _table(report: Record, causes: Iterable[Cause]) -> Iterator[str]:
    if report["findings"]:
        yield "| severity | operation | check | what is wrong | id |\n|---|---|---|---|---|"
    said = messages(report)
    for cause in causes:
        first = cause.first
        message = _plain(said[first["id"]]) + often(first)
        where = _plain(operations_of(cause))
        yield f"| {first['severity']} | {where} | {_code(first['check'])} | {message} | `{first['id']}` |"


def _details(causes: Iterable[Cause], link: str) -> Iterator[str]:
    """The commands of the first finding of each cause, and the ids of the others."""
    for cause in causes:
        finding = cause.first
        name = f"{finding['operation'] or NO_OPERATION}: {finding['check']}"
        code = commands(finding)
        if len(code.encode()) > _COMMAND:
            code = f"# too long to show here: see {link}"
        rule = f"Rule: {_code(finding['rule'])}" if finding["rule"] else ""
        others = ", ".join(f"`{one['id']}`" for one in cause.findings[1:_OTHERS])
        others = (
            f"\nOf the same cause: {others}{' …' if len(cause.findings) > _OTHERS else ''}" if others else ""
        )
        summary = f"<summary>{_plain(name)} <code>{finding['id']}</code></summary>"
        yield f"\n<details>{summary}\n\n{_fenced(code)}\n{rule}{others}\n\n</details>"


def _trend(report: Record) -> Iterator[str]:
    if report["trend"]:
        yield "\n### The last runs\n\n| run | findings | new | still there | fixed | took |\n|---|---|---|---|---|---|"
    for row in report["trend"]:
        numbers = " | ".join(str(row[name]) for name in ("findings", "new", "still", "fixed"))
        yield f"| {_plain(row['started'])} | {numbers} | {duration(row['seconds'])} |"


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
