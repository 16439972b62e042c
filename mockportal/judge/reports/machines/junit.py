"""A report as JUnit XML: a suite for each group of operations, and one for the problems of the run."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from mockportal.judge.reports.machines.cases import FAILED, SKIPPED, TestedCase, cases_of
from mockportal.values import Record

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(report: Record) -> str:
    """The text of the file."""
    cases: dict[str, list[TestedCase]] = defaultdict(list)
    for case in cases_of(report):
        cases[case.group].append(case)
    counts = _counts(case for listed in cases.values() for case in listed)
    suites = Element(
        "testsuites", {"name": "mockportal contract", **counts, "time": f"{report['seconds']:.3f}"}
    )
    for name, listed in cases.items():
        suite = SubElement(suites, "testsuite", {"name": _clean(name), **_counts(listed)})
        if report["started"]:
            suite.set("timestamp", _clean(report["started"]))
        _add_properties(suite, report)
        suite.extend(_element(case, report["profile"]) for case in listed)
    ElementTree.indent(suites)
    written: bytes = ElementTree.tostring(suites, encoding="utf-8", xml_declaration=True)
    return written.decode() + "\n"


def _counts(cases: Iterable[TestedCase]) -> dict[str, str]:
    found = Counter(case.status for case in cases)
    counts = {"tests": found.total(), "failures": found[FAILED], "errors": 0, "skipped": found[SKIPPED]}
    return {name: str(number) for name, number in counts.items()}


def _add_properties(suite: Element, report: Record) -> None:
    properties = SubElement(suite, "properties")
    told = {name: report[name] for name in ("target", "profile", "seed", "spec_sha256")}
    told |= {f"version.{name}": version for name, version in report["versions"].items()}
    for name, value in told.items():
        SubElement(properties, "property", {"name": _clean(name), "value": _clean(str(value))})


def _element(case: TestedCase, profile: str) -> Element:
    element = Element("testcase", {"classname": f"mockportal.contract.{profile}", "name": _clean(case.name)})
    if case.status == FAILED:
        told = {"message": _clean(case.message)} | ({"type": case.check} if case.check else {})
        SubElement(element, "failure", told).text = _clean(case.text) or None
    if case.status == SKIPPED:
        SubElement(element, "skipped", {"message": _clean(case.message)})
    if case.note:
        SubElement(element, "system-out").text = _clean(case.note)
    return element


def _clean(text: str) -> str:
    """`text` with what XML 1.0 forbids replaced."""
    return _FORBIDDEN.sub("\ufffd", text)
