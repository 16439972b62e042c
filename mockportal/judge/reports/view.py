"""Sums up, groups and words a report for the pages that people read."""

from collections import Counter, defaultdict

from mockportal.errors import Place
from mockportal.judge.reports.causes import Cause
from mockportal.judge.reports.curl import sequence
from mockportal.judge.reports.stored import all_findings, body_of
from mockportal.values import Record

NO_OPERATION = "(no operation)"
_VERDICTS = {"conforms": "Keeps the contract", "interrupted": "Interrupted, and not judged to the end"}


def headline(report: Record) -> str:
    """`Breaks the contract: 3 findings, 1 problem, 7 operations untested`."""
    numbers = (
        (len(report["findings"]), "finding", ""),
        (len(report["problems"]), "problem", ""),
        (report["counts"]["untested"], "operation", " untested"),
    )
    said = ", ".join(count(number, noun) + rest for number, noun, rest in numbers if number)
    broken = "Breaks the contract" if report["findings"] else "Not shown to keep the contract"
    return ": ".join(filter(None, [_VERDICTS.get(report["verdict"], broken), said]))


def tally(report: Record) -> str:
    """`149 operations: 140 passed, 3 failed, 6 untested`."""
    counts = report["counts"]
    parts = ", ".join(f"{counts[name]} {name}" for name in ("passed", "failed", "untested"))
    return f"{count(len(report['operations']), 'operation')}: {parts}"


def run_of(report: Record) -> str:
    """`https://api.example · remote-readonly · seed 1 · 74.2 s`."""
    parts = [report["target"], report["profile"], f"seed {report['seed']}", duration(report["seconds"])]
    return " · ".join(parts)


def traffic(report: Record) -> str:
    """`sent 2034, blocked 3`."""
    return ", ".join(f"{name} {number:,}" for name, number in report["traffic"].items()) or "nothing was sent"


def count(number: int, singular: str) -> str:
    """`1 finding`, `2 findings`."""
    return f"{number:,} {singular}{'' if number == 1 else 's'}"


def often(finding: Record) -> str:
    """` (3 times)`, or nothing."""
    return f" ({finding['count']:,} times)" if finding["count"] > 1 else ""


def duration(seconds: float) -> str:
    """`12.3 s`, `2 min 5 s`."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


def operations_of(cause: Cause, most: int = 3) -> str:
    """`getOrder, getOrders, getOffer and 9 more`."""
    names = [name or NO_OPERATION for name in cause.operations]
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")


def place_of(report: Record, finding: Record) -> Place | None:
    """The place of the rule in the file of the contract, if it is known."""
    if not finding.get("line"):
        return None
    return Place(report["document"], finding["line"], finding["column"])


def moved(row: Record) -> str:
    """`3 findings: 1 new, 2 still there, 4 fixed`; of a row of the trend."""
    parts = (f"{row['new']} new", f"{row['still']} still there", f"{row['fixed']} fixed")
    return f"{count(row['findings'], 'finding')}: {', '.join(parts)}"


def untested_by_reason(report: Record) -> dict[str, list[str]]:
    """The operations without a verdict, by why; what would unlock most of them comes first."""
    grouped: dict[str, list[str]] = defaultdict(list)
    for operation in report["operations"]:
        if operation["verdict"] == "untested":
            grouped[operation["untested"]].append(operation["id"])
    return dict(sorted(grouped.items(), key=lambda entry: -len(entry[1])))


def messages(report: Record) -> dict[str, str]:
    """The message of each finding, by id. If several findings of an operation say the same, the signature is added."""
    findings = all_findings(report)
    said = Counter(_saying(finding) for finding in findings)
    return {
        finding["id"]: finding["message"]
        + (f" [{finding['signature']}]" if said[_saying(finding)] > 1 else "")
        for finding in findings
    }


def _saying(finding: Record) -> tuple[str, str, str]:
    return finding["operation"], finding["check"], finding["message"]


def states(report: Record) -> dict[tuple[str, str], str]:
    """(operation, check) -> `failed`, `known` or `passed`. A failure that came to no finding is a failure too."""
    found = {
        (operation["id"], name): "failed" if tally["failed"] else "passed"
        for operation in report["operations"]
        for name, tally in operation["checks"].items()
        if tally["failed"] or tally["passed"]
    }
    found |= {
        (entry["finding"]["operation"], entry["finding"]["check"]): "known" for entry in report["known"]
    }
    return found | {(finding["operation"], finding["check"]): "failed" for finding in report["findings"]}


def commands(finding: Record) -> str:
    """The commands that reproduce a finding."""
    exchanges = finding["exchanges"]
    names = [exchange["request"]["operation"] for exchange in exchanges]
    return sequence([exchange["curl"] for exchange in exchanges], names)


def excerpt(response: Record) -> str:
    """The body of an answer as text; what is not text shows as replacement characters."""
    return body_of(response).decode(errors="replace") + ("…" if response["truncated"] else "")


def shown(finding: Record) -> Record | None:
    """The answer that shows the finding: the last one."""
    answers = [exchange["response"] for exchange in finding["exchanges"] if exchange["response"] is not None]
    return answers[-1] if answers else None


def checks_of(report: Record) -> list[str]:
    """The name of every check that ran or found something."""
    ran = {name for operation in report["operations"] for name in operation["checks"]}
    return sorted(ran | {finding["check"] for finding in all_findings(report)})
