"""The tables of a report in HTML: operations by checks, by status codes, by parameters."""

import re
from collections.abc import Iterable
from html import escape

from mockportal.judge.reports.stored import all_findings
from mockportal.judge.reports.view import checks_of, states
from mockportal.values import Record


def checks_section(report: Record) -> str:
    """The matrix of operations and checks; a failure leads to its finding."""
    columns = checks_of(report)
    found = states(report)
    links = {(f["operation"], f["check"]): f["id"] for f in reversed(all_findings(report))}
    head = _heads(*(f"<span>{escape(name)}</span>" for name in columns))
    rows = (
        _row(operation, "".join(_cell(operation, name, found, links) for name in columns))
        for operation in report["operations"]
    )
    signs = ("✓ passed", "✗ failed", "≈ known deviation", "· did not apply")
    legend = f'<p class="hint legend">{"".join(f"<span>{sign}</span>" for sign in signs)}</p>'
    return legend + _table("matrix", "Checks", head, rows)


def statuses_section(report: Record) -> str:
    """Status codes, those of the contract and those seen."""
    rows = (_row(operation, f"<td>{_chips(_statuses(operation))}</td>") for operation in report["operations"])
    legend = (
        '<p class="hint legend"><span><span class="chip ok">200 <b>7</b></span> documented, seen 7 times</span>'
        '<span><span class="chip never">404</span> documented, never seen</span>'
        '<span><span class="chip bad">502 <b>1</b></span> seen, not documented</span></p>'
    )
    return legend + _table("stack", "Status codes", _heads("Status codes"), rows)


def parameters_section(report: Record) -> str:
    """How often each parameter was sent valid and invalid; empty if nothing is known."""
    operations = [operation for operation in report["operations"] if operation["parameters"]]
    if not operations:
        return ""
    rows = (_row(operation, f"<td>{_chips(_parameters(operation))}</td>") for operation in operations)
    legend = (
        '<p class="hint legend">Requests in which a parameter was <span class="chip"><span class="yes">✓ valid</span>'
        '<span class="no">✗ invalid</span></span></p>'
    )
    return legend + _table("stack", "Parameters", _heads("Parameters"), rows)


def _heads(*columns: str) -> str:
    return "".join(f"<th scope=col>{column}</th>" for column in ("Operation", *columns))


def _table(kind: str, label: str, head: str, rows: Iterable[str]) -> str:
    return (
        f'<div class="scroll" role="region" aria-label="{label}" tabindex="0"><table class="{kind}">'
        f"<thead><tr>{head}</tr></thead><tbody>\n{''.join(rows)}</tbody></table></div>"
    )


def _row(operation: Record, cells: str) -> str:
    where = f"{operation['method']} {operation['path']}"
    words = escape(f"{operation['id']} {where}".lower())
    path = f'<span class="method">{escape(operation["method"])}</span> {escape(operation["path"])}'
    verdict = operation["verdict"]
    badge = '<span class="badge untested">untested</span>' if verdict == "untested" else ""
    name = f"{_breakable(operation['id'])} {badge}"
    head = f'<th scope=row title="{escape(where)}">{name}<div class="path">{path}</div></th>'
    return f'<tr class="{verdict}" data-state="{verdict}" data-text="{words}">{head}{cells}</tr>\n'


def _breakable(name: str) -> str:
    """A name that may be broken between its words."""
    return re.sub("(?<=[a-z])(?=[A-Z])", "<wbr>", escape(name))


def _cell(
    operation: Record,
    check: str,
    found: dict[tuple[str, str], str],
    links: dict[tuple[str, str], str],
) -> str:
    at = (operation["id"], check)
    state = found.get(at)
    if state is None or not _ran(operation, check, state):
        return '<td class="none">·</td>'
    ran = operation["checks"].get(check, {"passed": 0, "failed": 0})
    title = escape(f"{operation['id']}: {check}: {ran['passed']} passed, {ran['failed']} failed")
    if state == "passed":
        return f'<td class="ok" title="{title}">✓</td>'
    kind, sign = {"failed": ("bad", "✗"), "known": ("known", "≈")}[state]
    inner = f'<a href="#f-{links[at]}">{sign}</a>' if at in links else f"<b>{sign}</b>"
    return f'<td class="{kind}" title="{title}">{inner}</td>'


def _ran(operation: Record, check: str, state: str) -> bool:
    ran = operation["checks"].get(check)
    return state != "passed" or (ran is not None and ran["passed"] > 0)


def _statuses(operation: Record) -> list[str]:
    seen, undocumented = operation["seen"], operation["undocumented"]
    spelled = [
        *operation["documented"],
        *(status for status in seen if status not in operation["documented"]),
    ]
    return [_status(status, seen.get(status, 0), status in undocumented) for status in sorted(spelled)]


def _status(status: str, times: int, undocumented: bool) -> str:
    if not times:
        return f'<span class="chip never">{escape(status)}</span>'
    return f'<span class="chip {"bad" if undocumented else "ok"}">{escape(status)} <b>{times:,}</b></span>'


def _parameters(operation: Record) -> list[str]:
    return [
        f'<span class="chip"><span class="mono">{escape(name)}</span>'
        f"{_times('yes', '✓', counts['valid'])}{_times('no', '✗', counts['invalid'])}</span>"
        for name, counts in operation["parameters"].items()
    ]


def _times(kind: str, sign: str, number: int) -> str:
    return f'<span class="{kind if number else "zero"}">{sign} {number:,}</span>'


def _chips(chips: list[str]) -> str:
    return f'<div class="chips">{"".join(chips)}</div>'
