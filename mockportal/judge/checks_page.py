"""`python -m mockportal.judge.checks_page`: the page that lists every check, from what the checks say of themselves."""

import sys
from collections.abc import Callable

from mockportal.judge.checks.answer.registry import answer_checks
from mockportal.judge.checks.registry import CHECKS
from mockportal.judge.fuzz import CHECKS as PHASE_CHECKS
from mockportal.judge.journeys import JOURNEYS

_HEAD = """\
# Checks of the judge

Written by `python -m mockportal.judge.checks_page`. The names are those in reports and in deviations.

## Of every answer, whoever asked for it

| check | what must be true |
|---|---|
| `answer_is_whole` | There is an answer, and it is whole. |
"""
_ACTIVE = """
## Over several requests

*writes* marks those that need more than GET, *data* those that need the data of the default scenario, *file* those that
go by what the targets file says of its own.

| check | what must be true | |
|---|---|---|
"""
_PHASES = """
## Of schemathesis, in its phases

`mockportal contract` runs these beside its own: {names}.
What they mean is told by `schemathesis explain NAME`.

## Journeys

Each writes, reads back everywhere the thing is shown, and compares with a model of what must be there.
It is walked where these operations can be used:

| journey | operations |
|---|---|
"""


def page() -> str:
    """The text of `docs/checks.md`."""
    rows = [f"| `{name}` | {_said(check)} |" for name, check in answer_checks().items()]
    active = [f"| `{name}` | {_said(check.run)} | {_needs(check)} |" for name, check in CHECKS.items()]
    journeys = [
        f"| `{name}` | {', '.join(journey.operations) or 'any'} |" for name, journey in JOURNEYS.items()
    ]
    phases = _PHASES.format(names=", ".join(f"`{name}`" for name in PHASE_CHECKS))
    return (
        _HEAD
        + "\n".join(rows)
        + "\n"
        + _ACTIVE
        + "\n".join(active)
        + "\n"
        + phases
        + "\n".join(journeys)
        + "\n"
    )


def _said(function: Callable[..., object]) -> str:
    return " ".join((function.__doc__ or "").split())


def _needs(check: object) -> str:
    marks = {
        "writes": getattr(check, "writes", False),
        "data": getattr(check, "populated", False),
        "file": getattr(check, "stated", False),
    }
    return ", ".join(f"*{name}*" for name, needed in marks.items() if needed)


if __name__ == "__main__":
    sys.stdout.write(page())
