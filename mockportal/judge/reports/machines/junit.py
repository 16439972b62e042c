"""A report as JUnit XML: a suite for each group of operations, with a test for each operation and check and one for
each operation that was not tested; and a suite for the problems of the run."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from mockportal.judge.reports.view import NO_OPERATION, checks_of, commands, count, excerpt, shown, states
from mockportal.values import Record

_NO_GROUP, _RUN = "(no group)", "the run"
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(report: Record) -> str:
    """The name of a test begins with the operationId: `getContract: response_schema_conformance`."""
    groups = {operation["id"]: operation["group"] for operation in report["operations"]}
    cases: dict[str, list[Element]] = defaultdict(list)
    for operation, case in (*_checks(report), *_untested(report)):
        cases[groups.get(operation) or _NO_GROUP].append(case)
    if report["problems"]:
        cases[_RUN] += _problems(report)
    suites = Element("testsuites", {"name": "mockportal contract", **_counts(cases.values())})
    suites.set("time", f"{report['seconds']:.3f}")
    for name, listed in cases.items():
        suite = SubElement(suites, "testsuite", {"name": _clean(name), **_counts([listed])})
        if report["started"]:
            suite.set("timestamp", _clean(report["started"]))
        _add_properties(suite, report)
        suite.extend(listed)
    ElementTree.indent(suites)
    written: bytes = ElementTree.tostring(suites, encoding="utf-8", xml_declaration=True)
    return written.decode() + "\n"


def _counts(suites: Iterable[list[Element]]) -> dict[str, str]:
    cases = [case for suite in suites for case in suite]
    return {
        "tests": str(len(cases)),
        "failures": str(sum(case.find("failure") is not None for case in cases)),
        "errors": "0",
        "skipped": str(sum(case.find("skipped") is not None for case in cases)),
    }


def _add_properties(suite: Element, report: Record) -> None:
    properties = SubElement(suite, "properties")
    told = {name: report[name] for name in ("target", "profile", "seed", "spec_sha256")}
    told |= {f"version.{name}": version for name, version in report["versions"].items()}
    for name, value in told.items():
        SubElement(properties, "property", {"name": _clean(name), "value": _clean(str(value))})


def _checks(report: Record) -> Iterator[tuple[str, Element]]:
    untested = {operation["id"] for operation in report["operations"] if operation["verdict"] == "untested"}
    known = {(entry["finding"]["operation"], entry["finding"]["check"]): entry for entry in report["known"]}
    for at, state in _in_order(report):
        if state == "passed" and at[0] in untested:  # one that was not tested has passed nothing
            continue
        case = _case(report, f"{at[0] or NO_OPERATION}: {at[1]}")
        if state == "failed":
            _add_failure(case, at[1], [f for f in report["findings"] if (f["operation"], f["check"]) == at])
        if at in known:
            _add_note(case, known[at])
        yield at[0], case


def _in_order(report: Record) -> list[tuple[tuple[str, str], str]]:
    """The states, operations as in the contract and checks by name."""
    names = [operation["id"] for operation in report["operations"]]
    columns = checks_of(report)
    found = states(report).items()
    return sorted(
        found,
        key=lambda item: (names.index(item[0][0]) if item[0][0] in names else -1, columns.index(item[0][1])),
    )


def _add_failure(case: Element, check: str, findings: list[Record]) -> None:
    """All findings of a check are one failure: readers of JUnit show only the first."""
    first = findings[0]["message"] if findings else "failed without a finding"
    more = f" (and {count(len(findings) - 1, 'finding')} more)" if len(findings) > 1 else ""
    failure = SubElement(case, "failure", {"message": _clean(first + more), "type": check})
    failure.text = _clean("\n\n".join(_told(finding) for finding in findings))


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


def _add_note(case: Element, entry: Record) -> None:
    finding = entry["finding"]
    note = f"known until {entry['expires']} ({entry['owner']}): {entry['reason']}"
    SubElement(case, "system-out").text = _clean(f"{note}\n{finding['id']}: {finding['message']}")


def _untested(report: Record) -> Iterator[tuple[str, Element]]:
    for operation in report["operations"]:
        if operation["verdict"] == "untested":
            case = _case(report, f"{operation['id']}: untested")
            SubElement(case, "skipped", {"message": _clean(operation["untested"])})
            yield operation["id"], case


def _problems(report: Record) -> Iterator[Element]:
    for problem in report["problems"]:
        case = _case(report, f"run: {problem}")
        SubElement(case, "failure", {"message": _clean(problem)})
        yield case


def _case(report: Record, name: str) -> Element:
    return Element(
        "testcase", {"classname": f"mockportal.contract.{report['profile']}", "name": _clean(name)}
    )


def _clean(text: str) -> str:
    """`text` with what XML 1.0 forbids replaced."""
    return _FORBIDDEN.sub("\ufffd", text)
