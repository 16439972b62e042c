"""Dates that move along with a clock: whole weeks, at the same time of day in Germany."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mockportal.expectations import failures
from mockportal.mock import Mock
from mockportal.state.clock import BERLIN, Clock, clock_at, moved, parse_clock
from mockportal.state.scenario import Scenario
from tests.test_scenarios import NAMES


def clock(text: str) -> Clock:
    return clock_at(datetime.fromisoformat(text), moves_dates=True)


@pytest.mark.parametrize(
    ("text", "weeks", "later"),
    [
        ("2026-06-15", 1, "2026-06-22"),
        ("2026-06-15", -52, "2025-06-16"),
        ("2026-06-15T06:00:00.000Z", 1, "2026-06-22T06:00:00.000Z"),
        ("2026-06-15T06:00:00.000Z", 26, "2026-12-14T07:00:00.000Z"),
        ("2026-06-15T06:00:00Z", 26, "2026-12-14T07:00:00Z"),
        ("2026-06-15T08:00:00+02:00", 26, "2026-12-14T08:00:00+01:00"),
        ("2026-06-15T02:00:00-04:00", 1, "2026-06-22T02:00:00-04:00"),
        ("2026-03-28T22:59:59.999Z", 1, "2026-04-04T21:59:59.999Z"),
        (
            "2026-03-22T01:30:00Z",
            1,
            "2026-03-29T01:30:00Z",
        ),  # half past two is not on the clocks of that night
        ("9999-12-31", 1, "9999-12-31"),
        ("9999-12-31T23:59:59Z", 1, "9999-12-31T23:59:59Z"),
        ("2026-13-45", 1, "2026-13-45"),
        ("Rechnung vom 2026-06-15", 1, "Rechnung vom 2026-06-15"),
        ("RE-2026-00123", 1, "RE-2026-00123"),
        ("2026-06-15.pdf", 1, "2026-06-15.pdf"),
        ("", 1, ""),
    ],
)
def test_a_date_moves_by_weeks_and_any_other_text_stays(text: str, weeks: int, later: str) -> None:
    assert moved(text, weeks) == later


@pytest.mark.parametrize(
    ("today", "weeks"),
    [
        ("2026-06-15T12:00:00+02:00", 0),
        ("2026-06-18T23:59:59+02:00", 0),
        ("2026-06-19T00:00:00+02:00", 1),
        ("2026-06-12T00:00:00+02:00", 0),
        ("2026-06-11T23:59:59+02:00", -1),
        ("2027-06-14T09:00:00+02:00", 52),
    ],
)
def test_dates_move_to_the_nearest_same_weekday(today: str, weeks: int) -> None:
    monday = datetime(2026, 6, 15, 9, tzinfo=BERLIN)

    assert clock(today).weeks_since(monday) == weeks
    assert replace(clock(today), moves_dates=False).weeks_since(monday) == 0


def test_the_clock_of_now_moves_dates_and_a_given_instant_does_not() -> None:
    assert parse_clock("now").moves_dates
    assert not parse_clock("2030-01-01T00:00:00Z").moves_dates


def test_ids_stay_while_dates_move(mock: Mock) -> None:
    own = mock.scenario("default")

    later = mock.scenario("default", clock=clock("2031-02-03T09:00:00+01:00"))

    assert later.aliases == own.aliases
    orders = [
        one.draft().collection("order").get(one.id_of("order", "an-2026-00431")) for one in (own, later)
    ]
    assert [order["expires_at"] for order in orders] == ["2026-06-30", "2031-02-18"]


def test_a_clock_that_moves_nothing_keeps_every_date(mock: Mock) -> None:
    still = replace(clock("2031-02-03T09:00:00+01:00"), moves_dates=False)

    scenario = mock.scenario("default", clock=still)

    order = scenario.draft().collection("order").get(scenario.id_of("order", "an-2026-00431"))
    assert order["expires_at"] == "2026-06-30"


@pytest.fixture(scope="module", params=[-3, -2, -1, 0, 1, 2, 3])
def today(mock: Mock, request: pytest.FixtureRequest) -> Scenario:
    """The default scenario five years on, on each of the days that are nearest to the same weekday."""
    start = datetime(2031, 6, 16, 9, tzinfo=BERLIN) + timedelta(days=request.param)
    return mock.scenario("default", clock=clock_at(start.astimezone(UTC), moves_dates=True))


def test_on_any_day_of_the_week_the_offer_is_open_and_nothing_is_overdue(mock: Mock, today: Scenario) -> None:
    draft = today.draft()

    offer = draft.collection("order").get(today.id_of("order", "an-2026-00431"))
    due = [
        event["due_date"]
        for event in draft.collection("billing_event")
        if not event.get("paid_date") and today.id_of("contract", "v-900001") in str(event.get("contract"))
    ]
    assert offer["expires_at"] > draft.timestamp()[:10]
    assert [date for date in due if date <= draft.timestamp()[:10]] == []


# About one night of the calendar, in which the clocks change, and about a token whose signature holds its expiry.
FIXED_IN_TIME = {"dynamic-tariff-dst", "dynamic-tariff-dst-autumn", "token-expired"}


@pytest.mark.parametrize(("weeks", "every"), [(26, 1), (52, 5)])
def test_expectations_hold_when_all_dates_have_moved(mock: Mock, weeks: int, every: int) -> None:
    wrong = {}
    for name in sorted(set(NAMES) - FIXED_IN_TIME)[::every]:
        own = mock.scenario(name).clock.base.astimezone(BERLIN)
        later = (own.replace(tzinfo=None) + timedelta(weeks=weeks)).replace(tzinfo=BERLIN)
        scenario = mock.scenario(name, clock=clock_at(later, moves_dates=True))
        found = [str(failure) for failure in failures(scenario, mock.engine)]
        if found:
            wrong[name] = found

    assert wrong == {}
