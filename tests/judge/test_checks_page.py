"""The list of checks in the docs."""

from mockportal.judge.checks.registry import CHECKS
from mockportal.judge.faults import CATEGORIES, FAULTS, JOURNEY, SEVERITIES
from mockportal.judge.journeys import JOURNEYS
from mockportal.judge.run import CHECK_NAMES


def test_every_check_says_what_it_is_about() -> None:
    assert {name: check.run.__name__ for name, check in CHECKS.items()} == {name: name for name in CHECKS}
    assert [name for name, check in CHECKS.items() if not check.run.__doc__] == []


def test_every_check_has_a_severity_and_a_category() -> None:
    assert FAULTS.keys() == (CHECK_NAMES | {"answer_is_whole"}) - JOURNEYS.keys()
    faults = [*FAULTS.values(), JOURNEY]
    assert {fault.severity for fault in faults} <= SEVERITIES.keys()
    assert {fault.category for fault in faults} <= CATEGORIES.keys()
