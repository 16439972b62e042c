"""Consumption between readings: the interval `custom`, whose values last from one reading of a counter to the next."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from operator import itemgetter

from mockportal.engine.call import Call
from mockportal.errors import BadRequest
from mockportal.portal.metering.measuring import (
    THOUSANDTHS,
    Measured,
    measured_of,
    period_of,
    type_of,
    unit_of,
)
from mockportal.portal.metering.time_series import INTERVALS, local_day, quarter_text
from mockportal.state.store import Draft
from mockportal.values import Record

BETWEEN_READINGS = "custom"
_GERMAN = ("Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez.")
_DASH = " \u2013 "
_ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def between_readings(call: Call, state: Draft, hook: Record) -> Iterator[Record]:
    """A value for each two readings in a row that lie in the period asked for, in order of time.

    Raises `BadRequest` where the hook does not offer this.
    """
    if BETWEEN_READINGS not in hook.get("intervals", INTERVALS):
        raise BadRequest("interval: the extension has no values between readings")
    start, end = period_of(call)
    measured = measured_of(call, state)
    found = _values(measured, max(start, measured.first), min(end, measured.last))
    yield from sorted(found, key=itemgetter("timestamp"))


def _values(measured: Measured, start: int, end: int) -> Iterator[Record]:
    for counter, register in zip(measured.counters, measured.registers, strict=True):
        for one, other in pairwise(register.anchors):
            if start <= one.quarter and other.quarter <= end:
                yield {
                    "timestamp": quarter_text(one.quarter),
                    "value": max(0, other.amount - one.amount) / THOUSANDTHS,
                    "type": type_of(measured, counter),
                    "unit": unit_of(measured),
                    "period": {"from": quarter_text(one.quarter), "to": quarter_text(other.quarter)},
                    "label": _label(local_day(one.quarter), local_day(other.quarter - 1)),
                }


def _label(first: date, last: date) -> Record:
    """`1. Jan. bis 31. März 2026` and `Jan 1 to Mar 31, 2026`, with a dash for the word; both years if they differ."""
    german = [f"{day.day}. {_GERMAN[day.month - 1]}" for day in (first, last)]
    english = [f"{_ENGLISH[day.month - 1]} {day.day}" for day in (first, last)]
    if first.year != last.year:
        german[0], english[0] = f"{german[0]} {first.year}", f"{english[0]}, {first.year}"
    return {"de": f"{_DASH.join(german)} {last.year}", "en": f"{_DASH.join(english)}, {last.year}"}
