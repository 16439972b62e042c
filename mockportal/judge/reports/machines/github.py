"""A report as workflow commands of GitHub Actions, which become annotations."""

from collections.abc import Iterator

from mockportal.judge.reports.causes import by_cause
from mockportal.judge.reports.view import (
    NO_OPERATION,
    commands,
    headline,
    messages,
    place_of,
    tally,
    untested_by_reason,
)
from mockportal.values import Record
from mockportal.workflow_commands import workflow_command

_OTHERS = 10


def annotations(report: Record) -> str:
    """An error for each cause of findings and each problem, a warning for each known deviation and reason for not
    testing, and a notice with the verdict and the next steps. GitHub shows the first ten errors, the worst."""
    lines = [*_errors(report), *_warnings(report)]
    steps = [f"{step['what']}: {step['command']}" for step in report["next"]]
    told = "\n".join([headline(report), tally(report), *steps])
    lines.append(workflow_command("notice", "mockportal contract", told))
    return "\n".join(lines) + "\n"


def _errors(report: Record) -> Iterator[str]:
    said = messages(report)
    for cause in by_cause(report["findings"]):
        finding = cause.first
        others = [f"{one['id']} {one['operation']}" for one in cause.findings[1:]]
        more = f"of the same cause: {', '.join(others[:_OTHERS])}" if others else ""
        more += f" and {len(others) - _OTHERS} more" if len(others) > _OTHERS else ""
        message = "\n".join(filter(None, [said[finding["id"]], more, commands(finding), finding["replay"]]))
        yield workflow_command("error", _title(finding), message, place_of(report, finding))
    for problem in report["problems"]:
        yield workflow_command("error", "mockportal contract", problem)


def _warnings(report: Record) -> Iterator[str]:
    for entry in report["known"]:
        message = f"known until {entry['expires']} ({entry['owner']}): {entry['reason']}"
        place = place_of(report, entry["finding"])
        yield workflow_command("warning", _title(entry["finding"]), message, place)
    for reason, operations in untested_by_reason(report).items():
        yield workflow_command("warning", f"untested: {reason}", ", ".join(operations))


def _title(finding: Record) -> str:
    return f"{finding['operation'] or NO_OPERATION}: {finding['check']} ({finding['severity']})"
