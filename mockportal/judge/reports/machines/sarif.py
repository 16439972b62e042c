"""A report as SARIF 2.1.0, which code scanning shows at the lines of the document: a rule for each check that ran, a
result for each finding. Those that a deviation accepts are left out: GitHub would show them as open, since it does not
know SARIF's suppressions."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import quote

from mockportal.judge.faults import CATEGORIES
from mockportal.judge.reports.view import NO_OPERATION, commands
from mockportal.values import Record

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "SRCROOT"
# severity -> level, and the number by which GitHub sorts findings about security
_LEVELS: Mapping[str, str] = MappingProxyType(
    {"critical": "error", "high": "error", "medium": "warning", "low": "note"}
)
_PROBLEM: Mapping[str, str] = MappingProxyType(
    {"error": "error", "warning": "warning", "note": "recommendation"}
)
_SECURITY: Mapping[str, str] = MappingProxyType(
    {"critical": "9.5", "high": "8.0", "medium": "5.0", "low": "2.0"}
)
_ABOUT_SECURITY = frozenset(("F914", "F918", "F920"))


def sarif_json(report: Record) -> str:
    """The text of the file. Rules are called like their checks, and a fingerprint is the id of a finding, so that it is
    the same in every run."""
    names = list(report["checks"])
    results = [_result(one, names, report) for one in report["findings"]]
    run: Record = {
        "tool": {"driver": _driver(names, report)},
        "automationDetails": {"id": f"mockportal/{report['profile']}/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report)],
        "results": results,
        "properties": {name: report[name] for name in ("target", "seed", "spec_sha256")},
    }
    return (
        json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1)
        + "\n"
    )


def _driver(names: list[str], report: Record) -> Record:
    rules = [_rule(name, report["checks"][name]) for name in names]
    return {"name": "mockportal", "semanticVersion": report["versions"]["mockportal"], "rules": rules}


def _rule(name: str, check: Record) -> Record:
    text = check["help"] or name.replace("_", " ")
    category, severity = check["category"], check["severity"]
    secure = category in _ABOUT_SECURITY or category.startswith("F2")
    return {
        "id": name,
        "name": "".join(word.title() for word in name.split("_")),
        "shortDescription": {"text": CATEGORIES[category]},
        "fullDescription": {"text": text},
        "help": {
            "text": f"{text} {category}: {CATEGORIES[category]}.",
            "markdown": f"{text}\n\nFault {category}: {CATEGORIES[category]}. Severity: {severity}.",
        },
        "defaultConfiguration": {"level": _LEVELS[severity]},
        "properties": {
            "tags": [category, *(["security"] if secure else [])],
            "precision": "high",
            **(
                {"security-severity": _SECURITY[severity]}
                if secure
                else {"problem.severity": _PROBLEM[_LEVELS[severity]]}
            ),
        },
    }


def _result(finding: Record, names: list[str], report: Record) -> Record:
    operation = finding["operation"] or NO_OPERATION
    told = {name: finding[name] for name in ("id", "severity", "fault", "cause", "rule", "replay")}
    return {
        "ruleId": finding["check"],
        "ruleIndex": names.index(finding["check"]),
        "level": _LEVELS[finding["severity"]],
        "message": {"text": f"{operation}: {finding['message']}"},
        "locations": [_location(finding, report)],
        "partialFingerprints": {
            "mockportalFinding/v1": finding["id"],
            "primaryLocationLineHash": f"{finding['id']}:1",
        },
        "occurrenceCount": max(finding["count"], 1),
        "properties": {**told, "commands": commands(finding)},
    }


def _location(finding: Record, report: Record) -> Record:
    """The place of the rule, else the beginning of the document: GitHub shows no result without a place."""
    path = report["document"] or "openapi.json"
    artifact = {"uri": quote(path), "uriBaseId": _ROOT}
    if path.startswith("/"):
        artifact = {"uri": f"file://{quote(path)}"}
    region = {"startLine": finding["line"] or 1, "startColumn": finding["column"] or 1}
    logical = (
        [{"fullyQualifiedName": finding["operation"], "kind": "function"}] if finding["operation"] else []
    )
    location: Record = {"physicalLocation": {"artifactLocation": artifact, "region": region}}
    return location | ({"logicalLocations": logical} if logical else {})


def _invocation(report: Record) -> Record:
    texts = [*report["problems"], *report["notes"]]
    levels = ["error"] * len(report["problems"]) + ["note"] * len(report["notes"])
    told = [{"level": level, "message": {"text": text}} for level, text in zip(levels, texts, strict=True)]
    return {
        "executionSuccessful": report["verdict"] != "interrupted",
        **({"startTimeUtc": report["started"].replace("+00:00", "Z")} if report["started"] else {}),
        **({"toolExecutionNotifications": told} if told else {}),
    }
