"""Meter readings: why one is refused, what an accepted one changes, and which ones a customer sees."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from operator import itemgetter
from typing import NamedTuple

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.errors import BadRequest
from mockportal.portal.entity.activities import READING_SUBMITTED, record_activity
from mockportal.portal.entity.calendar import today
from mockportal.portal.entity.numbers import in_english, in_german, whole
from mockportal.portal.entity.paths import Lens, lens_of
from mockportal.portal.entity.templates import Template, compile_template
from mockportal.portal.entity.views import entity_view
from mockportal.portal.entity.visibility import call_visible, check_grant
from mockportal.portal.metering.counters import (
    WAITING,
    Dated,
    History,
    counters_of,
    directed_readings,
    history_of,
    is_valid,
    readings_of,
)
from mockportal.portal.metering.plausibility import (
    PlausibleRange,
    limits_of,
    moment_of,
    plausibility_mode,
    rounded,
)
from mockportal.portal.metering.supply import Supply, is_supplied, supplies_of
from mockportal.portal.search.stored_templates import asked_templates
from mockportal.state.clock import german_day, timestamp
from mockportal.state.store import Draft
from mockportal.values import Json, Record

_LARGEST = 1e15
_SKEW = timedelta(minutes=5)
_TICK = timedelta(milliseconds=1)
_TAKEN_OVER = ("value", "read_by", "reason", "meter_id", "source", "external_id", "remark", "metadata")


class Attempt(NamedTuple):
    """A reading that somebody wants to add, and what it is judged by. `counters` are those it may be of."""

    meter: Record
    counters: list[Record]
    direction: str
    moment: datetime
    value: float
    is_future: bool
    supplies: list[Supply] | None
    history: History
    limits: PlausibleRange | None


class Objection(NamedTuple):
    """An attempt for which `breaks` holds is refused with `reason`."""

    reason: str
    message: str
    breaks: Callable[[Attempt], bool]


RULES = (
    Objection(
        "meter_decommissioned",
        "a decommissioned meter takes no readings",
        lambda it: it.meter.get("status") == "decommissioned",
    ),
    Objection(
        "no_counter",
        "the reading is of none, or of more than one, of the meter's counters",
        lambda it: not it.counters or (len(it.counters) > 1 and it.direction != ""),
    ),
    Objection(
        "no_direction",
        "the reading has no direction, and the meter has more than one or none",
        lambda it: not it.direction,
    ),
    Objection("timestamp_future", "the reading lies in the future", lambda it: it.is_future),
    Objection(
        "contract_period",
        "no contract supplies the meter at that time",
        lambda it: not is_supplied(it.supplies, it.moment),
    ),
    Objection(
        "less_than_previous",
        "the reading is less than the one before it",
        lambda it: bool(it.history.before) and it.value < it.history.before[-1].value,
    ),
    Objection(
        "greater_than_subsequent",
        "the reading is greater than the one after it",
        lambda it: bool(it.history.after) and it.value > it.history.after[0].value,
    ),
    Objection(
        "plausibility_check_failed",
        "the reading is not plausible",
        lambda it: it.limits is not None and not it.limits.lower <= it.value <= it.limits.upper,
    ),
)


@operation("createMeterReading")
def create_reading(call: Call, state: Draft) -> Json:
    """The first rule that an attempt breaks says why it is refused. With `override_plausibility` the last one is
    skipped, and the reading waits for validation."""
    attempt = _attempt(call, state)
    for rule in RULES:
        if rule.breaks(attempt):
            raise BadRequest(rule.message, reason=rule.reason, **_limits(rule, attempt))
    reading = _stored(call, state, attempt)
    _update_counter(state, attempt, reading)
    _report(call, state, attempt)
    return {"data": _view(reading)}


@operation("getMeterReadings")
def list_readings(call: Call, state: Draft) -> Json:
    """Only the readings of the times in which the customer is supplied through the meter."""
    fields = call.fields
    check_grant(call.caller, "meter_reading:view", "meter")
    meter = call_visible(call, state, "meter", fields["meter_id"])
    counter = next((own for own in counters_of(state, meter) if own["_id"] == fields["counter_id"]), None)
    if counter is None:
        raise BadRequest("the meter has no such counter")
    supplies = supplies_of(call.caller, state, meter)
    readings = [dated for dated in readings_of(state, counter) if is_supplied(supplies, dated.moment)]
    readings.sort(key=itemgetter(0), reverse=fields["sort"] == "desc")
    start, size = (max(0, whole(fields[name])) for name in ("from", "size"))
    page = readings[start : start + size]
    shown = _shown(call, state, meter, counter)
    lens = lens_of(call.caller, state)
    answer: Record = {"results": [_view(dated.record) for dated in page], "hits": len(readings)}
    asked = asked_templates(call, state, fields)
    if asked is not None:
        templates = _compiled(asked, lens)
        for reading in answer["results"]:
            context = {**reading, **shown, "reading": reading, "meter_reading": reading}
            reading["templates_output"] = _rendered(templates, context, lens)
    if "counter_templates" in fields and "templates_ref" not in fields:
        templates = _compiled(fields["counter_templates"], lens)
        answer["counter_templates_output"] = _rendered(templates, {**shown["counter"], **shown}, lens)
    return answer


def _attempt(call: Call, state: Draft) -> Attempt:
    """Everything that the rules look at. Raises `BadRequest` without a reason, `Forbidden`, `NotFound`."""
    fields, value, at = call.fields, call.fields["value"], call.fields.get("timestamp")
    if not 0 <= value <= _LARGEST:
        raise BadRequest(f"value: {value} is not between 0 and {_LARGEST:.0f}")
    given = None if at is None else moment_of(at)
    check_grant(call.caller, "meter_reading:create", "meter")
    meter = call_visible(call, state, "meter", fields["meter_id"])
    counters = _candidates(fields, counters_of(state, meter))
    directions = {counter.get("direction") for counter in counters}
    direction = fields.get("direction") or (directions.pop() if len(directions) == 1 else None) or ""
    moment = _moment(state, given, counters, direction)
    history, limits = History(), None
    if len(counters) == 1 and direction:
        history = history_of(state, counters[0], direction, moment)
        if not call.params["override_plausibility"]:
            mode = plausibility_mode(call.caller.realm, state)
            limits = limits_of(mode, counters[0], history, moment)
    is_today = at is not None and len(at) <= len("2026-06-15") and moment.date() == today(state)
    return Attempt(
        meter=meter,
        counters=counters,
        direction=direction,
        moment=moment,
        value=value,
        is_future=given is not None and moment > state.now() + _SKEW and not is_today,
        supplies=supplies_of(call.caller, state, meter),
        history=history,
        limits=limits,
    )


def _moment(state: Draft, given: datetime | None, counters: list[Record], direction: str) -> datetime:
    """The instant of a reading. One that names none is of now, but after the last one, even while the clock stands."""
    now = _in_milliseconds(given or state.now())
    if given is not None or len(counters) != 1:
        return now
    ats = [dated.moment for dated in directed_readings(state, counters[0], direction)]
    last = max((at for at in ats if at <= now + _SKEW), default=None)
    return now if last is None or last < now else _in_milliseconds(last) + _TICK


def _in_milliseconds(moment: datetime) -> datetime:
    """The instant as it is stored."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _candidates(fields: Record, counters: list[Record]) -> list[Record]:
    id, direction = fields.get("counter_id"), fields.get("direction")
    return [
        counter
        for counter in counters
        if id in (None, counter["_id"]) and direction in (None, counter.get("direction", direction))
    ]


def _limits(rule: Objection, attempt: Attempt) -> Record:
    if rule.reason != "plausibility_check_failed" or attempt.limits is None:
        return {}
    return {"lower_limit": attempt.limits.lower, "upper_limit": attempt.limits.upper}


def _stored(call: Call, state: Draft, attempt: Attempt) -> Record:
    """The same counter, direction and instant are the same reading: a second one replaces the first.

    It also replaces what its customer insisted on and nobody has validated yet, see `_is_corrected`.
    """
    replaced = attempt.history.at
    for dated in attempt.history.waiting:
        if _is_corrected(dated, attempt):
            state.collection("meter_reading").remove(dated.record["id"])
    reading: Record = {
        **{name: call.fields[name] for name in _TAKEN_OVER if name in call.fields},
        "counter_id": attempt.counters[0]["_id"],
        "direction": attempt.direction,
        "timestamp": timestamp(attempt.moment),
        "status": WAITING if call.params["override_plausibility"] else "valid",
        "id": replaced[0].record["id"] if replaced else state.new_id("meter_reading"),
    }
    return state.collection("meter_reading").put(reading)


def _is_corrected(waiting: Dated, attempt: Attempt) -> bool:
    """True if an attempt corrects a reading that waits for validation: one of the same day, or one that cannot be
    right if the attempt is. What the utility has sent itself is not the customer's to correct."""
    if waiting.record.get("source") == "ERP":
        return False
    is_higher = waiting.value > attempt.value
    contradicts = waiting.value != attempt.value and is_higher == (waiting.moment < attempt.moment)
    return contradicts or german_day(waiting.moment) == german_day(attempt.moment)


def _update_counter(state: Draft, attempt: Attempt, reading: Record) -> None:
    """The last valid reading of a counter, and what was used since the one before it."""
    counter, history = attempt.counters[0], attempt.history
    same = [Dated(attempt.moment, reading), *history.at[1:]]
    valid = [dated for dated in same if is_valid(dated.record)]
    last = [*history.before[-2:], *valid, *history.after[-2:]][-2:]
    if not last:
        return
    changes: Record = {"last_reading": last[-1].value}
    if len(last) == 2:
        changes["current_consumption"] = rounded(counter, last[1].value - last[0].value)
    if any(counter.get(name) != value for name, value in changes.items()):
        state.collection("meter_counter").patch(counter["_id"], changes)


def _report(call: Call, state: Draft, attempt: Attempt) -> None:
    """An activity of the meter and of the contracts that supply it."""
    day = german_day(attempt.moment)
    contracts = [supply.contract for supply in attempt.supplies or () if supply.covers(day)]
    unit = str(attempt.counters[0].get("unit") or "")
    values = {
        "value": f"{in_german(attempt.value)} {unit}".strip(),
        "value_in_english": f"{in_english(attempt.value)} {unit}".strip(),
        "meter": str(attempt.meter.get("meter_number") or attempt.meter["_title"]),
    }
    record_activity(call, state, READING_SUBMITTED, [attempt.meter, *contracts], **values)


def _view(reading: Record) -> Record:
    return {name: value for name, value in reading.items() if name != "id"}


def _shown(call: Call, state: Draft, meter: Record, counter: Record) -> Record:
    view = entity_view(call.caller, state, counter)
    return {"meter": entity_view(call.caller, state, meter), "counter": view, "meter_counter": view}


def _compiled(templates: Mapping[str, str], lens: Lens) -> dict[str, Template]:
    return {name: compile_template(text, lens) for name, text in templates.items()}


def _rendered(templates: Mapping[str, Template], context: Record, lens: Lens) -> Record:
    return {name: template(context, lens) for name, template in templates.items()}
