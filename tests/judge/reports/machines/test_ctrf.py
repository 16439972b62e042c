"""The tests of a report in the Common Test Report Format, held to what ctrf.io says of the parts that are used."""

import json

from jsonschema import Draft202012Validator

from mockportal.judge.model import Report
from mockportal.judge.reports.as_json import report_json
from mockportal.judge.reports.machines.ctrf import ctrf_json
from mockportal.judge.reports.redact import Redactor
from mockportal.spec.spec import Spec
from mockportal.values import Record
from tests.support.reports import BASE, BROKEN, large_report, report
from tests.support.shapes import closed, listed, one_of

TEXT, COUNT, ANY = {"type": "string"}, {"type": "integer", "minimum": 0}, {"type": "object"}
COUNTED = ("tests", "passed", "failed", "skipped", "pending", "other", "start", "stop")
TEST = closed(
    *("name", "status", "duration"),
    name=TEXT,
    status=one_of("passed", "failed", "skipped", "pending", "other"),
    duration=COUNT,
    suite=listed(TEXT),
    message=TEXT,
    trace=TEXT,
    line=COUNT,
    filePath=TEXT,
    type=TEXT,
    tags=listed(TEXT),
    extra=ANY,
)
SUMMARY = closed(*COUNTED, **dict.fromkeys((*COUNTED, "suites", "duration"), COUNT))
RESULTS = closed(
    *("tool", "summary", "tests"),
    tool=closed("name", name=TEXT, version=TEXT),
    summary=SUMMARY,
    tests=listed(TEST),
    environment=closed(testEnvironment=TEXT),
    extra=ANY,
)
SCHEMA = Draft202012Validator(
    closed(
        *("results", "reportFormat", "specVersion"),
        reportFormat={"const": "CTRF"},
        specVersion={"type": "string", "pattern": r"^[0-9]+[.][0-9]+[.][0-9]+$"},
        timestamp=TEXT,
        generatedBy=TEXT,
        results=RESULTS,
    )
)


def results_of(given: Report) -> Record:
    value = json.loads(ctrf_json(report_json(given, Redactor([]), BASE)))
    assert [f"{error.json_path}: {error.message}" for error in SCHEMA.iter_errors(value)] == []
    results: Record = value["results"]
    return results


def test_large_report_is_valid(spec: Spec) -> None:
    summary = results_of(large_report(spec))["summary"]

    assert summary["tests"] == summary["passed"] + summary["failed"] + summary["skipped"]
    assert summary["stop"] - summary["start"] == summary["duration"] == 163_400


def test_same_tests_as_in_junit_are_there() -> None:
    results = results_of(BROKEN)

    assert {one["name"]: one["status"] for one in results["tests"]} == {
        "(no operation): unknown_path": "failed",
        "getContract: not_a_server_error": "passed",
        "getContract: response_schema_conformance": "failed",
        "createPage: not_a_server_error": "failed",
        "createPage: response_schema_conformance": "passed",
        "ssoLogin: untested": "skipped",
        "run: deviation 3 has expired": "failed",
    }
    assert results["summary"]["start"] == 1_795_428_000_000


def test_failed_test_names_its_finding() -> None:
    found = next(
        one for one in results_of(BROKEN)["tests"] if one["name"] == "createPage: not_a_server_error"
    )

    assert found["tags"] == ["high", "F100"]
    assert found["extra"]["replay"] == f"mockportal contract --replay {BROKEN.findings[1].id}"
    assert found["message"] == "500 for a valid request"


def test_run_that_does_not_say_when_is_valid() -> None:
    undated = report()
    undated.started = ""

    assert results_of(undated)["summary"]["start"] == 0
