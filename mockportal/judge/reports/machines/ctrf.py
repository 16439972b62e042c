"""A report in the Common Test Report Format (ctrf.io): the same tests as in `junit.xml`, as JSON."""

import json
from collections import Counter
from datetime import UTC, datetime

from mockportal.judge.reports.machines.cases import FAILED, PASSED, SKIPPED, TestedCase, cases_of
from mockportal.values import Record

_VERSION = "0.0.0"


def ctrf_json(report: Record) -> str:
    """The text of the file. Times are milliseconds since 1970; how long a single test took is not known."""
    cases = list(cases_of(report))
    start, took = _milliseconds(report["started"]), round(report["seconds"] * 1000)
    counts = Counter(case.status for case in cases)
    summary = {
        "tests": len(cases),
        **{status: counts[status] for status in (PASSED, FAILED, SKIPPED, "pending", "other")},
        "suites": len({case.group for case in cases}),
        "start": start,
        "stop": start + took,
        "duration": took,
    }
    told = ("target", "profile", "seed", "phases", "spec_sha256", "verdict", "next")
    value = {
        "reportFormat": "CTRF",
        "specVersion": _VERSION,
        "generatedBy": "mockportal contract",
        "results": {
            "tool": {"name": "mockportal", "version": report["versions"]["mockportal"]},
            "summary": summary,
            "tests": [_test(case, report) for case in cases],
            "environment": {"testEnvironment": report["target"]},
            "extra": {name: report[name] for name in told},
        },
    }
    if report["started"]:
        value["timestamp"] = report["started"]
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _test(case: TestedCase, report: Record) -> Record:
    test: Record = {
        "name": case.name,
        "status": case.status,
        "duration": 0,
        "suite": [case.group],
        "type": "contract",
    }
    test |= {
        name: text for name, text in (("message", case.message or case.note), ("trace", case.text)) if text
    }
    if not case.findings:
        return test
    first = case.findings[0]
    if first["line"]:
        test |= {"filePath": report["document"], "line": first["line"]}
    ids = [one["id"] for one in case.findings]
    return test | {
        "tags": [first["severity"], first["fault"]],
        "extra": {"findings": ids, "replay": first["replay"], "cause": first["cause"]},
    }


def _milliseconds(moment: str) -> int:
    if not moment:
        return 0
    return round(datetime.fromisoformat(moment).astimezone(UTC).timestamp() * 1000)
