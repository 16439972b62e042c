"""The amount that a counter has measured in every quarter of an hour: made up, but exact, and tied to its readings.

Amounts are integers, in thousandths of the counter's unit: watt-hours for kWh, litres for cubic metres. Time is
counted in quarters of an hour since 1970, in UTC. Between two readings a quarter gets its share by a load profile
and by noise; the shares are differences of rounded-down running totals, so they add up to the difference of the
readings, whatever is added up. After the last reading the forecast for a year is spread in the same way.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from hashlib import shake_128
from itertools import accumulate, pairwise
from types import MappingProxyType
from typing import NamedTuple

from mockportal.state.clock import BERLIN

SECONDS = 900  # of a quarter
DAY = 96  # quarters of a day in UTC
INTERVALS = ("PT15M", "PT1H", "P1D", "P1M")
LONGER = ("P1Y", "custom")  # what later versions of the document have as well; a hook has to name them
HIGH_TARIFF = range(6, 22)  # the hours of the day, in Germany, that the high tariff is for

_EPOCH = date(1970, 1, 1)
_YEAR = 366 * DAY
_TIMES = tuple(f"T{n // 4:02d}:{n % 4 * 15:02d}:00.000Z" for n in range(DAY))
_LEAST_NOISE = 96  # a quarter's noise is 96 … 351, so the largest is less than four times the smallest


class Anchor(NamedTuple):
    """The value that the counter showed at the start of a quarter."""

    quarter: int
    amount: int


class Register(NamedTuple):
    """A counter: `anchors` are its readings, oldest first, and `yearly` is the forecast from the last one on."""

    seed: int
    counter_id: str
    profile: str
    tariff: str
    anchors: tuple[Anchor, ...]
    yearly: int


class LoadProfile(NamedTuple):
    """The shares of the months in a year, and of the hours in a German day. Only their ratios count."""

    months: tuple[int, ...]
    workday: tuple[int, ...]
    holiday: tuple[int, ...]  # Sundays and Saturdays too


class LocalHour(NamedTuple):
    """An hour in Germany; the month counts from 1."""

    month: int
    hour: int
    is_workday: bool


_EVEN_MONTHS = (10, 10, 10, 10, 10, 11, 11, 11, 10, 10, 10, 10)
_EVEN_DAY = (10,) * 24
_HEATED_MONTHS = (36, 32, 26, 14, 6, 3, 2, 2, 5, 13, 24, 33)
_HEATED_DAY = (5, 5, 5, 5, 7, 11, 15, 14, 12, 10, 9, 9, 9, 8, 8, 9, 11, 13, 13, 12, 10, 8, 6, 5)
_LIVED_DAY = (4, 3, 3, 3, 3, 4, 8, 11, 10, 9, 9, 10, 12, 10, 9, 9, 10, 14, 18, 19, 16, 13, 9, 6)
_LIVED_SUNDAY = (5, 4, 3, 3, 3, 3, 4, 6, 10, 13, 14, 15, 16, 14, 12, 11, 12, 14, 17, 17, 15, 12, 9, 6)
_SUNNY_MONTHS = (5, 9, 18, 27, 33, 35, 35, 30, 22, 12, 6, 4)
_SUNNY_DAY = (0, 0, 0, 0, 0, 0, 2, 6, 12, 19, 25, 29, 31, 31, 28, 23, 17, 10, 5, 2, 0, 0, 0, 0)
_SHADED_MONTHS = (18, 15, 11, 7, 5, 4, 4, 5, 8, 12, 16, 19)
_SHADED_DAY = (7, 6, 6, 6, 6, 7, 9, 7, 4, 2, 1, 0, 0, 0, 1, 2, 4, 8, 14, 18, 17, 14, 11, 8)
_BUSY_DAY = (4, 4, 4, 4, 5, 7, 11, 15, 18, 19, 19, 19, 17, 18, 18, 17, 15, 12, 10, 8, 6, 5, 5, 4)

PROFILES: Mapping[str, LoadProfile] = MappingProxyType(
    {
        "business": LoadProfile(_EVEN_MONTHS, _BUSY_DAY, _EVEN_DAY),
        "heating": LoadProfile(_HEATED_MONTHS, _HEATED_DAY, _HEATED_DAY),
        "household": LoadProfile((12, 11, 11, 10, 9, 8, 8, 8, 9, 10, 11, 12), _LIVED_DAY, _LIVED_SUNDAY),
        "solar": LoadProfile(_SUNNY_MONTHS, _SUNNY_DAY, _SUNNY_DAY),
        "solar-household": LoadProfile(_SHADED_MONTHS, _SHADED_DAY, _SHADED_DAY),
        "water": LoadProfile(_EVEN_MONTHS, _LIVED_DAY, _LIVED_SUNDAY),
    }
)


def amounts(register: Register, first: int, last: int) -> list[int]:
    """The amount of each quarter from `first` up to, but not including, `last`; none before the first reading."""
    found: list[int] = []
    for start, end, amount in _spans(register, first, last):
        span = _spread(
            register.seed, register.counter_id, register.profile, register.tariff, start, end, amount
        )
        found.extend([0] * (start - first - len(found)))
        found.extend(span[max(0, first - start) : last - start])
    found.extend([0] * (last - first - len(found)))
    return found


def boundaries(interval: str, first: int, last: int) -> list[int]:
    """The starts of the intervals from `first` up to `last`, and `last`; days and months are those of Germany."""
    if interval in _FIXED:
        step = _FIXED[interval]
        starts = list(range(-(-first // step) * step, last, step))
    else:
        days = _days(local_day(first), local_day(last), interval)
        starts = [start for start in map(midnight, days) if first <= start < last]
    return [*starts, last] if starts else []


def floor(interval: str, quarter: int) -> int:
    """The start of the interval that a quarter is in."""
    if interval in _FIXED:
        return quarter - quarter % _FIXED[interval]
    day = local_day(quarter)
    if interval == "P1Y":
        return midnight(day.replace(month=1, day=1))
    return midnight(day.replace(day=1) if interval == "P1M" else day)


def totals(values: list[int], edges: list[int]) -> list[int]:
    """The sums of `values`, which start at the first edge, from each edge to the next."""
    if len(edges) == len(values) + 1:
        return values
    running = list(accumulate(values, initial=0))
    return [running[end - edges[0]] - running[start - edges[0]] for start, end in pairwise(edges)]


def quarter_of(moment: datetime) -> int:
    """The quarter in which an instant lies."""
    return int(moment.timestamp() // SECONDS)


def quarter_text(quarter: int) -> str:
    """`2026-06-15T07:00:00.000Z`, the start of a quarter."""
    day, time = divmod(quarter, DAY)
    return _day_text(day) + _TIMES[time]


def local_day(quarter: int) -> date:
    """The day in Germany on which a quarter starts."""
    return datetime.fromtimestamp(quarter * SECONDS, BERLIN).date()


@lru_cache(maxsize=8192)
def midnight(day: date) -> int:
    """The quarter with which a day begins in Germany."""
    return quarter_of(datetime(day.year, day.month, day.day, tzinfo=BERLIN))


@lru_cache(maxsize=8192)
def local_hours(day: int) -> tuple[LocalHour, ...]:
    """The German hours of the 24 hours of a UTC day, which is counted since 1970."""
    found = []
    for hour in range(24):
        local = datetime.fromtimestamp(day * 86_400 + hour * 3_600, BERLIN)
        is_workday = local.weekday() < 5 and not _is_holiday(local.date())
        found.append(LocalHour(local.month, local.hour, is_workday))
    return tuple(found)


_FIXED: Mapping[str, int] = MappingProxyType({"PT15M": 1, "PT1H": 4})


def _spans(register: Register, first: int, last: int) -> Iterator[tuple[int, int, int]]:
    """(start, end, amount) of what overlaps the quarters asked for; none is longer than a year."""
    anchors = register.anchors
    begin = max(0, bisect_left(anchors, (first, 0)) - 1)
    for one, next in pairwise(anchors[begin:]):
        if one.quarter >= last:
            return
        length, amount = next.quarter - one.quarter, max(0, next.amount - one.amount)
        for start in range(0, length, _YEAR):
            end = min(start + _YEAR, length)
            if one.quarter + end > first and one.quarter + start < last:
                share = amount * end // length - amount * start // length
                yield one.quarter + start, one.quarter + end, share
    if anchors:
        newest = anchors[-1].quarter
        for start in range(newest + max(0, first - newest) // _YEAR * _YEAR, last, _YEAR):
            yield start, start + _YEAR, register.yearly


@lru_cache(maxsize=64)
def _spread(
    seed: int, counter_id: str, profile: str, tariff: str, start: int, end: int, amount: int
) -> tuple[int, ...]:
    """`amount` over the quarters of a span, by their weights; evenly if none of them has any."""
    weights: list[int] = []
    for day in range(start // DAY, -(-end // DAY)):
        hours = _hour_weights(profile, tariff, day)
        noise = shake_128(f"{seed}/{counter_id}/{day}".encode()).digest(DAY)
        weights.extend([hours[n >> 2] * (_LEAST_NOISE + noise[n]) for n in range(DAY)])
    skipped = start % DAY
    running = list(accumulate(weights[skipped : skipped + end - start], initial=0))
    if running[-1] == 0:
        running = list(range(end - start + 1))
    whole = running[-1]
    shares = [amount * part // whole for part in running]
    return tuple([after - before for before, after in pairwise(shares)])


@lru_cache(maxsize=16_384)
def _hour_weights(profile: str, tariff: str, day: int) -> tuple[int, ...]:
    months, workday, holiday = PROFILES[profile]
    hours = [
        months[local.month - 1] * (workday if local.is_workday else holiday)[local.hour]
        for local in local_hours(day)
    ]
    if tariff in ("ht", "nt"):
        highs = [local.hour in HIGH_TARIFF for local in local_hours(day)]
        hours = [weight * (high == (tariff == "ht")) for weight, high in zip(hours, highs, strict=True)]
    return tuple(hours)


def _days(first: date, last: date, interval: str) -> Iterator[date]:
    """The first days of the intervals of a day, a month or a year."""
    day = first
    while day <= last:
        if interval == "P1D" or (day.day == 1 and (interval == "P1M" or day.month == 1)):
            yield day
        day += timedelta(days=1)


@lru_cache(maxsize=8192)
def _day_text(day: int) -> str:
    return (_EPOCH + timedelta(days=day)).isoformat()


def _is_holiday(day: date) -> bool:
    """The holidays of all Germany."""
    if (day.month, day.day) in ((1, 1), (5, 1), (10, 3), (12, 25), (12, 26)):
        return True
    return (day - _easter(day.year)).days in (-2, 1, 39, 50)


@lru_cache(maxsize=64)
def _easter(year: int) -> date:
    """Easter Sunday, by the method of Meeus, Jones and Butcher."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    leap, drift = divmod(century, 4)
    moon = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * drift + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)
