"""The measurements of a meter: its series, their registers, and the time for which there are data.

A meter's data begin with its first reading, and go back no further than its set-up says. A user sees those of the
times in which one of their contracts supplies the meter, up to the present moment.
"""

import math
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from mockportal.engine.call import Call, Caller
from mockportal.errors import BadRequest
from mockportal.portal.metering.counters import counters_of, is_valid, readings_of
from mockportal.portal.metering.meter_choice import chosen_counters
from mockportal.portal.metering.supply import Supply, supplies_of
from mockportal.portal.metering.time_series import (
    INTERVALS,
    LONGER,
    SECONDS,
    Anchor,
    Register,
    amounts,
    boundaries,
    floor,
    local_day,
    midnight,
    quarter_of,
)
from mockportal.state.clock import instant
from mockportal.state.derived import derived
from mockportal.state.store import Draft
from mockportal.values import Json, Record

THOUSANDTHS = 1000
_YEARLY = 3500.0  # of a counter without a forecast


class SetUp(NamedTuple):
    """The series of a meter: one for each value that `by` has on its counters, or statistics of its power."""

    by: str = ""
    has_statistics: bool = False
    intervals: tuple[str, ...] = INTERVALS
    months: int = 24  # of history, before the running one

    @property
    def offered(self) -> tuple[str, ...]:
        """The intervals that a hook may offer."""
        return (*self.intervals, *LONGER)


SET_UPS: Mapping[str, SetUp] = MappingProxyType(
    {
        "default": SetUp(),
        "dual-tariff": SetUp(by="tariff_type"),
        "prosumer": SetUp(by="direction"),
        "load-cycle": SetUp(has_statistics=True),
        "daily-only": SetUp(intervals=("P1D", "P1M")),
        "partial-history": SetUp(months=6),
        "current-month": SetUp(months=0),
    }
)


class Measured(NamedTuple):
    """Counters of a meter, a register for each, and the quarters from `first` up to `last` there are data for.

    `contract` is the one that supplies the meter now, or did so last.
    """

    set_up: SetUp = SetUp()
    counters: tuple[Record, ...] = ()
    registers: tuple[Register, ...] = ()
    contract: Record | None = None
    first: int = 0
    last: int = 0


class Cut(NamedTuple):
    """The starts of the intervals that a call asks for, and the end of the last one: [] where there is nothing."""

    measured: Measured
    edges: list[int]

    def amounts(self, register: Register) -> list[int]:
        """The amount that a register has measured in each quarter from the first edge to the last."""
        first = max(self.edges[0], self.measured.first)
        return [0] * (first - self.edges[0]) + amounts(register, first, self.edges[-1])


def cut_of(call: Call, state: Draft, hook: Record) -> Cut:
    """The period and interval that a call asks for. An interval that the hook or the meter does not have has no data.

    The interval in which the period starts is left out unless it starts with it. Raises `BadRequest`, `Forbidden`.
    """
    start, end = period_of(call)
    measured = measured_of(call, state)
    interval = call.params["interval"]
    if interval not in measured.set_up.offered or interval not in hook.get("intervals", INTERVALS):
        return Cut(measured, [])
    return cut(measured, interval, start, end)


def period_of(call: Call, first: int = 0, last: int = 0) -> tuple[int, int]:
    """`from` and `to` as quarters, the next one for an instant within a quarter; `first` and `last` where they are
    not given. Raises `BadRequest`."""
    given = {**call.params, **call.fields}
    start = _quarters("from", given["from"]) if "from" in given else first
    end = _quarters("to", given["to"]) if "to" in given else last
    if start >= end and ("from" in given or "to" in given):
        raise BadRequest("to: the period has to end after it starts")
    return math.ceil(start), math.ceil(end)


def cut(measured: Measured, interval: str, start: int, end: int) -> Cut:
    """The intervals that start in the quarters from `start` up to `end`, as far as there are data."""
    last = min(end, measured.last)
    if measured.first >= last:
        return Cut(measured, [])
    return Cut(measured, boundaries(interval, max(start, floor(interval, measured.first)), last))


def measured_of(call: Call, state: Draft) -> Measured:
    """The measurements of the counters that a call is about. Raises `Forbidden`."""
    meter, counters = chosen_counters(call, state)
    return _measured(call.caller, state, meter, counters) if meter is not None and counters else Measured()


@derived
def _measured(caller: Caller, state: Draft, meter: Record, counters: list[Record]) -> Measured:
    measured = registered(state, meter, counters)
    supplies = supplies_of(caller, state, meter)
    first, last = _extent(state, meter, measured, supplies)
    return measured._replace(contract=_contract(supplies), first=first, last=last)


@derived
def registered(state: Draft, meter: Record, counters: list[Record]) -> Measured:
    """These counters of a meter, for no time yet."""
    siblings = counters_of(state, meter)
    profile = _profile(meter, siblings)
    registers = tuple(_register(state, counter, profile) for counter in counters)
    return Measured(_set_up(siblings), tuple(counters), registers)


def type_of(measured: Measured, counter: Record) -> str:
    """The series to which a counter contributes."""
    return str(counter.get(measured.set_up.by) or "default")


def unit_of(measured: Measured) -> str:
    return str(measured.counters[0].get("unit") or "kWh") if measured.counters else "kWh"


def _quarters(name: str, text: str) -> float:
    try:
        return instant(text).timestamp() / SECONDS
    except (ValueError, OverflowError):
        raise BadRequest(f"{name}: {text!r} is not an instant within the calendar") from None


def _set_up(counters: list[Record]) -> SetUp:
    """As the counters say; where they do not, directions and tariffs are kept apart."""
    named = [SET_UPS[each["series"]] for each in counters if each.get("series") in SET_UPS]
    if named:
        return named[0]
    by = (
        name for name in ("direction", "tariff_type") if len({str(each.get(name)) for each in counters}) > 1
    )
    return SetUp(by=next(by, ""))


def _profile(meter: Record, counters: list[Record]) -> str:
    """The profile of what is drawn; what is fed in comes from the sun."""
    if meter.get("sector") in ("gas", "district_heating"):
        return "heating"
    if meter.get("sector") in ("water", "waste_water"):
        return "water"
    if any(counter.get("direction") == "feed-in" for counter in counters):
        return "solar-household"
    if any(counter.get("tariff_type") in ("ht", "nt") for counter in counters):
        return "heating"
    return "business" if _set_up(counters).has_statistics else "household"


def _register(state: Draft, counter: Record, profile: str) -> Register:
    """Readings that wait for validation, or are not plausible, have not been measured."""
    ratio = _number(counter.get("transformer_ratio"), 1)
    direction = counter.get("direction")
    anchors: dict[int, int] = {}  # of two readings in the same quarter the later one counts
    for moment, reading in readings_of(state, counter):
        if is_valid(reading) and reading.get("direction", direction) == direction:
            anchors[quarter_of(moment)] = _thousandths(_number(reading.get("value"), 0) * ratio)
    forecast = _number(counter.get("forecast_consumption"), _YEARLY)
    return Register(
        seed=state.seed,
        counter_id=str(counter["_id"]),
        profile="solar" if direction == "feed-in" else profile,
        tariff=str(counter.get("tariff_type", "")),
        anchors=tuple(Anchor(*anchor) for anchor in anchors.items()),
        yearly=max(0, _thousandths(forecast)),
    )


def _extent(
    state: Draft, meter: Record, measured: Measured, supplies: list[Supply] | None
) -> tuple[int, int]:
    """`first` and `last` of a meter's data, the same where there are none."""
    read = [register.anchors for register in measured.registers if register.anchors]
    if not read or supplies == []:
        return 0, 0
    now = quarter_of(state.now())
    first = max(min(anchors[0].quarter for anchors in read), _history(now, measured.set_up.months))
    last = now
    if meter.get("status") == "decommissioned":
        last = min(last, max(anchors[-1].quarter for anchors in read))
    begins = [supply.first for supply in supplies or ()]
    if begins and None not in begins:
        first = max(first, midnight(min(day for day in begins if day is not None)))
    ends = [supply.last for supply in supplies or ()]
    if ends and None not in ends:
        newest = max(day for day in ends if day is not None)
        last = min(last, midnight(min(newest, local_day(now)) + timedelta(days=1)))
    return first, max(first, last)


def _history(now: int, months: int) -> int:
    """The start of the month that many months ago."""
    today = local_day(now)
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return midnight(date(year, month + 1, 1))


def _contract(supplies: list[Supply] | None) -> Record | None:
    newest = max(supplies or (), key=lambda supply: supply.first or date.min, default=None)
    return newest.contract if newest else None


def _number(value: Json, default: float) -> Decimal:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return Decimal(str(value if is_number else default))


def _thousandths(value: Decimal) -> int:
    return int((value * THOUSANDTHS).to_integral_value())
