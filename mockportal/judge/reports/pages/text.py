"""A report as a terminal shows it at the end of a run."""

from pathlib import Path

from mockportal.judge.reports.view import (
    by_operation,
    headline,
    messages,
    often,
    run_of,
    tally,
    traffic,
    untested_by_reason,
)
from mockportal.values import Record

_NAMED = 6


def text(report: Record, folder: Path | None = None) -> str:
    """Verdict first; plain text without colours. `folder` is where the reports are, if there are any."""
    lines = [headline(report), tally(report), run_of(report)]
    for section in (_findings(report), _known(report), _problems(report), _notes(report), _untested(report)):
        lines += ["", *section] if section else []
    lines += ["", f"traffic: {traffic(report)}"]
    if report["findings"]:
        lines.append(f"play one again: {report['findings'][0]['replay']}")
    if folder is not None:
        lines.append(f"report: {folder / 'index.html'}")
    return "\n".join(lines) + "\n"


def _findings(report: Record) -> list[str]:
    paths = {
        operation["id"]: f"{operation['method']} {operation['path']}" for operation in report["operations"]
    }
    said = messages(report)
    lines = []
    for operation, findings in by_operation(report["findings"]).items():
        lines.append(f"{operation}  {paths.get(operation, '')}".rstrip())
        lines += [f"  {_line(finding, said)}" for finding in findings]
    return lines


def _line(finding: Record, said: dict[str, str]) -> str:
    return f"{finding['id']}  {finding['check']}: {_flat(said[finding['id']])}{often(finding)}"


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
