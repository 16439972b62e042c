"""Plausible values of a meter reading, by the readings around it and the hook that the portal selected.

The hook is deterministic. The daily mean is the slope of the last two valid readings; since the previous reading, a
fifth of the mean is too little and three times the mean and ten units more is too much. Days are calendar days in
Germany. In the mode `range` the portal asks for limits beforehand, and the previous reading is the lower one.
"""

from datetime import datetime
from typing import NamedTuple

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.errors import BadRequest
from mockportal.portal.configuration.extensions import selected_hook
from mockportal.portal.entity.numbers import whole_or_none
from mockportal.portal.entity.visibility import call_visible, check_grant
from mockportal.portal.metering.counters import Dated, History, counters_of, history_of, is_valid
from mockportal.state.clock import german_day, instant
from mockportal.state.store import Draft
from mockportal.values import Json, Record

HOOK = "meterReadingPlausibilityCheck"

_YEARS = range(1900, 9999)  # others cannot be moved between time zones, or written with four digits
_YEARLY_CONSUMPTION = 3_500.0  # of a counter that says nothing of its own
_DECIMALS = 3


class PlausibleRange(NamedTuple):
    """The plausible values, both ends included."""

    lower: float
    upper: float


@operation("getAllowedMeterReadingRange")
def show_allowed_range(call: Call, state: Draft) -> Json:
    """From the reading before to the reading after, or to the hook's upper limit where none follows; null where
    there is no limit. A decommissioned meter takes no reading, so it has no ranges."""
    at = call.params.get("timestamp")
    moment = state.now() if at is None else moment_of(at)
    check_grant(call.caller, "meter_reading:create", "meter")
    meter = call_visible(call, state, "meter", call.params["meter_id"])
    if plausibility_mode(call.caller.realm, state) != "range":
        raise BadRequest("this portal has no plausibility check that knows ranges")
    if meter.get("status") == "decommissioned":
        return {"data": []}
    return {"data": [_range(state, counter, moment) for counter in counters_of(state, meter)]}


def moment_of(text: str) -> datetime:
    """The instant of a reading; a day alone is its midnight in UTC. Raises `BadRequest`."""
    try:
        moment = instant(text)
    except (ValueError, OverflowError):
        raise BadRequest(f"timestamp: {text!r} is neither a date nor an RFC 3339 instant") from None
    if moment.year not in _YEARS:
        raise BadRequest(f"timestamp: {text!r} is out of range")
    return moment


def plausibility_mode(portal: Record, state: Draft) -> str:
    """`check` or `range`, as the selected hook says; "" if no hook is selected or its extension is not enabled."""
    selected = selected_hook(portal, state, HOOK)
    return str(selected[1].get("plausibility_mode", "check")) if selected else ""


def limits_of(mode: str, counter: Record, history: History, moment: datetime) -> PlausibleRange | None:
    """The limits that a reading is held to in this mode. None where there is nothing to judge by, and, for ranges,
    where the reading that follows is the limit already."""
    if not mode or not history.before or (mode == "range" and history.after):
        return None
    previous = history.before[-1]
    days = _days(previous.moment, moment)
    mean = _daily_mean(counter, history.before)
    lower = rounded(counter, previous.value + 0.2 * mean * days)
    upper = rounded(counter, previous.value + 3 * mean * days + 10)
    return PlausibleRange(previous.value if mode == "range" else lower, upper)


def rounded(counter: Record, value: float) -> float:
    """`value` with as many decimals as the counter shows."""
    decimals = whole_or_none(counter.get("decimals"))
    return round(value, _DECIMALS if decimals is None else decimals or None)


def _range(state: Draft, counter: Record, moment: datetime) -> Record:
    history = history_of(state, counter, str(counter.get("direction", "")), moment)
    limits = limits_of("range", counter, history, moment)
    highest = limits.upper if limits else None
    return {
        "meter_counter_id": counter["_id"],
        "min_value": history.before[-1].value if history.before else None,
        "max_value": history.after[0].value if history.after else highest,
    }


def _daily_mean(counter: Record, before: tuple[Dated, ...]) -> float:
    """The slope of the last two valid readings, else the counter's forecast for a year by the day."""
    valid = [dated for dated in before if is_valid(dated.record)][-2:]
    if len(valid) == 2:
        days = _days(valid[0].moment, valid[1].moment)
        if days > 0:
            return max(0.0, float(valid[1].value - valid[0].value) / days)
    forecast = counter.get("forecast_consumption")
    return (forecast if isinstance(forecast, int | float) else _YEARLY_CONSUMPTION) / 365


def _days(earlier: datetime, later: datetime) -> int:
    return (german_day(later) - german_day(earlier)).days
