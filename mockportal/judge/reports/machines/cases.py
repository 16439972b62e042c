"""A report as tests: one for each operation and check, one for each operation that was not tested, and one for each
problem of the run."""

from collections.abc import Iterator
from typing import NamedTuple

from mockportal.judge.reports.view import NO_OPERATION, checks_of, commands, count, excerpt, shown, states
from mockportal.values import Record

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
NO_GROUP, RUN = "(no group)", "the run"


class TestedCase(NamedTuple):
    """A test: `message` says in a line why it failed or was skipped, `text` tells all of it, `note` is of one that
    passed in spite of a finding. `check` is "" for what is none of a check."""

    group: str
    name: str
    status: str
    check: str = ""
    message: str = ""
    text: str = ""
    note: str = ""
    findings: tuple[Record, ...] = ()


def cases_of(report: Record) -> Iterator[TestedCase]:
    """The tests; the name of each begins with the operationId: `getContract: response_schema_conformance`."""
    groups = {one["id"]: one["group"] or NO_GROUP for one in report["operations"]}
    untested = {one["id"]: one["untested"] for one in report["operations"] if one["verdict"] == "untested"}
    known = {(entry["finding"]["operation"], entry["finding"]["check"]): entry for entry in report["known"]}
    for (operation, check), state in _in_order(report):
        if state == "passed" and operation in untested:  # one that was not tested has passed nothing
            continue
        found = [one for one in report["findings"] if (one["operation"], one["check"]) == (operation, check)]
        yield TestedCase(
            group=groups.get(operation, NO_GROUP),
            name=f"{operation or NO_OPERATION}: {check}",
            status=FAILED if state == "failed" else PASSED,
            check=check,
            message=_summed(found) if state == "failed" else "",
            text="\n\n".join(map(_told, found)),
            note=_noted(known[operation, check]) if (operation, check) in known else "",
            findings=tuple(found),
        )
    for name, reason in untested.items():
        yield TestedCase(groups[name], f"{name}: untested", SKIPPED, message=reason)
    for problem in report["problems"]:
        yield TestedCase(RUN, f"run: {problem}", FAILED, message=problem)


def _in_order(report: Record) -> list[tuple[tuple[str, str], str]]:
    """The states, operations as in the contract and checks by name."""
    names = [operation["id"] for operation in report["operations"]]
    columns = checks_of(report)
    found = states(report).items()
    return sorted(
        found,
        key=lambda item: (names.index(item[0][0]) if item[0][0] in names else -1, columns.index(item[0][1])),
    )


def _summed(findings: list[Record]) -> str:
    """The first message: all findings of a check are one failure, and readers show only one."""
    first = findings[0]["message"] if findings else "failed without a finding"
    return first + (f" (and {count(len(findings) - 1, 'finding')} more)" if len(findings) > 1 else "")


def _told(finding: Record) -> str:
    response = shown(finding)
    problems = [exchange["problem"] for exchange in finding["exchanges"] if exchange["problem"]]
    parts = [
        f"{finding['id']}: {finding['message']}",
        f"rule: {finding['rule']}",
        commands(finding),
        *problems,
        f"answer: {response['status']}\n{excerpt(response)}" if response else "",
        finding["replay"],
    ]
    return "\n".join(part for part in parts if part)


def _noted(entry: Record) -> str:
    finding = entry["finding"]
    note = f"known until {entry['expires']} ({entry['owner']}): {entry['reason']}"
    return f"{note}\n{finding['id']}: {finding['message']}"
