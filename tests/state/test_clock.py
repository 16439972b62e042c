from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from mockportal.state.clock import clock_at, clock_instant, duration, instant, parse_clock, shifted, timestamp


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("-45d", -45 * 86400), ("2h", 7200), ("+3d", 3 * 86400), ("1.5s", 1.5), ("200ms", 0.2), ("1w", 604800),
     ("15m", 900), ("P14D", 14 * 86400), ("PT90M", 5400), ("-P1DT2H", -93600), ("P1W", 604800), ("PT0.5S", 0.5)],
)  # fmt: skip
def test_duration_is_read(text: str, seconds: float) -> None:
    assert duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "P", "PT", "5", "d", "P1M", "1h2m", "P1DT", "x5d"])
def test_other_text_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        duration(text)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-06-15T09:00:00+02:00", "2026-06-15T07:00:00.000Z"),
        ("2026-06-15", "2026-06-15T00:00:00.000Z"),
        ("2026-06-15t09:00:00z", "2026-06-15T09:00:00.000Z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59.000Z"),
        ("2026-06-15T09:00:00.1234Z", "2026-06-15T09:00:00.123Z"),
    ],
)
def test_instant_is_read_and_written_in_utc(text: str, utc: str) -> None:
    assert timestamp(instant(text)) == utc


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "1969-12-31", "9000-01-01T00:00:00Z"])
def test_clock_stands_where_years_can_be_reckoned_with(text: str) -> None:
    with pytest.raises(ValueError, match=r"out of range|between the years 1970 and 8999"):
        parse_clock(text)


def test_frozen_clock_stands_and_can_be_advanced() -> None:
    clock = clock_at(datetime(2026, 6, 15, 7, tzinfo=UTC))

    assert clock.now() == clock.now() == datetime(2026, 6, 15, 7, tzinfo=UTC)
    assert clock.advanced(timedelta(days=14)).now() == datetime(2026, 6, 29, 7, tzinfo=UTC)


def test_ticking_clock_runs_on() -> None:
    clock = clock_at(datetime(2026, 6, 15, 7, tzinfo=UTC), ticking=True)

    first, second = clock.now(), clock.now()

    assert datetime(2026, 6, 15, 7, tzinfo=UTC) <= first < second


def test_clock_flag_takes_now_or_an_instant() -> None:
    assert parse_clock("now").ticking
    assert parse_clock("2026-01-01T00:00:00Z").now() == datetime(2026, 1, 1, tzinfo=UTC)
    with pytest.raises(ValueError, match="soon"):
        parse_clock("soon")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("2026-06-15T09:00:00", "write 2026-06-15T09:00:00+02:00 for German time, or 2026-06-15T09:00:00Z"),
        ("2026-12-15T09:00", "write 2026-12-15T09:00:00+01:00 for German time, or 2026-12-15T09:00:00Z"),
        ("2026-06-15", "write 2026-06-15T00:00:00+02:00 for German time, or 2026-06-15T00:00:00Z"),
        ("2026-06-15 09:00:00", "names no time zone"),
        ("20260615T090000", "names no time zone"),
        ("2026-W25-1", "names no time zone"),
    ],
)
@pytest.mark.parametrize("read", [clock_instant, parse_clock])
def test_clock_without_a_zone_is_refused_with_what_to_write(
    read: Callable[[str], object], text: str, problem: str
) -> None:
    with pytest.raises(ValueError, match="names no time zone") as caught:
        read(text)

    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-06-15T09:00:00+02:00", "2026-06-15T07:00:00.000Z"),
        ("2026-06-15 09:00:00+02:00", "2026-06-15T07:00:00.000Z"),
        ("2026-06-15t09:00:00z", "2026-06-15T09:00:00.000Z"),
        ("2026-06-15T09:00:00-00:00", "2026-06-15T09:00:00.000Z"),
    ],
)
def test_clock_with_a_zone_stands_there(text: str, utc: str) -> None:
    assert timestamp(parse_clock(text).now()) == utc


@pytest.mark.parametrize("by", ["99999999d", "-99999999d", "-400000d", "3000000d"])
def test_shift_beyond_the_calendar_is_refused(by: str) -> None:
    with pytest.raises(ValueError, match="days from 2026-06-15 the calendar has ended"):
        shifted(datetime(2026, 6, 15, tzinfo=UTC), duration(by))


@pytest.mark.parametrize("text", ["P1M", "P1Y", "-P2Y3M"])
def test_months_and_years_are_refused_as_such(text: str) -> None:
    with pytest.raises(ValueError, match="months and years have no fixed length"):
        duration(text)


def test_instant_before_the_calendar_begins_is_no_instant() -> None:
    with pytest.raises(ValueError, match="out of range"):
        instant("0001-01-01T00:00:00+14:00")


def test_jump_of_the_machine_s_clock_moves_no_world(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = clock_at(datetime(2026, 6, 15, tzinfo=UTC), ticking=True)

    seen = []
    for jump in (0.0, 4e9, -4e9):
        monkeypatch.setattr("time.time", lambda jump=jump: 1.7e9 + jump)
        seen.append(clock.now())

    assert seen == sorted(seen)
    assert seen[-1] - seen[0] < timedelta(minutes=1)
