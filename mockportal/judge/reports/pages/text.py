"""A report as a terminal shows it at the end of a run."""

from pathlib import Path

from mockportal.judge.reports.causes import by_cause
from mockportal.judge.reports.view import (
    NO_OPERATION,
    duration,
    headline,
    messages,
    moved,
    often,
    run_of,
    tally,
    traffic,
    untested_by_reason,
)
from mockportal.values import Record

_NAMED = 6
_RUNS = 5


def text(report: Record, folder: Path | None = None) -> str:
    """Verdict first; plain text without colours. `folder` is where the reports are, if there are any."""
    lines = [headline(report), tally(report), run_of(report)]
    for section in (_next, _findings, _known, _problems, _notes, _untested, _trend):
        told = section(report)
        lines += ["", *told] if told else []
    lines += ["", f"traffic: {traffic(report)}"]
    if folder is not None:
        lines.append(f"report: {folder / 'index.html'}")
    return "\n".join(lines) + "\n"


def _next(report: Record) -> list[str]:
    steps = [f"  {step['what']}: {step['command']}" for step in report["next"]]
    return ["what to do next", *steps] if steps else []


def _findings(report: Record) -> list[str]:
    """A heading for each cause, with the first of its findings."""
    paths = {one["id"]: f"  {one['method']} {one['path']}" for one in report["operations"]}
    said = messages(report)
    lines = []
    for cause in by_cause(report["findings"]):
        first, rest = cause.first, len(cause.findings) - _NAMED
        lines.append(f"{first['severity']}  {first['check']}  {first['fault']}")
        for finding in cause.findings[:_NAMED]:
            name = finding["operation"] or NO_OPERATION
            check = f"  {finding['check']}" if finding["check"] != first["check"] else ""
            lines.append(f"  {finding['id']}  {name}{paths.get(name, '')}{check}{often(finding)}")
            lines.append(f"    {_flat(said[finding['id']])}")
        lines += [f"  and {rest} more of the same"] if rest > 0 else []
    return lines


def _trend(report: Record) -> list[str]:
    runs = [f"  {row['started']}  {moved(row)}  ({duration(row['seconds'])})" for row in report["trend"]]
    return ["the last runs", *runs[-_RUNS:]] if runs else []


def _known(report: Record) -> list[str]:
    lines = [
        f"  {entry['finding']['id']}  {entry['finding']['operation']} {entry['finding']['check']}: "
        f"{_flat(entry['reason'])} ({entry['owner']}, until {entry['expires']})"
        for entry in report["known"]
    ]
    return ["known deviations", *lines] if lines else []


def _problems(report: Record) -> list[str]:
    return (
        ["problems", *(f"  {_flat(problem)}" for problem in report["problems"])] if report["problems"] else []
    )


def _notes(report: Record) -> list[str]:
    notes = [f"  {_flat(note)}" for note in report.get("notes", ())]
    return ["notes", *notes] if notes else []


def _untested(report: Record) -> list[str]:
    lines = []
    for reason, operations in untested_by_reason(report).items():
        rest = len(operations) - _NAMED
        more = f" and {rest} more" if rest > 0 else ""
        names = f"{', '.join(operations[:_NAMED])}{more}"
        many = f"{len(operations)} operations ({names})" if len(operations) > 1 else names
        lines.append(f"  {_flat(reason)}: {many}")
    return ["untested", *lines] if lines else []


def _flat(text: str) -> str:
    """One line, without what a terminal would obey."""
    return "".join(char if char.isprintable() else "\ufffd" for char in " ".join(text.split()))
