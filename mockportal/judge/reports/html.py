"""A report as one HTML page that needs nothing else: styles and script are inside, and it may load nothing."""

import base64
import hashlib
from collections.abc import Iterable
from html import escape
from importlib.resources import files
from string import Template

from mockportal.judge.reports.compare import Comparison, compare
from mockportal.judge.reports.html_findings import findings_section, known_section
from mockportal.judge.reports.html_tables import checks_section, parameters_section, statuses_section
from mockportal.judge.reports.stored import all_findings
from mockportal.judge.reports.view import (
    NO_OPERATION,
    count,
    headline,
    run_of,
    tally,
    traffic,
    untested_by_reason,
)
from mockportal.values import Record

_MESSAGE = 120
_VERDICTS = ("passed", "failed", "untested")


def html(report: Record, before: Record | None = None) -> str:
    """The page; with the report of the run before, it also says what is different."""
    changes = compare(before, report) if before else None
    script = _file("page.js")
    sections = [
        ("problems", "Problems", len(report["problems"]), _problems(report)),
        ("changes", "Since the last run", None, _changes(report, before, changes)),
        ("findings", "Findings", len(report["findings"]), findings_section(report, changes)),
        ("known", "Known deviations", len(report["known"]), known_section(report)),
        ("untested", "Untested", report["counts"]["untested"], _untested(report)),
        ("checks", "Checks", len(report["operations"]), checks_section(report)),
        ("statuses", "Status codes", len(report["operations"]), statuses_section(report)),
        ("parameters", "Parameters", _with_parameters(report), parameters_section(report)),
        ("run", "The run", None, _run(report)),
    ]
    present = [section for section in sections if section[3]]
    return Template(_file("page.html")).substitute(
        title=escape(f"{headline(report)} · {report['target']}"),
        verdict=report["verdict"],
        head=_head(report),
        buttons=_buttons(report),
        nav="\n".join(_link(id, title, number) for id, title, number, _ in present),
        sections="\n".join(_section(*section) for section in present),
        footer=escape(f"mockportal contract · {report['started']} · contract {report['spec_sha256'][:12]}"),
        script=script,
        script_hash="sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8")


def _link(id: str, title: str, number: int | None) -> str:
    shown = "" if number is None else f" <small>{number}</small>"
    return f'<a href="#{id}">{title}{shown}</a>'


def _section(id: str, title: str, number: int | None, body: str) -> str:
    shown = "" if number is None else f' <span class="count" data-all="{number}">{number}</span>'
    heading = f'<h2 id="{id}-title">{title}{shown}</h2>'
    return f'<section id="{id}" aria-labelledby="{id}-title">\n{heading}\n{body}\n</section>'


def _head(report: Record) -> str:
    sign = {"conforms": "✓", "violates": "✗"}[report["verdict"]]
    bars = "".join(
        f'<i class="{name}" style="flex:{report["counts"][name]}"></i>'
        for name in _VERDICTS
        if report["counts"][name]
    )
    return (
        f'<div class="verdict"><span class="sign" aria-hidden="true">{sign}</span>\n'
        f'<div><h1>{escape(headline(report))}</h1><p class="run">{escape(run_of(report))}</p></div></div>\n'
        f'<div class="bar" role="img" aria-label="{escape(tally(report))}">{bars}</div>'
    )


def _buttons(report: Record) -> str:
    total = (
        f'<button type="button" data-state="" aria-pressed="true">All {len(report["operations"])}</button>'
    )
    return total + "".join(
        f'<button type="button" data-state="{name}" aria-pressed="false"><i class="{name}"></i>'
        f"{report['counts'][name]} {name}</button>"
        for name in _VERDICTS
    )


def _problems(report: Record) -> str:
    cards = "".join(f'<div class="card bad">{escape(problem)}</div>' for problem in report["problems"])
    return cards and f'<p class="hint">They fail the run, whatever the findings are.</p>{cards}'


def _changes(report: Record, before: Record | None, changes: Comparison | None) -> str:
    if before is None or changes is None:
        return ""
    findings = {finding["id"]: finding for finding in [*all_findings(before), *all_findings(report)]}
    rows = (
        ("new", "New", [_linked(findings[id]) for id in changes.new]),
        ("gone", "Gone", [_named(findings[id]) for id in changes.gone]),
        ("", "Still there", [_linked(findings[id]) for id in changes.still]),
        ("known", "Accepted by a deviation now", [_linked(findings[id]) for id in changes.accepted]),
        ("untested", "Not looked at this time", [_named(findings[id]) for id in changes.unseen]),
        ("untested", "Operations untested now", [escape(name) for name in changes.newly_untested]),
    )
    told = "".join(_change(kind, label, items) for kind, label, items in rows if items)
    other = "" if _same(before, report) else " It judged another target, or in another way."
    when = escape(f"Compared with the run of {before['started']} at {before['target']}.{other}")
    return f'<p class="hint">{when}</p><div class="card">{told or "No finding then or now."}</div>'


def _same(before: Record, report: Record) -> bool:
    return all(before[name] == report[name] for name in ("target", "profile", "spec_sha256"))


def _change(kind: str, label: str, items: list[str]) -> str:
    listed = "".join(f"<li>{item}</li>" for item in items)
    opened = " open" if kind == "new" else ""
    badge = f'<span class="badge {kind}">{len(items)}</span>'
    return f"<details{opened}><summary>{badge} {label}</summary><ul>{listed}</ul></details>"


def _linked(finding: Record) -> str:
    return f'<a href="#f-{finding["id"]}">{_label(finding)}</a> {_message(finding)}'


def _named(finding: Record) -> str:
    return f"{_label(finding)} {_message(finding)}"


def _label(finding: Record) -> str:
    return escape(f"{finding['operation'] or NO_OPERATION}: {finding['check']}")


def _message(finding: Record) -> str:
    message = finding["message"]
    cut = message if len(message) <= _MESSAGE else message[:_MESSAGE] + "…"
    return f'<span class="path">{escape(cut)}</span>'


def _untested(report: Record) -> str:
    return "".join(
        f'<div class="card warn" data-state="untested" data-text="{escape(f"{reason} {names}".lower())}">'
        f'<h3>{escape(reason)} <span class="badge">{count(len(names), "operation")}</span></h3>'
        f'<div class="path">{escape(", ".join(names))}</div></div>'
        for reason, names in untested_by_reason(report).items()
    )


def _with_parameters(report: Record) -> int:
    return sum(bool(operation["parameters"]) for operation in report["operations"])


def _run(report: Record) -> str:
    rows = (
        ("Target", report["target"]),
        ("Profile", report["profile"]),
        ("Seed", str(report["seed"])),
        ("Phases", ", ".join(report["phases"])),
        ("Started", report["started"]),
        ("Took", f"{report['seconds']:,.1f} s"),
        ("Contract", report["spec_sha256"]),
        ("Versions", ", ".join(f"{name} {version}" for name, version in report["versions"].items())),
        ("Traffic", traffic(report)),
    )
    return f'<div class="card"><dl>{_definitions(rows)}</dl></div>'


def _definitions(rows: Iterable[tuple[str, str]]) -> str:
    return "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in rows if value)
