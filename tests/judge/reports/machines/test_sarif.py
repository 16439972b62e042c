"""Findings for code scanning, held to what SARIF 2.1.0 says of the parts that are used."""

import json
from dataclasses import replace

from jsonschema import Draft202012Validator

from mockportal.judge.checks_page import helps
from mockportal.judge.model import Report
from mockportal.judge.reports.as_json import report_json
from mockportal.judge.reports.causes import in_order
from mockportal.judge.reports.machines.sarif import sarif_json
from mockportal.judge.reports.redact import Redactor
from mockportal.spec.spec import Spec
from mockportal.values import Record
from tests.support.reports import BASE, BROKEN, finding, large_report, report
from tests.support.shapes import closed, listed, one_of

TEXT, NUMBER, BAG = {"type": "string"}, {"type": "integer", "minimum": 1}, {"type": "object"}
MESSAGE = closed("text", text=TEXT)
LEVEL = one_of("none", "note", "warning", "error")
ARTIFACT = closed("uri", uri={"type": "string", "pattern": "^[^ ]+$"}, uriBaseId=TEXT)
PHYSICAL = closed(
    "artifactLocation",
    artifactLocation=ARTIFACT,
    region=closed("startLine", startLine=NUMBER, startColumn=NUMBER),
)
RESULT = closed(
    *("ruleId", "message", "locations", "partialFingerprints"),
    ruleId=TEXT,
    ruleIndex={"type": "integer", "minimum": 0},
    level=LEVEL,
    message=MESSAGE,
    locations=listed(
        closed(
            physicalLocation=PHYSICAL,
            logicalLocations=listed(closed(fullyQualifiedName=TEXT, kind=TEXT)),
        )
    ),
    partialFingerprints={"type": "object", "additionalProperties": TEXT},
    occurrenceCount=NUMBER,
    properties=BAG,
)
RULE = closed(
    "id",
    id=TEXT,
    name=TEXT,
    shortDescription=MESSAGE,
    fullDescription=MESSAGE,
    help=closed("text", text=TEXT, markdown=TEXT),
    defaultConfiguration=closed(level=LEVEL),
    properties=BAG,
)
INVOCATION = closed(
    "executionSuccessful",
    executionSuccessful={"type": "boolean"},
    startTimeUtc={"type": "string", "pattern": "Z$"},
    toolExecutionNotifications=listed(closed("message", level=LEVEL, message=MESSAGE)),
)
RUN = closed(
    "tool",
    tool=closed("driver", driver=closed("name", name=TEXT, semanticVersion=TEXT, rules=listed(RULE))),
    automationDetails=closed(id=TEXT),
    columnKind=one_of("utf16CodeUnits", "unicodeCodePoints"),
    invocations=listed(INVOCATION),
    results=listed(RESULT),
    properties=BAG,
)
SCHEMA = Draft202012Validator(
    closed("version", "runs", **{"$schema": TEXT}, version={"const": "2.1.0"}, runs=listed(RUN))
)


def run_of(given: Report) -> Record:
    value = json.loads(sarif_json(report_json(given, Redactor([]), BASE)))
    assert [f"{error.json_path}: {error.message}" for error in SCHEMA.iter_errors(value)] == []
    run: Record = value["runs"][0]
    return run


def test_large_report_is_valid(spec: Spec) -> None:
    run = run_of(large_report(spec))

    assert len(run["results"]) == 30
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert [rules[one["ruleIndex"]] for one in run["results"]] == [one["ruleId"] for one in run["results"]]


def test_rule_is_called_like_its_check_and_has_its_help() -> None:
    given = replace(report(findings=(finding(check="token_is_needed"),)), helps=helps())

    rule = next(one for one in run_of(given)["tool"]["driver"]["rules"] if one["id"] == "token_is_needed")

    assert rule["fullDescription"]["text"] == helps()["token_is_needed"]
    assert rule["properties"] == {
        "tags": ["F207", "security"],
        "precision": "high",
        "security-severity": "9.5",
    }


def test_result_stands_at_the_line_of_the_rule_in_the_document() -> None:
    one = finding()
    given = replace(report(findings=(one,)), document="api docs/openapi.json", places={one.pointer: (7, 3)})

    found = run_of(given)["results"][0]["locations"][0]["physicalLocation"]

    assert found == {
        "artifactLocation": {"uri": "api%20docs/openapi.json", "uriBaseId": "SRCROOT"},
        "region": {"startLine": 7, "startColumn": 3},
    }


def test_fingerprint_is_the_same_in_every_run() -> None:
    later = replace(
        report(findings=(replace(finding(), message="other words"),)), started="2027-01-01T00:00:00Z"
    )

    first, second = (run_of(one)["results"][0] for one in (report(findings=(finding(),)), later))

    assert first["partialFingerprints"] == second["partialFingerprints"]
    assert first["message"] != second["message"]


def test_known_deviation_is_no_result() -> None:
    run = run_of(BROKEN)

    assert [one["partialFingerprints"]["mockportalFinding/v1"] for one in run["results"]] == [
        one.id for one in in_order(BROKEN.findings)
    ]


def test_check_that_found_nothing_is_a_rule_too() -> None:
    run = run_of(report())

    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == [
        "not_a_server_error",
        "response_schema_conformance",
    ]
    assert run["results"] == []
