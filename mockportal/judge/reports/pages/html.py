"""A report as one HTML page that needs nothing else: styles and script are inside, and it may load nothing."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from mockportal.judge.faults import CATEGORIES
from mockportal.judge.reports.causes import by_cause
from mockportal.judge.reports.stored import RunComparison, all_findings, compare
from mockportal.judge.reports.view import (
    NO_OPERATION,
    checks_of,
    count,
    duration,
    excerpt,
    headline,
    messages,
    moved,
    operations_of,
    run_of,
    states,
    tally,
    traffic,
    untested_by_reason,
)
from mockportal.values import Record

_FEW = 3
_MESSAGE = 120
_STATUS = "status_code_conformance"
_VERDICTS = ("passed", "failed", "untested")
_ENVIRONMENT = Environment(
    loader=PackageLoader("mockportal.judge.reports.pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def html(report: Record, before: Record | None = None) -> str:
    """The page; with the report of the run before, it also says what is different."""
    changes = compare(before, report) if before else None
    script = _ENVIRONMENT.get_template("page.js").render()
    digest = hashlib.sha256(script.encode()).digest()
    page = _ENVIRONMENT.get_template("page.html")
    return page.render(
        **_summary(report),
        **_findings(report, changes),
        **_tables(report),
        before=before,
        same=before is not None and _same(before, report),
        changes=list(_changes(report, before, changes)),
        sections=list(_sections(report, before)),
        script=Markup(script),
        script_hash="sha256-" + base64.b64encode(digest).decode(),
    )


def _summary(report: Record) -> Record:
    versions = ", ".join(f"{name} {version}" for name, version in report["versions"].items())
    return {
        "report": report,
        "headline": headline(report),
        "run": run_of(report),
        "tally": tally(report),
        "verdicts": _VERDICTS,
        "untested": untested_by_reason(report),
        "count": count,
        "duration": duration,
        "moved": moved,
        "standing": _standing(report),
        "facts": (
            ("Target", report["target"]),
            ("Profile", report["profile"]),
            ("Seed", report["seed"]),
            ("Phases", ", ".join(report["phases"])),
            ("Started", report["started"]),
            ("Took", f"{report['seconds']:,.1f} s"),
            ("Contract", report["spec_sha256"]),
            ("Versions", versions),
            ("Traffic", traffic(report)),
        ),
    }


def _findings(report: Record, changes: RunComparison | None) -> Record:
    return {
        "causes": by_cause(report["findings"]),
        "operations_of": operations_of,
        "categories": CATEGORIES,
        "operations": {operation["id"]: operation for operation in report["operations"]},
        "messages": messages(report),
        "new": changes.new if changes else (),
        "few": _FEW,
        "opened": len(report["findings"]) <= _FEW,
        "words": _words,
        "pretty": _pretty,
    }


def _tables(report: Record) -> Record:
    """The columns of the matrix are the checks that failed, then the others; those that are all dots are left out."""
    found = states(report)
    failed = {check for (_, check), state in found.items() if state != "passed"}
    shown = {check for _, check in found}
    names = checks_of(report)
    return {
        "columns": sorted((name for name in names if name in shown), key=lambda name: name not in failed),
        "unused": [name for name in names if name not in shown],
        "states": found,
        "links": {(one["operation"], one["check"]): one["id"] for one in reversed(all_findings(report))},
        "statuses_of": _statuses,
        "words_of": lambda name: re.split("(?<=[a-z])(?=[A-Z])", name),
    }


def _sections(report: Record, before: Record | None) -> Iterator[tuple[str, str, int | None]]:
    """(id, title, number of things) of every section that has something in it."""
    operations = report["operations"]
    numbered: tuple[tuple[str, str, int | None], ...] = (
        ("problems", "Problems", len(report["problems"])),
        ("findings", "Findings", len(report["findings"])),
        ("trend", "The last runs", len(report["trend"])),
        ("notes", "Notes", len(report.get("notes", ()))),
        ("known", "Known deviations", len(report["known"])),
        ("untested", "Untested", report["counts"]["untested"]),
        ("checks", "Checks", len(operations)),
        ("statuses", "Status codes", len(operations)),
        ("parameters", "Parameters", sum(bool(one["parameters"]) for one in operations)),
    )
    if report["next"]:
        yield "next", "What to do next", None
    for entry in numbered:
        if entry[0] == "trend" and before is not None:
            yield "changes", "Since the last run", None
        if entry[2]:
            yield entry
    yield "run", "The run", None


def _changes(
    report: Record, before: Record | None, changes: RunComparison | None
) -> Iterator[tuple[str, str, list[Record]]]:
    """(kind, label, findings or operations) of every change since the last run."""
    if before is None or changes is None:
        return
    findings = {one["id"]: one for one in [*all_findings(before), *all_findings(report)]}
    rows = (
        ("new", "New", [_named(findings[id], id) for id in changes.new]),
        ("gone", "Gone", [_named(findings[id]) for id in changes.gone]),
        ("", "Still there", [_named(findings[id], id) for id in changes.still]),
        ("known", "Accepted by a deviation now", [_named(findings[id], id) for id in changes.accepted]),
        ("untested", "Not looked at this time", [_named(findings[id]) for id in changes.unseen]),
        ("untested", "Operations untested now", [_operation(name) for name in changes.newly_untested]),
    )
    yield from (row for row in rows if row[2])


def _same(before: Record, report: Record) -> bool:
    return all(before[name] == report[name] for name in ("target", "profile", "spec_sha256"))


def _named(finding: Record, link: str = "") -> Record:
    message = finding["message"]
    cut = message if len(message) <= _MESSAGE else message[:_MESSAGE] + "…"
    label = f"{finding['operation'] or NO_OPERATION}: {finding['check']}"
    return {"label": label, "message": cut, "link": link}


def _operation(name: str) -> Record:
    return {"label": name, "message": "", "link": ""}


def _words(finding: Record) -> str:
    """The text that the filter looks through."""
    requests = (exchange["request"] for exchange in finding["exchanges"])
    targets = (f"{request['method']} {request['target']}" for request in requests)
    told = (finding[name] for name in ("operation", "check", "message", "id", "layer"))
    return " ".join([*told, *targets]).lower()


def _pretty(response: Record) -> str:
    """The body of an answer, indented if it is JSON."""
    text = excerpt(response)
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text


def _standing(report: Record) -> str:
    """The colour of the verdict: red only where there is a finding."""
    violates = report["verdict"] == "violates"
    return "unproven" if violates and not report["findings"] else str(report["verdict"])


def _statuses(operation: Record) -> list[tuple[str, int, str]]:
    """(status, times, kind of chip), those of the contract and those seen."""
    failed = operation["checks"].get(_STATUS, {}).get("failed", 0) > 0
    seen, undocumented = operation["seen"], operation["undocumented"]
    spelled = {*operation["documented"], *seen}
    return [
        (status, seen.get(status, 0), _chip(seen.get(status, 0), status in undocumented, failed))
        for status in sorted(spelled)
    ]


def _chip(times: int, undocumented: bool, failed: bool) -> str:
    """The kind of a status: one that is not documented is bad only where it came to a finding."""
    if not times:
        return "never"
    return "ok" if not undocumented else "bad" if failed else "odd"
