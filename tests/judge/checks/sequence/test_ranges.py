"""Series that do not keep to the period or to the interval are found."""

from collections.abc import Callable

import pytest

from mockportal.judge.checks.sequence.ranges import interval_is_honoured, time_range_is_honoured
from mockportal.judge.context import Context
from mockportal.mock import Mock, Setup, load_mock
from mockportal.values import Json
from tests.support.faulty_transports import Hears, hearing, instead
from tests.support.runs import Break, findings_of

LISTS = {"getConsumption": "consumptions", "getCosts": "costs", "getPrices": "prices"}


@pytest.fixture(scope="module")
def mock() -> Mock:
    return load_mock(Setup())


def signatures(mock: Mock, check: Callable[[Context], None], operation: str, hears: Hears) -> set[str]:
    found = findings_of(mock, check, operations=[operation], transport=hearing(mock, operation, hears))
    return {finding.signature for finding in found}


@pytest.mark.parametrize("check", [time_range_is_honoured, interval_is_honoured])
def test_the_series_of_the_mock_keep_to_what_was_asked(mock: Mock, check: Callable[[Context], None]) -> None:
    assert findings_of(mock, check) == []


@pytest.mark.parametrize("operation", LISTS)
def test_a_series_that_begins_too_early_is_found(mock: Mock, operation: str) -> None:
    early = instead("from", lambda _: "2026-04-01T00:00:00Z")

    assert signatures(mock, time_range_is_honoured, operation, early) >= {
        "outside",
        "empty period",
        "period turned round",
    }


@pytest.mark.parametrize("operation", LISTS)
def test_a_series_that_ends_too_late_is_found(mock: Mock, operation: str) -> None:
    late = instead("to", lambda _: "2026-06-05T00:00:00Z")

    assert signatures(mock, time_range_is_honoured, operation, late) >= {"outside", "first part"}


@pytest.mark.parametrize("operation", ["getConsumption", "getPrices"])
def test_a_series_in_disorder_is_found(mock: Mock, operation: str) -> None:
    def reverse(status: int, body: Json) -> tuple[int, Json]:
        return status, {
            name: items[::-1] if isinstance(items, list) else items for name, items in body.items()
        }

    found = findings_of(mock, time_range_is_honoured, {operation: reverse}, [operation])

    assert {finding.signature for finding in found} == {"order"}


@pytest.mark.parametrize("operation", LISTS)
def test_an_interval_that_is_ignored_is_found(mock: Mock, operation: str) -> None:
    found = signatures(mock, interval_is_honoured, operation, instead("interval", lambda _: "PT1H"))

    assert found >= {"interval P1D", "P1D finer"} or found >= {"interval P1D", "PT1H finer"}


@pytest.mark.parametrize(
    ("operation", "amount"), [("getConsumption", "value"), ("getCosts", "unit_amount_decimal")]
)
def test_hours_that_do_not_add_up_to_days_are_found(mock: Mock, operation: str, amount: str) -> None:
    def doubled() -> Break:
        def answer(status: int, body: Json) -> tuple[int, Json]:
            items = body.get(LISTS[operation], [])
            if len(items) < 40:
                for item in items:
                    item[amount] = type(item[amount])(float(item[amount]) * 2)
            return status, body

        return answer

    found = findings_of(mock, interval_is_honoured, {operation: doubled()}, [operation])

    assert {finding.signature for finding in found} == {"P1D sum", "PT1H sum"}
