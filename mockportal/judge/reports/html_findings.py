"""The findings of a report in HTML, each with its requests as `curl` and what was answered."""

import json
from html import escape

from mockportal.judge.reports.compare import Comparison
from mockportal.judge.reports.view import by_operation, excerpt, messages
from mockportal.values import Record

_FEW = 3
_CODE = ("Rule", "Signature", "Play again")


def findings_section(report: Record, changes: Comparison | None) -> str:
    """By operation; empty if there are none."""
    new = changes.new if changes else ()
    said = messages(report)
    operations = {operation["id"]: operation for operation in report["operations"]}
    opened = len(report["findings"]) <= _FEW
    groups = []
    for name, findings in by_operation(report["findings"]).items():
        items = "".join(
            _finding({**finding, "message": said[finding["id"]]}, finding["id"] in new, opened)
            for finding in findings
        )
        groups.append(f'<div class="group">{_heading(name, operations.get(name))}{items}</div>')
    return "\n".join(groups)


def known_section(report: Record) -> str:
    """What deviations accept, each with its reason and how long."""
    items = "".join(_known(entry) for entry in report["known"])
    return items and f'<p class="hint">Accepted until they expire; they do not fail the run.</p>{items}'


def _heading(name: str, operation: Record | None) -> str:
    heading = f"<h3>{escape(name)}</h3>"
    if operation:
        heading += f' <span class="method">{escape(operation["method"])}</span>'
        heading += f' <span class="path">{escape(operation["path"])}</span>'
    return f"<header>{heading}</header>"


def _finding(finding: Record, new: bool, opened: bool) -> str:
    badge = '<span class="badge new">new</span> ' if new else ""
    return _details(finding, "finding", badge, _facts(finding, ()), opened)


def _known(entry: Record) -> str:
    finding = entry["finding"]
    badge = f'<span class="badge known">until {escape(entry["expires"])}</span> '
    facts = (("Reason", entry["reason"]), ("Owner", entry["owner"]), ("Expires", entry["expires"]))
    label = f"{finding['operation']}: {finding['check']}"
    return _details({**finding, "check": label}, "finding known", badge, _facts(finding, facts), opened=False)


def _details(finding: Record, kind: str, badge: str, facts: str, opened: bool) -> str:
    words = _words(finding)
    times = f' <span class="badge">&times;{finding["count"]:,}</span>' if finding["count"] > 1 else ""
    state = "" if "known" in kind else "failed"
    return (
        f'<details class="{kind}" id="f-{finding["id"]}" data-state="{state}" data-text="{escape(words)}"'
        f"{' open' if opened else ''}>"
        f'<summary><span class="check">{badge}{escape(finding["check"])}{times}</span>'
        f'<code class="id">{finding["id"]}</code>'
        f'<span class="message">{escape(finding["message"])}</span></summary>\n'
        f"<div>{facts}{_exchanges(finding)}</div></details>\n"
    )


def _words(finding: Record) -> str:
    """What the filter looks through."""
    requests = (exchange["request"] for exchange in finding["exchanges"])
    targets = (f"{request['method']} {request['target']}" for request in requests)
    told = (finding[name] for name in ("operation", "check", "message", "id", "layer"))
    return " ".join([*told, *targets]).lower()


def _facts(finding: Record, first: tuple[tuple[str, str], ...]) -> str:
    rows = (
        *first,
        ("Rule", finding["rule"]),
        ("Signature", finding["signature"]),
        ("Found by", finding["layer"]),
        ("Play again", finding["replay"]),
    )
    told = "".join(f"<dt>{name}</dt><dd>{_fact(name, value)}</dd>" for name, value in rows if value)
    return f"<dl>{told}</dl>"


def _fact(name: str, value: str) -> str:
    return f"<code>{escape(value)}</code>" if name in _CODE else escape(value)


def _exchanges(finding: Record) -> str:
    exchanges = finding["exchanges"]
    total = len(exchanges)
    every = '<button type="button" data-copy data-all="1">Copy all commands</button>' if total > 1 else ""
    return every + "".join(_step(exchange, number, total) for number, exchange in enumerate(exchanges, 1))


def _step(exchange: Record, number: int, total: int) -> str:
    request = exchange["request"]
    place = f"{number} of {total} · " if total > 1 else ""
    title = escape(f"{place}{request['operation'] or request['method']}")
    note = '<p class="hint">A secret was taken out of this request.</p>' if request["redacted"] else ""
    return (
        f'<div class="step"><h4>{title}</h4>'
        '<div class="code"><button type="button" data-copy>Copy</button>'
        f'<pre class="curl">{escape(exchange["curl"])}</pre></div>{note}{_answer(exchange)}</div>'
    )


def _answer(exchange: Record) -> str:
    response = exchange["response"]
    if response is None:
        return f'<p class="hint">No answer: {escape(exchange["problem"])}</p>'
    cut = ", cut here" if response["truncated"] else ""
    headers = "\n".join(f"{name}: {value}" for name, value in response["headers"])
    body = _pretty(excerpt(response))
    return (
        f"<details><summary>Answer {response['status']} · {response['size']:,} bytes{cut} · headers</summary>"
        f'<pre class="answer">{escape(headers)}</pre></details>'
        + (f'<pre class="answer">{escape(body)}</pre>' if body else "")
    )


def _pretty(text: str) -> str:
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text
