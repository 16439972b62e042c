"""The sums of a series are the same in every interval, on the days when the clocks change too."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockportal.state.clock import BERLIN, timestamp
from mockportal.values import Json, Record
from tests.support.machines import fresh_client

SOURCE: Record = {"app_id": "musterau-energiedaten", "extensionId": "energy-data"}
SERIES = {"anna": {"default"}, "mehmet": {"ht", "nt"}, "hoffmann": {"feed-in", "feed-out"}}
FIRST, LAST = date(2025, 3, 1), date(2026, 6, 1)
PERSON = st.sampled_from([*SERIES])
DAY = st.dates(FIRST, date(2026, 5, 20))
LENGTH = st.integers(1, 12)
QUARTERS = {date(2025, 10, 26): 100, date(2026, 3, 29): 92}


def midnight(day: date) -> str:
    return timestamp(datetime(day.year, day.month, day.day, tzinfo=BERLIN))


def records(person: str, operation: str, start: date, end: date, interval: str) -> list[Record]:
    asked: dict[str, Json] = {**SOURCE, "from": midnight(start), "to": midnight(end), "interval": interval}
    [listed] = fresh_client(person).call(operation, **asked).values()
    return list(listed)


def sums(person: str, start: date, end: date, interval: str) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for record in records(person, "getConsumption", start, end, interval):
        found[record["type"]] = found.get(record["type"], Decimal(0)) + Decimal(str(record["value"]))
    return found


@given(person=PERSON, start=DAY, days=LENGTH)
@example(person="anna", start=date(2025, 10, 26), days=1)
@example(person="mehmet", start=date(2026, 3, 29), days=1)
@example(person="hoffmann", start=date(2026, 3, 28), days=3)
@example(person="hoffmann", start=date(2025, 10, 25), days=3)
def test_days_hours_and_quarters_have_the_same_sums(person: str, start: date, days: int) -> None:
    end = start + timedelta(days=days)

    by_day = sums(person, start, end, "P1D")

    assert by_day.keys() == SERIES[person]
    assert sums(person, start, end, "PT1H") == by_day
    assert sums(person, start, end, "PT15M") == by_day


@given(person=PERSON, year_month=st.integers(0, 14), months=st.integers(1, 5))
@example(person="hoffmann", year_month=0, months=15)
def test_months_and_days_have_the_same_sums(person: str, year_month: int, months: int) -> None:
    start, end = month(year_month), min(month(year_month + months), LAST)

    assert sums(person, start, end, "P1M") == sums(person, start, end, "P1D")


@given(person=PERSON, start=DAY, days=LENGTH)
def test_costs_of_days_are_those_of_their_hours(person: str, start: date, days: int) -> None:
    end = start + timedelta(days=days)

    totals = {
        interval: sum(
            Decimal(record["unit_amount_decimal"])
            for record in records(person, "getCosts", start, end, interval)
        )
        for interval in ("PT15M", "PT1H", "P1D")
    }

    assert len(set(totals.values())) == 1, totals


@pytest.mark.parametrize(("day", "quarters"), QUARTERS.items())
def test_a_day_on_which_the_clocks_change_has_other_quarters(day: date, quarters: int) -> None:
    listed = records("anna", "getConsumption", day, day + timedelta(days=1), "PT15M")

    assert len(listed) == quarters


def month(number: int) -> date:
    """The first day of a month, counted from the first one of the data."""
    years, months = divmod(FIRST.month - 1 + number, 12)
    return date(FIRST.year + years, months + 1, 1)
