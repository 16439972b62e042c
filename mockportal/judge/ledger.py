"""The books of a run: what each operation went through, and what was found, each finding once."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from mockportal.judge.checks.answer.answers import Check, Wrong, answer_of
from mockportal.judge.checks.answer.registry import answer_checks
from mockportal.judge.model import Finding, Interaction, OperationRecord, Received, Tally
from mockportal.spec.operations import Operation

_REMEMBERED = 512
# Operation, caller, target of the request, its body, and the answer: all that a check of a single answer looks at.
_Judged = tuple[str, str, str, bytes, Received]


class Ledger:
    """`watch` is a watcher of a gate: it counts, and judges every answer by `checks`: those of a single answer.
    `within` names the part of the judge that is at work; `valid` are the requests that should succeed, as answered;
    `left_out` are the checks that had nothing to look at, with the reason."""

    def __init__(self, operations: Iterable[Operation], checks: Mapping[str, Check] | None = None) -> None:
        self._checks = answer_checks() if checks is None else checks
        self._judged: dict[_Judged, dict[str, list[Wrong]]] = {}
        self.operations: Mapping[str, Operation] = {operation.id: operation for operation in operations}
        self.records = {
            operation.id: OperationRecord(
                operation.id,
                operation.method,
                operation.path,
                tuple(operation.responses),
                group=next(iter(operation.tags), ""),
            )
            for operation in self.operations.values()
        }
        self._findings: dict[str, Finding] = {}
        self.within = ""
        self.valid: dict[str, Interaction] = {}
        self.left_out: dict[str, str] = {}

    @property
    def findings(self) -> list[Finding]:
        """By operation and check."""
        return sorted(
            self._findings.values(), key=lambda found: (found.operation, found.check, found.signature)
        )

    @property
    def booked(self) -> list[Finding]:
        """In the order in which they were found."""
        return list(self._findings.values())

    def wrongs(self, exchange: Interaction) -> list[str]:
        """The ids of the findings that an answer gives by itself."""
        operation = self.operations.get(exchange.sent.operation)
        if operation is None or exchange.received is None:
            return []
        verdicts = self._verdicts(operation, exchange, exchange.received)
        found = [(name, wrong.signature) for name, wrongs in verdicts.items() for wrong in wrongs]
        return [Finding(operation.id, name, signature, "", "", "answers").id for name, signature in found]

    def watch(self, exchange: Interaction) -> None:
        """Counts an exchange and judges its answer."""
        record = self.records.get(exchange.sent.operation)
        if record is None:
            return
        record.cases += 1
        operation = self.operations[record.id]
        if exchange.received is None:
            wrong = Wrong("none", exchange.problem, operation.pointer)
            self._wrong(operation, "answer_is_whole", wrong, exchange)
            return
        record.statuses[exchange.status] += 1
        record.successes += exchange.status < 400
        for name, wrongs in self._verdicts(operation, exchange, exchange.received).items():
            for wrong in wrongs:
                self._wrong(operation, name, wrong, exchange)
            self.passed(record.id, name, not wrongs)

    def _verdicts(
        self, operation: Operation, exchange: Interaction, received: Received
    ) -> Mapping[str, list[Wrong]]:
        """The verdict of each check on an answer; the same answer to the same request is judged once."""
        sent = exchange.sent
        key = (operation.id, sent.headers.get("authorization", ""), sent.target, sent.body, received)
        if key not in self._judged:
            if len(self._judged) >= _REMEMBERED:
                self._judged.clear()
            answer = answer_of(operation, exchange, received)
            self._judged[key] = {name: list(check(answer)) for name, check in self._checks.items()}
        return self._judged[key]

    def passed(self, operation: str, check: str, good: bool = True) -> None:
        """Counts one application of a check."""
        record = self.records.get(operation)
        if record is None:
            return
        tally = record.checks.setdefault(check, Tally())
        tally.passed += good
        tally.failed += not good

    def add(self, finding: Finding) -> None:
        """Notes a finding; of several alike the one with the shortest reproduction is kept."""
        finding = replace(finding, within=self.within)
        known = self._findings.get(finding.id)
        if known is None:
            self._findings[finding.id] = finding
            return
        best = min(known, finding, key=_length)
        self._findings[finding.id] = replace(best, count=known.count + finding.count)

    def drop(self, check: str, operation: str) -> None:
        """Forgets the findings of a check on an operation: later evidence spoke against them."""
        for id, finding in list(self._findings.items()):
            if finding.check == check and finding.operation == operation:
                del self._findings[id]
        record = self.records.get(operation)
        if record is not None and check in record.checks:
            tally = record.checks[check]
            tally.passed, tally.failed = tally.passed + tally.failed, 0

    def _wrong(self, operation: Operation, check: str, wrong: Wrong, exchange: Interaction) -> None:
        finding = Finding(
            operation.id, check, wrong.signature, wrong.message, wrong.pointer, "answers", (exchange,)
        )
        self.add(replace(finding, severity=wrong.severity))


def _length(finding: Finding) -> int:
    return sum(len(exchange.sent.target) + len(exchange.sent.body) + 100 for exchange in finding.exchanges)
