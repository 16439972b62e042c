"""The page that lists every check, from what the checks say of themselves."""

from collections.abc import Callable

from mockportal.judge.checks.answer.registry import answer_checks
from mockportal.judge.checks.registry import CHECKS, ActiveCheck
from mockportal.judge.faults import CATEGORIES, FAULTS, JOURNEY, SEVERITIES, fault_of
from mockportal.judge.fuzz import CHECKS as PHASE_CHECKS
from mockportal.judge.journeys import JOURNEYS

_HEAD = """\
# Checks of the judge

Every check of the judge, with what must be true of a target.
`scripts/reference` writes this page. The names are those in reports and in deviations.
Each check has a [severity](#severities) and a [category of faults](#categories), which its findings carry.

## Of every answer, whoever asked for it

| check | what must be true | severity | fault |
|---|---|---|---|
"""
_WHOLE = "There is an answer, and it is whole."
_ACTIVE = """
## Over several requests

*writes* marks those that need more than GET, *data* those that need the data of the default scenario, *file* those that
go by what the targets file says of its own.

| check | what must be true | severity | fault | |
|---|---|---|---|---|
"""
_PHASES = """
## Of schemathesis, in its phases

`mockportal contract` runs these beside its own. What they mean is told by `schemathesis explain NAME`.

| check | what must be true | severity | fault |
|---|---|---|---|
"""
_JOURNEYS = """
## Journeys

Each writes, reads back everywhere the thing is shown, and compares with a model of what must be there.
Their findings are of severity {severity} and category {category}.
A journey is walked where these operations can be used:

| journey | operations |
|---|---|
"""
_SEVERITIES = """
## Severities

Reports show the worst first.

| severity | what it means |
|---|---|
"""
_CATEGORIES = """
## Categories

Those below F900 are from the catalogue of [Web Fuzzing Commons](https://github.com/WebFuzzing/Commons),
with the numbers of its version 0.6. The catalogue leaves numbers from 900 on to tools: these are the judge's own.

| fault | name | checks |
|---|---|---|
"""


def page() -> str:
    """The text of `docs/checks.md`."""
    sections = (
        (_HEAD, ((f"`{name}`", told, *fault_of(name)) for name, told in _answers().items())),
        (
            _ACTIVE,
            ((f"`{name}`", _said(one.run), *fault_of(name), _needs(one)) for name, one in CHECKS.items()),
        ),
        (_PHASES, ((f"`{name}`", told, *fault_of(name)) for name, told in PHASE_CHECKS.items())),
        (
            _JOURNEYS.format(**JOURNEY._asdict()),
            ((f"`{name}`", ", ".join(one.operations) or "any") for name, one in JOURNEYS.items()),
        ),
        (_SEVERITIES, SEVERITIES.items()),
        (_CATEGORIES, ((code, name, _checks_of(code)) for code, name in CATEGORIES.items())),
    )
    return "".join(head + "".join(f"| {' | '.join(row)} |\n" for row in rows) for head, rows in sections)


def helps() -> dict[str, str]:
    """The text that says what must be true, by the name of each check and journey."""
    walked = "What is written is read back everywhere as it was written."
    active = {name: _said(check.run) for name, check in CHECKS.items()}
    return {**_answers(), **active, **PHASE_CHECKS, **dict.fromkeys(JOURNEYS, walked)}


def _answers() -> dict[str, str]:
    return {"answer_is_whole": _WHOLE} | {name: _said(check) for name, check in answer_checks().items()}


def _said(function: Callable[..., object]) -> str:
    """The docstring of a check in one line."""
    return " ".join((function.__doc__ or "").split())


def _checks_of(category: str) -> str:
    names = [f"`{name}`" for name, fault in FAULTS.items() if fault.category == category]
    return ", ".join([*names, *(["journeys"] if category == JOURNEY.category else [])])


def _needs(check: ActiveCheck) -> str:
    marks = {"writes": check.writes, "data": check.populated, "file": check.stated}
    return ", ".join(f"*{name}*" for name, needed in marks.items() if needed)
