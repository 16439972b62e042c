"""Refusals say why: the reason, the rule that forbids it, the limits that were missed."""

import pytest

from mockportal.judge.checks.sequence.refusals import refusals_are_as_documented
from mockportal.mock import Mock
from mockportal.values import Json
from tests.support.runs import findings_of


@pytest.mark.parametrize(
    ("operation", "status", "key", "other"),
    [
        ("updateContract", 403, "failed_rule", {"slug": "contact", "rule_type": "cadence"}),
        ("createMeterReading", 400, "upper_limit", 1.5),
        ("createMeterReading", 400, "reason", "no_counter"),
        ("confirmUser", 400, "reason", "unknown"),
    ],
)
def test_a_refusal_that_names_something_else_is_found(
    mock: Mock, operation: str, status: int, key: str, other: Json
) -> None:
    def change(answered: int, body: Json) -> tuple[int, Json]:
        names = answered == status and isinstance(body, dict) and key in body
        return answered, {**body, key: other} if names else body

    found = findings_of(mock, refusals_are_as_documented, {operation: change})

    assert {finding.operation for finding in found} == {operation}


def test_the_mock_refuses_as_documented(mock: Mock) -> None:
    assert findings_of(mock, refusals_are_as_documented) == []
