"""A comparison for people and for machines. No body of an answer is in it: what differs is said in words, and the
commands show the rest to whoever may see it."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from mockportal.files.writing import write_files
from mockportal.judge.drift.model import SOFT, Drift, DriftReport, KnownDrift, Side
from mockportal.judge.drift.schema import DRIFT_SCHEMA, FORMAT
from mockportal.judge.model import Interaction
from mockportal.judge.reports.curl import curl
from mockportal.judge.reports.redact import Redactor
from mockportal.judge.reports.view import count
from mockportal.values import Json, Record, encode
from mockportal.workflow_commands import workflow_command

__all__ = ["DRIFT_SCHEMA", "drift_annotations", "drift_json", "drift_text", "write_drift"]

_NAMED = 6
_TITLE = "mockportal drift"
_FILES: Mapping[str, Callable[[Record], str]] = MappingProxyType(
    {
        "drift.json": lambda record: encode(record).decode() + "\n",
        "drift.txt": lambda record: drift_text(record, suggest=True),
        "suggestions.yaml": lambda record: _suggestions(record),
    }
)


def drift_json(report: DriftReport, redactor: Redactor) -> Record:
    """The report as `DRIFT_SCHEMA` describes it, the heaviest finding first."""
    for drift in [*report.findings, *(known.drift for known in report.known)]:
        for exchange in drift.exchanges:
            redactor.learn(exchange.received)
    return {
        "format": FORMAT,
        "verdict": report.verdict,
        "left": _side(report.left, report.traffic.get("left", {})),
        "right": _side(report.right, report.traffic.get("right", {})),
        "same_data": report.same_data,
        "seed": report.seed,
        "spec_sha256": report.spec_sha256,
        "versions": dict(report.versions),
        "seconds": report.seconds,
        "compared": dict(report.compared),
        "untested": _redacted(report.untested, redactor),
        "ids": report.ids,
        "findings": [_finding(drift, report, redactor) for drift in report.findings],
        "known": [_known(known, report, redactor) for known in report.known],
        "problems": [redactor.text(problem) for problem in report.problems],
        "noise": [redactor.text(line) for line in report.noise],
    }


def _side(side: Side, traffic: Mapping[str, int]) -> Record:
    return {"target": side.name, "profile": side.profile.name, "traffic": dict(traffic)}


def _redacted(texts: Mapping[str, str], redactor: Redactor) -> Record:
    return {name: redactor.text(text) for name, text in texts.items()}


def _finding(drift: Drift, report: DriftReport, redactor: Redactor) -> Record:
    left, right = drift.exchanges
    return {
        "id": drift.id,
        "rank": drift.rank,
        "operation": drift.operation,
        "kind": drift.kind,
        "status": drift.status,
        "pointer": drift.pointer,
        "left": redactor.text(drift.left),
        "right": redactor.text(drift.right),
        "message": redactor.text(drift.message),
        "rule": drift.contract_pointer,
        "count": drift.count,
        "suggestion": redactor.text(report.suggestions.get(drift.id, "")),
        "exchanges": {
            "left": _exchange(left, report.left, redactor),
            "right": _exchange(right, report.right, redactor),
        },
    }


def _exchange(exchange: Interaction, side: Side, redactor: Redactor) -> Record:
    received = exchange.received
    return {
        "curl": curl(Interaction(redactor.sent(exchange.sent), None), side.url),
        "status": exchange.status,
        "content_type": (received.header("content-type") if received else None) or "",
        "size": len(received.body) if received else 0,
        "problem": redactor.text(exchange.problem),
    }


def _known(known: KnownDrift, report: DriftReport, redactor: Redactor) -> Record:
    return {
        "finding": _finding(known.drift, report, redactor),
        "reason": redactor.text(known.reason),
        "owner": redactor.text(known.owner),
        "expires": known.expires,
    }


def drift_text(record: Record, suggest: bool = False) -> str:
    """The report for a terminal: verdict first, then findings by weight, with suggestions if asked for."""
    lines = [_headline(record), _run(record)]
    for finding in record["findings"]:
        lines += ["", *_lines(finding, suggest)]
    sections = (
        (
            "accepted",
            [
                f"{_short(one['finding'])} ({_flat(one['owner'])}, until {one['expires']})"
                for one in record["known"]
            ],
        ),
        ("problems", [_flat(problem) for problem in record["problems"]]),
        ("left out, as a target does not agree with itself", [_flat(line) for line in record["noise"]]),
        ("not compared", [*_untested(record)]),
    )
    for title, entries in sections:
        lines += ["", title, *(f"  {entry}" for entry in entries)] if entries else []
    return "\n".join(lines) + "\n"


def _headline(record: Record) -> str:
    sides = f"LEFT {record['left']['target']}, RIGHT {record['right']['target']}"
    if record["verdict"] == "same":
        return f"no drift: {sides}"
    counts = (
        count(len(record[name]), word) for name, word in (("findings", "drift"), ("problems", "problem"))
    )
    return f"{', '.join(counts)}: {sides}"


def _run(record: Record) -> str:
    cases = sum(record["compared"].values())
    compared = f"{count(len(record['compared']), 'operation')} compared in {count(cases, 'case')}"
    return f"{compared}, {len(record['untested'])} not · seed {record['seed']} · {record['seconds']} s"


def _lines(finding: Record, suggest: bool) -> Iterator[str]:
    yield _short(finding)
    for side in ("left", "right"):
        yield f"  {side.upper():5} {finding['exchanges'][side]['curl']}"
    if suggest and finding["suggestion"]:
        yield from (f"  | {line}" for line in finding["suggestion"].splitlines())


def _short(finding: Record) -> str:
    said = _flat(f"{finding['operation']}: {finding['message']}")
    return f"{finding['id']}  {finding['kind']}  {said}"


def _untested(record: Record) -> Iterator[str]:
    grouped: dict[str, list[str]] = {}
    for name, reason in record["untested"].items():
        grouped.setdefault(reason, []).append(name)
    for reason, names in grouped.items():
        rest = len(names) - _NAMED
        yield f"{_flat(reason)}: {', '.join(names[:_NAMED])}{f' and {rest} more' if rest > 0 else ''}"


def _flat(text: str) -> str:
    """One line, without what a terminal would obey."""
    return "".join(char if char.isprintable() else "\ufffd" for char in " ".join(text.split()))


def drift_annotations(record: Record) -> str:
    """Workflow commands of GitHub Actions: an error for what the code is to blame for, a warning for what the data may
    be, and for what is accepted."""
    lines = []
    for finding in record["findings"]:
        level = "warning" if finding["kind"] in SOFT else "error"
        lines.append(
            workflow_command(level, f"{finding['operation']}: {finding['kind']}", finding["message"])
        )
    lines += [workflow_command("error", _TITLE, problem) for problem in record["problems"]]
    for known in record["known"]:
        text = f"accepted until {known['expires']} ({known['owner']}): {known['reason']}"
        lines.append(
            workflow_command("warning", f"{known['finding']['operation']}: {known['finding']['kind']}", text)
        )
    lines.append(workflow_command("notice", _TITLE, f"{_headline(record)}\n{_run(record)}"))
    return "\n".join(lines) + "\n"


def write_drift(record: Record, folder: Path) -> list[Path]:
    """drift.json, drift.txt and suggestions.yaml in `folder`, each whole or not at all. Raises `UsageError`."""
    return write_files(folder, {name: text_of(record) for name, text_of in _FILES.items()})


def _suggestions(record: Record) -> str:
    """Documents of YAML, one for each finding."""
    parts: list[Json] = [
        f"# {_short(finding)}\n{finding['suggestion']}"
        for finding in record["findings"]
        if finding["suggestion"]
    ]
    return "---\n".join(parts)
