"""The parts of a run of the judge: interactions, findings, a record for each operation, and the report."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from mockportal.values import Json, Record, decode

CONFORMS, VIOLATES, INTERRUPTED = "conforms", "violates", "interrupted"


@dataclass(frozen=True, slots=True)
class Sent:
    """One request as it was asked for: `$VARIABLES` stand for the tokens in its headers. `operation` is "" where no
    operation of the contract has this method and path; `target` is path and query."""

    operation: str
    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Received:
    """One answer; header names are in lower case, several values of one name stand in order."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """The first value of a header, if there is one."""
        return next((value for key, value in self.headers if key == name.lower()), None)


@dataclass(frozen=True, slots=True)
class Interaction:
    """A request and its answer; without one, `problem` says why (timeout, broken off, refused by the guard)."""

    sent: Sent
    received: Received | None
    problem: str = ""

    @property
    def status(self) -> int:
        """0 where there was no answer."""
        return self.received.status if self.received else 0


@dataclass(frozen=True, slots=True)
class Finding:
    """One way in which an operation breaks the contract.

    `signature` tells findings of one check on one operation apart and is the same in every run; `pointer` leads to
    the place in the contract; `exchanges` reproduce it, the last one shows it. `layer` is the part of the judge that
    found it: a phase of schemathesis, `answers`, `checks` or `journeys`; `within` names the check, journey or phase
    that was at work (`checks paging_is_honoured`).
    `cause` is the id of the finding that stands for all with the same cause, its own for that one; "" for one alone.
    `severity` is given only where it is not the one that `faults` has for the check.
    """

    operation: str
    check: str
    signature: str
    message: str
    pointer: str
    layer: str
    exchanges: tuple[Interaction, ...] = ()
    count: int = 1
    within: str = ""
    severity: str = ""
    cause: str = ""

    @property
    def id(self) -> str:
        """Ten characters, the same in every run, for `--replay` and for deviations."""
        text = f"{self.operation}\n{self.check}\n{self.signature}"
        return hashlib.sha256(text.encode()).hexdigest()[:10]


@dataclass(frozen=True, slots=True)
class KnownFinding:
    """A finding that a deviation accepts until `expires`."""

    finding: Finding
    reason: str
    owner: str
    expires: str


@dataclass(slots=True)
class Tally:
    """Counts how often a check passed and failed for an operation."""

    passed: int = 0
    failed: int = 0


@dataclass(slots=True)
class OperationRecord:
    """The tests that one operation went through.

    documented: the statuses of the contract, `4XX` and `default` as spelled
    untested:   the reason why there is no verdict; "" if there is one
    cases:      how many requests were sent
    successes:  how many of them had an answer below 400
    statuses:   answers by status
    checks:     passes and failures by check
    parameters: `valid` and `invalid` requests by parameter, with its place (`query.from`, `body`)
    group:      its first tag, or ""
    """

    id: str
    method: str
    path: str
    documented: tuple[str, ...]
    untested: str = ""
    cases: int = 0
    successes: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    checks: dict[str, Tally] = field(default_factory=dict)
    parameters: dict[str, Counter[str]] = field(default_factory=dict)
    group: str = ""

    def verdict(self, failed: bool) -> str:
        """`failed`, `untested` or `passed`."""
        return "failed" if failed else "untested" if self.untested else "passed"


@dataclass(slots=True)
class Report:
    """A run.

    interrupted: whether somebody ended it before it was through
    problems: the lines that fail it besides findings: a deviation that has expired, too few cases, …
    notes:    the lines that tell something about it without failing it
    traffic:  counts of what the gate let through and refused (`sent`, `blocked`, …)
    arguments: the flags with which the command line asks for the same run, without tokens
    idle:     the checks and journeys that were not run
    isolation: the header that names a world, or ""
    helps:    what must be true, by the name of each check and journey
    document: the file of the contract, as somebody here would name it
    places:   (line, column) of pointers into this file
    past:     the runs before, as `history.json` keeps them, the oldest first
    """

    target: str
    profile: str
    seed: int
    phases: tuple[str, ...]
    spec_sha256: str
    versions: dict[str, str]
    operations: dict[str, OperationRecord]
    findings: list[Finding] = field(default_factory=list)
    known: list[KnownFinding] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    traffic: dict[str, int] = field(default_factory=dict)
    idle: frozenset[str] = frozenset()
    isolation: str = ""
    helps: Mapping[str, str] = field(default_factory=dict)
    document: str = ""
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    past: list[Record] = field(default_factory=list)
    interrupted: bool = False
    arguments: tuple[str, ...] = ()
    started: str = ""
    seconds: float = 0.0

    @property
    def verdict(self) -> str:
        """`conforms`, `violates` or `interrupted`."""
        if self.interrupted:
            return INTERRUPTED
        return VIOLATES if self.findings or self.problems else CONFORMS

    def verdict_of(self, operation: str) -> str:
        """`failed`, `untested` or `passed`: an operation that was not tried has not passed."""
        failed = any(finding.operation == operation for finding in self.findings)
        return self.operations[operation].verdict(failed)

    def counts(self) -> Record:
        """Operations by verdict."""
        found: Counter[str] = Counter(self.verdict_of(name) for name in self.operations)
        return {name: found[name] for name in ("passed", "failed", "untested")}


def json_body(received: Received | None) -> Json:
    """The JSON value of an answer; None for anything else."""
    if received is None or not received.body:
        return None
    try:
        return decode(received.body)
    except ValueError:
        return None


def body_of(exchange: Interaction) -> Json:
    """The JSON value of an answer, or None."""
    return json_body(exchange.received)
