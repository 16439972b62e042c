"""Answers have what they are known to have, and nothing more."""

import pytest

from mockportal.judge.checks.sequence.completeness import nothing_more_is_shown
from mockportal.mock import Mock
from mockportal.values import Json
from tests.support.runs import findings_of


def test_mock_shows_nothing_more(mock: Mock) -> None:
    assert findings_of(mock, nothing_more_is_shown) == []


@pytest.mark.parametrize(
    ("operation", "at", "signature"),
    [
        ("getContract", "entity", "entity.internal_note"),
        ("getPortalUser", "data", "data.internal_note"),
        ("getPublicPortalConfig", "", "internal_note"),
        ("getPortalUserEntity", "result", "result.internal_note"),
    ],
)
def test_a_property_that_is_not_known_is_found(mock: Mock, operation: str, at: str, signature: str) -> None:
    def more(status: int, body: Json) -> tuple[int, Json]:
        place = body.get(at) if at and isinstance(body, dict) else body
        if status == 200 and isinstance(place, dict):
            place["internal_note"] = {"deep": "pays late"}
        return status, body

    found = findings_of(mock, nothing_more_is_shown, {operation: more})

    assert [(one.operation, one.signature) for one in found] == [(operation, signature)]


def test_an_empty_property_more_shows_nothing(mock: Mock) -> None:
    found = findings_of(
        mock,
        nothing_more_is_shown,
        {"getCustomerBalance": lambda status, body: (status, {**body, "note": ""})},
    )

    assert found == []
