"""A comparison as a record, and the record as Markdown and as one HTML page."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping

from jinja2 import Environment, PackageLoader, StrictUndefined

from mockportal.compatibility.change_kinds import CHANGE_KINDS, LEVELS
from mockportal.compatibility.changes import Change
from mockportal.compatibility.versions import VersionStep
from mockportal.values import Record

_MOST_ROWS = 150  # of a table in Markdown, whose readers have a limit
_FEW = 4  # operations that are named
_SIGNS = {"breaking": "❌", "risky": "⚠️", "safe": "✅"}
_MARKS = str.maketrans({char: f"&#{ord(char)};" for char in "&<>|`*_~[]\\#!"} | {"@": "@<!-- -->", "\n": " "})
_HEAD = ("| | change | operations | rule |", "|---|---|---|---|")
_ENVIRONMENT = Environment(
    loader=PackageLoader("mockportal.compatibility"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def changes_record(
    steps: Iterable[VersionStep],
    accepted: Mapping[tuple[int, Change], Record],
    problems: list[str],
    failing: Iterable[str],
) -> Record:
    """The comparison as JSON. `accepted` holds reason, owner and last day of each accepted change of a step; changes
    of the levels in `failing` that are not accepted, and problems, make the verdict `breaks`."""
    listed = [_step_record(number, step, accepted) for number, step in enumerate(steps)]
    bad = any(step["counts"][level] for step in listed for level in failing)
    return {"verdict": "breaks" if bad or problems else "fits", "steps": listed, "problems": problems}


def _step_record(number: int, step: VersionStep, accepted: Mapping[tuple[int, Change], Record]) -> Record:
    changes = [
        {
            **change.to_json(),
            **({"accepted": accepted[(number, change)]} if (number, change) in accepted else {}),
        }
        for change in step.changes
    ]
    counts = {
        level: sum(one["level"] == level and "accepted" not in one for one in changes) for level in LEVELS
    }
    counts["accepted"] = sum("accepted" in one for one in changes)
    return {"old": step.old, "new": step.new, "counts": counts, "changes": changes}


def report_files(record: Record) -> dict[str, str]:
    """The files of a report folder by name."""
    return {
        "changes.json": json.dumps(record, ensure_ascii=False, indent=1) + "\n",
        "changes.md": changes_markdown(record),
        "changes.html": changes_html(record),
    }


def counted(step: Record) -> str:
    """`1 breaking, 0 risky, 2 safe`, and how many are accepted if any are."""
    counts = [f"{step['counts'][level]} {level}" for level in LEVELS]
    accepted = step["counts"]["accepted"]
    return ", ".join([*counts, f"{accepted} accepted"] if accepted else counts)


def changes_markdown(record: Record) -> str:
    """The comparison in GitHub's Markdown: what breaks first, safe changes folded away."""
    lines = [f"## {_headline(record)}", ""]
    lines += [f"- {_plain(problem)}" for problem in record["problems"]]
    for step in record["steps"]:
        lines += ["", f"### {_plain(step['old'])} → {_plain(step['new'])}", "", f"{counted(step)}.", ""]
        shown = _rows(step, lambda group: group["level"] != "safe" and not group["accepted"])
        lines += [*_HEAD, *shown] if shown else []
        for title, rows in (
            ("accepted", _rows(step, lambda group: bool(group["accepted"]))),
            ("safe", _rows(step, lambda group: group["level"] == "safe" and not group["accepted"])),
        ):
            if rows:
                lines += ["", f"<details><summary>{len(rows)} {title}</summary>", "", *_HEAD, *rows]
                lines += ["", "</details>"]
    return "\n".join(lines) + "\n"


def changes_html(record: Record) -> str:
    """The comparison as a page that loads nothing."""
    steps = [{**step, "counted": counted(step), "groups": list(_groups(step))} for step in record["steps"]]
    page = _ENVIRONMENT.get_template("changes.html")
    meaning = {name: kind.explanation for name, kind in CHANGE_KINDS.items()}
    return page.render(record=record, headline=_headline(record), steps=steps, meaning=meaning)


def _headline(record: Record) -> str:
    return "Breaks consumers" if record["verdict"] == "breaks" else "Breaks nobody"


def _groups(step: Record) -> Iterator[Record]:
    """The changes of one part, with all operations that it concerns: many share a component."""
    found: dict[tuple[str, ...], Record] = {}
    for change in step["changes"]:
        key = change["rule"], change["pointer"], change["message"], str(change.get("accepted"))
        group = found.setdefault(key, {**change, "operations": [], "accepted": change.get("accepted")})
        group["operations"].append(change["operation"])
    yield from found.values()


def _rows(step: Record, wanted: Callable[[Record], bool]) -> list[str]:
    rows = [_row(group) for group in _groups(step) if wanted(group)]
    rest = len(rows) - _MOST_ROWS
    return rows if rest <= 0 else [*rows[:_MOST_ROWS], f"| | and {rest} more in `changes.json` | | |"]


def _row(group: Record) -> str:
    names = [_plain(name) for name in group["operations"]]
    rest = len(names) - _FEW
    named = ", ".join(names[:_FEW]) + (f" and {rest} more" if rest > 0 else "")
    known = group["accepted"]
    note = (
        f" (until {known['expires']}, {_plain(known['owner'])}: {_plain(known['reason'])})" if known else ""
    )
    return f"| {_SIGNS[group['level']]} | {_plain(group['message'])}{note} | {named} | {group['rule']} |"


def _plain(text: str) -> str:
    """A text without what Markdown would make of it."""
    return text.translate(_MARKS)
