"""Quarters of an hour that are made up, and add up."""

import time
from datetime import date
from itertools import pairwise

import pytest

from mockportal.portal.metering.time_series import (
    INTERVALS,
    PROFILES,
    Anchor,
    Register,
    amounts,
    boundaries,
    floor,
    local_hours,
    midnight,
    quarter_of,
    quarter_text,
    totals,
)
from mockportal.state.clock import instant

READINGS = (
    ("2023-12-31T00:00:00Z", 18_221_200),
    ("2024-12-31T00:00:00Z", 21_011_500),
    ("2025-12-31T00:00:00Z", 23_842_200),
    ("2026-03-31T00:00:00Z", 24_598_700),
)
# a period in Germany's months, and how many records each interval has in it
PERIODS = [
    ("2025-09-30T22:00:00Z", "2025-10-31T23:00:00Z", (2980, 745, 31, 1)),
    ("2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z", (2972, 743, 31, 1)),
    ("2024-05-31T22:00:00Z", "2026-05-31T22:00:00Z", (70080, 17520, 730, 24)),
]
# a day at the change of the clocks, and its quarters
CHANGES = [
    (date(2024, 10, 27), 100),
    (date(2025, 3, 30), 92),
    (date(2025, 10, 26), 100),
    (date(2026, 3, 29), 92),
    (date(2026, 3, 28), 96),
]


def quarter(text: str) -> int:
    return quarter_of(instant(text))


def register(
    *readings: tuple[str, int], profile: str = "household", tariff: str = "", seed: int = 1
) -> Register:
    anchors = tuple(Anchor(quarter(text), amount) for text, amount in readings or READINGS)
    return Register(seed, "a-counter", profile, tariff, anchors, yearly=2_830_000)


@pytest.mark.parametrize(("start", "end", "counts"), PERIODS)
@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_all_intervals_have_the_same_sum(start: str, end: str, counts: tuple[int, ...], profile: str) -> None:
    first, last = quarter(start), quarter(end)
    measured = amounts(register(profile=profile), first, last)

    sums = [totals(measured, boundaries(interval, first, last)) for interval in INTERVALS]

    assert tuple(len(each) for each in sums) == counts
    assert {sum(each) for each in sums} == {sum(measured)}
    assert sum(measured) > 0


@pytest.mark.parametrize(("day", "quarters"), CHANGES)
def test_day_at_the_change_of_the_clocks_has_more_or_fewer_quarters(day: date, quarters: int) -> None:
    first = midnight(day)
    last = midnight(date.fromordinal(day.toordinal() + 1))

    assert last - first == quarters
    assert len(boundaries("PT15M", first, last)) - 1 == quarters
    assert len(boundaries("PT1H", first, last)) - 1 == quarters // 4
    assert boundaries("P1D", first, last) == [first, last]


def test_readings_are_met_exactly() -> None:
    spans = [(one, next) for one, next in pairwise(READINGS)]

    measured = [sum(amounts(register(), quarter(one[0]), quarter(next[0]))) for one, next in spans]

    assert measured == [2_790_300, 2_830_700, 756_500]


def test_part_of_a_span_is_the_same_whatever_is_asked_for() -> None:
    whole = amounts(register(), quarter("2024-01-01T00:00:00Z"), quarter("2026-12-01T00:00:00Z"))

    offset = quarter("2025-12-30T12:15:00Z") - quarter("2024-01-01T00:00:00Z")
    part = amounts(register(), quarter("2025-12-30T12:15:00Z"), quarter("2026-01-02T00:00:00Z"))

    assert part == whole[offset : offset + len(part)]


def test_new_reading_reshapes_only_its_span() -> None:
    first, last = quarter("2024-01-01T00:00:00Z"), quarter("2026-06-15T00:00:00Z")
    added = quarter("2025-07-01T00:00:00Z")
    before = amounts(register(), first, last)

    after = amounts(register(*sorted((*READINGS, ("2025-07-01T00:00:00Z", 22_900_000)))), first, last)

    begin, end = quarter("2024-12-31T00:00:00Z") - first, quarter("2025-12-31T00:00:00Z") - first
    assert after[:begin] == before[:begin]
    assert after[end:] == before[end:]
    assert sum(after[begin : added - first]) == 1_888_500
    assert sum(after[added - first : end]) == 942_200


def test_forecast_continues_after_the_last_reading() -> None:
    year = amounts(register(), quarter("2026-03-31T00:00:00Z"), quarter("2027-04-01T00:00:00Z"))

    assert sum(year) == 2_830_000
    assert min(year) > 0


def test_nothing_is_known_before_the_first_reading() -> None:
    measured = amounts(register(), quarter("2023-12-30T00:00:00Z"), quarter("2024-01-01T00:00:00Z"))

    assert measured[:96] == [0] * 96
    assert min(measured[96:]) > 0


def test_nothing_is_known_without_readings() -> None:
    nothing = Register(1, "a-counter", "household", "", (), 2_830_000)

    assert amounts(nothing, 100, 104) == [0, 0, 0, 0]


def test_counter_that_goes_back_has_measured_nothing() -> None:
    changed = register(("2026-01-01T00:00:00Z", 9_000), ("2026-01-02T00:00:00Z", 100))

    assert amounts(changed, quarter("2026-01-01T00:00:00Z"), quarter("2026-01-02T00:00:00Z")) == [0] * 96


def test_long_span_keeps_its_sum() -> None:
    long = register(("2015-03-01T00:00:00Z", 0), ("2026-03-01T00:00:00Z", 31_130_003))

    measured = amounts(long, quarter("2015-03-01T00:00:00Z"), quarter("2026-03-01T00:00:00Z"))

    assert sum(measured) == 31_130_003


def test_amount_is_spread_evenly_where_the_profile_has_nothing() -> None:
    night = register(("2026-01-01T00:00:00Z", 0), ("2026-01-01T01:00:00Z", 10), profile="solar")

    measured = amounts(night, quarter("2026-01-01T00:00:00Z"), quarter("2026-01-01T01:00:00Z"))

    assert measured == [2, 3, 2, 3]


@pytest.mark.parametrize(("tariff", "hours"), [("ht", range(6, 22)), ("nt", (*range(6), 22, 23))])
def test_tariff_counts_in_its_hours_only(tariff: str, hours: range) -> None:
    first = midnight(date(2026, 2, 3))

    measured = amounts(register(tariff=tariff), first, first + 96)

    assert [hour for hour in range(24) if any(measured[hour * 4 : hour * 4 + 4])] == list(hours)


def test_sun_feeds_in_by_day() -> None:
    first = midnight(date(2026, 2, 3))

    measured = amounts(register(profile="solar"), first, first + 96)

    assert sum(measured[:20]) == 0
    assert sum(measured[40:60]) > sum(measured[60:80]) > 0


def test_seed_changes_the_noise_and_not_the_sum() -> None:
    first, last = quarter("2024-12-31T00:00:00Z"), quarter("2025-12-31T00:00:00Z")

    one, other = (amounts(register(seed=seed), first, last) for seed in (1, 2))

    assert one != other
    assert sum(one) == sum(other)


@pytest.mark.parametrize(
    ("interval", "begin"),
    [
        ("PT15M", "2026-03-29T05:15:00.000Z"),
        ("PT1H", "2026-03-29T05:00:00.000Z"),
        ("P1D", "2026-03-28T23:00:00.000Z"),
        ("P1M", "2026-02-28T23:00:00.000Z"),
    ],
)
def test_interval_of_a_quarter_begins_on_the_german_calendar(interval: str, begin: str) -> None:
    assert quarter_text(floor(interval, quarter("2026-03-29T05:20:00Z"))) == begin


def test_interval_that_began_before_the_period_is_left_out() -> None:
    first, last = quarter("2026-03-28T23:15:00Z"), quarter("2026-03-31T12:00:00Z")

    edges = boundaries("P1D", first, last)

    assert [quarter_text(edge) for edge in edges] == [
        "2026-03-29T22:00:00.000Z",
        "2026-03-30T22:00:00.000Z",
        "2026-03-31T12:00:00.000Z",
    ]


@pytest.mark.parametrize(
    ("day", "is_workday"),
    [
        (date(2026, 4, 2), True),
        (date(2026, 4, 3), False),
        (date(2026, 4, 4), False),
        (date(2026, 4, 6), False),
        (date(2026, 5, 1), False),
        (date(2026, 5, 14), False),
        (date(2026, 5, 25), False),
        (date(2026, 6, 15), True),
    ],
)
def test_holidays_are_no_workdays(day: date, is_workday: bool) -> None:
    noon = local_hours((day - date(1970, 1, 1)).days)[12]

    assert noon.is_workday is is_workday


def test_two_years_of_quarters_take_less_than_a_second() -> None:
    fresh = register(seed=int(time.time()))
    started = time.perf_counter()

    measured = amounts(fresh, quarter("2024-05-31T22:00:00Z"), quarter("2026-06-15T07:00:00Z"))

    assert len(measured) == 71_460
    assert time.perf_counter() - started < 1
