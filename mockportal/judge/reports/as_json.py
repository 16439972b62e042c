"""A report as JSON: the one form that everything else is written from, with no secret in it."""

import base64
from collections.abc import Mapping
from dataclasses import replace

from mockportal.judge.faults import fault_of
from mockportal.judge.model import Finding, Interaction, KnownFinding, OperationRecord, Received, Report, Sent
from mockportal.judge.reports.causes import cause_of, in_order, severity_of
from mockportal.judge.reports.curl import curl
from mockportal.judge.reports.history import trend
from mockportal.judge.reports.next_steps import next_steps
from mockportal.judge.reports.redact import Redactor
from mockportal.judge.reports.schema import FORMAT
from mockportal.values import Json, Record

EXCERPT = 2048


def report_json(report: Report, redactor: Redactor, base_url: str) -> Record:
    """The report as `REPORT_SCHEMA` describes it. Its commands go to `base_url`."""
    for finding in [*report.findings, *(known.finding for known in report.known)]:
        for exchange in finding.exchanges:
            redactor.learn(exchange.received)
    record = {
        **_run(report),
        "problems": [redactor.text(problem) for problem in report.problems],
        "notes": [redactor.text(note) for note in report.notes],
        "findings": [_finding(one, report, redactor, base_url) for one in in_order(report.findings)],
        "known": [_known(known, report, redactor, base_url) for known in report.known],
        "operations": [
            _operation(operation, report.verdict_of(name), redactor)
            for name, operation in report.operations.items()
        ],
        "traffic": dict(report.traffic),
        "arguments": [redactor.text(one) for one in report.arguments],
        "document": report.document,
        "checks": _checks(report),
        "trend": trend(report),
    }
    sound: Record = _sound(record | {"next": next_steps(record)})
    return sound


def _run(report: Report) -> Record:
    return {
        "format": FORMAT,
        "verdict": report.verdict,
        "counts": report.counts(),
        "target": report.target,
        "profile": report.profile,
        "seed": report.seed,
        "phases": list(report.phases),
        "spec_sha256": report.spec_sha256,
        "versions": dict(report.versions),
        "started": report.started,
        "seconds": round(report.seconds, 3),
    }


def _finding(finding: Finding, report: Report, redactor: Redactor, base_url: str) -> Record:
    line, column = report.places.get(finding.pointer, (0, 0))
    world = {report.isolation: f"replay-{finding.id}"} if report.isolation else {}
    return {
        "id": finding.id,
        "operation": finding.operation,
        "check": finding.check,
        "severity": severity_of(finding),
        "fault": fault_of(finding.check, finding.layer).category,
        "cause": cause_of(finding),
        "signature": redactor.text(finding.signature),
        "message": redactor.text(finding.message),
        "rule": finding.pointer,
        "line": line,
        "column": column,
        "layer": finding.layer,
        "within": finding.within,
        "count": finding.count,
        "replay": f"mockportal contract --replay {finding.id}",
        "exchanges": [exchange_json(exchange, world, redactor, base_url) for exchange in finding.exchanges],
    }


def _known(known: KnownFinding, report: Report, redactor: Redactor, base_url: str) -> Record:
    return {
        "finding": _finding(known.finding, report, redactor, base_url),
        "reason": redactor.text(known.reason),
        "owner": redactor.text(known.owner),
        "expires": known.expires,
    }


def exchange_json(
    exchange: Interaction,
    world: Mapping[str, str],
    redactor: Redactor,
    base_url: str,
    most: int | None = EXCERPT,
) -> Record:
    """An exchange; its command names a world where the target has some, the same for all steps of a finding. The body
    of the answer has at most `most` bytes."""
    sent = redactor.sent(exchange.sent)
    received = exchange.received
    response = _response(redactor.received(received), len(received.body), most) if received else None
    return {
        "request": _request(sent, sent != exchange.sent),
        "response": response,
        "problem": redactor.text(exchange.problem),
        "curl": curl(Interaction(replace(sent, headers={**sent.headers, **world}), None), base_url),
    }


def _request(sent: Sent, redacted: bool) -> Record:
    return {
        "operation": sent.operation,
        "method": sent.method,
        "target": sent.target,
        "headers": dict(sent.headers),
        **_body(sent.body),
        "redacted": redacted,
    }


def _response(received: Received, size: int, most: int | None) -> Record:
    return {
        "status": received.status,
        "headers": [list(header) for header in received.headers],
        **_body(received.body, most),
        "size": size,
        "truncated": most is not None and len(received.body) > most,
    }


def _body(body: bytes, most: int | None = None) -> Record:
    """The first `most` bytes: text where all of `body` is text."""
    try:
        body.decode()
    except UnicodeDecodeError:
        return {"body_base64": base64.b64encode(body[:most]).decode()}
    return {"body": body[:most].decode(errors="ignore")}  # the cut may go through a character


def _operation(operation: OperationRecord, verdict: str, redactor: Redactor) -> Record:
    seen = {str(status): operation.statuses[status] for status in sorted(operation.statuses)}
    return {
        "id": operation.id,
        "group": operation.group,
        "method": operation.method,
        "path": operation.path,
        "verdict": verdict,
        "untested": redactor.text(operation.untested),
        "cases": operation.cases,
        "successes": operation.successes,
        "documented": list(operation.documented),
        "seen": seen,
        "undocumented": [status for status in seen if not _documents(operation.documented, status)],
        "checks": {
            name: {"passed": tally.passed, "failed": tally.failed}
            for name, tally in sorted(operation.checks.items())
        },
        "parameters": {
            name: {"valid": counts["valid"], "invalid": counts["invalid"]}
            for name, counts in operation.parameters.items()
        },
    }


def _checks(report: Report) -> Record:
    """Every check that ran or found something: what must be true, and what its findings are."""
    layers = {name: "" for operation in report.operations.values() for name in operation.checks}
    layers |= {one.check: one.layer for one in [*report.findings, *(known.finding for known in report.known)]}
    return {
        name: {"help": report.helps.get(name, ""), **fault_of(name, layer)._asdict()}
        for name, layer in sorted(layers.items())
    }


def _documents(documented: tuple[str, ...], status: str) -> bool:
    spelled = {name.upper() for name in documented}
    return bool(spelled & {status, f"{status[0]}XX", "DEFAULT"})


def _sound(value: Json) -> Json:
    """`value` with every text such that UTF-8 can spell it: a lone surrogate becomes a question mark."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_sound(item) for item in value]
    if isinstance(value, Mapping):
        return {_sound(name): _sound(item) for name, item in value.items()}
    return value
