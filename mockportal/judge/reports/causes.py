"""Findings put in order, and those together that probably have one cause."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from mockportal.judge.faults import SEVERITIES, fault_of
from mockportal.judge.model import Finding
from mockportal.values import Record

_ORDER = tuple(SEVERITIES)
_UNGUARDED = ("F206", "F207")  # categories of operations that let anybody in


class Cause(NamedTuple):
    """Findings with one cause, as they stand in a report; never empty."""

    findings: list[Record]

    @property
    def first(self) -> Record:
        """The finding that stands for all."""
        return self.findings[0]

    @property
    def operations(self) -> list[str]:
        """Each operation once, "" for none."""
        return list(dict.fromkeys(finding["operation"] for finding in self.findings))


def severity_of(finding: Finding) -> str:
    """Its own severity, else that of its check."""
    return finding.severity or fault_of(finding.check, finding.layer).severity


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Those with one cause together: the cause with the worst finding first, then the most frequent one."""
    groups: dict[str, list[Finding]] = defaultdict(list)
    for one in sorted(findings, key=lambda one: (_rank(one), one.operation, one.check, one.signature)):
        groups[cause_of(one)].append(one)
    causes = sorted(groups.values(), key=lambda group: (_rank(group[0]), -len(group)))
    return [one for group in causes for one in group]


def cause_of(finding: Finding) -> str:
    """Ten characters, the same for findings with one cause: the one that the run has settled; a server error of an
    operation, whatever noticed it; a schema that several operations share; tokens that are not looked at; the same
    fault in several operations."""
    if finding.cause:
        return finding.cause
    status = finding.exchanges[-1].status if finding.exchanges else 0
    parts: tuple[object, ...] = (finding.check, finding.signature)
    if status >= 500:
        parts = (finding.operation, status)
    elif finding.pointer.startswith("/components/"):
        parts = (finding.check, finding.pointer)
    elif finding.layer == "answers":
        parts = (finding.check, finding.signature, finding.operation)
    elif fault_of(finding.check, finding.layer).category in _UNGUARDED:
        parts = (finding.check,)
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:10]


def _rank(finding: Finding) -> int:
    return _ORDER.index(severity_of(finding))


def by_cause(findings: Iterable[Record]) -> list[Cause]:
    """The findings of a report with one cause together, in the order of the report."""
    grouped: dict[str, list[Record]] = defaultdict(list)
    for finding in findings:
        grouped[finding["cause"]].append(finding)
    return [Cause(group) for group in grouped.values()]
