"""The counters of a meter, and the readings of a counter in the order of their instants."""

from datetime import datetime
from operator import attrgetter
from typing import NamedTuple

from mockportal.state.clock import instant
from mockportal.state.derived import derived
from mockportal.state.store import Draft
from mockportal.values import Json, Record

WAITING = "in-validation"


class Dated(NamedTuple):
    """A reading and its instant."""

    moment: datetime
    record: Record

    @property
    def value(self) -> Json:
        return self.record["value"]


class History(NamedTuple):
    """The readings of one counter in one direction around an instant, oldest first.

    Only valid readings count before and after it. `at` holds all that have this very instant, `waiting` all of other
    instants that somebody has yet to validate.
    """

    before: tuple[Dated, ...] = ()
    at: tuple[Dated, ...] = ()
    after: tuple[Dated, ...] = ()
    waiting: tuple[Dated, ...] = ()


@derived
def counters_of(state: Draft, meter: Record) -> list[Record]:
    """The counters of a meter, oldest first."""
    return state.referring(str(meter["_id"]), "meter_counter", "meter")


@derived
def readings_of(state: Draft, counter: Record) -> list[Dated]:
    """The readings of a counter, oldest first, without those that have no usable timestamp."""
    found = []
    for record in state.collection("meter_reading").where(counter_id=str(counter["_id"])):
        try:
            found.append(Dated(instant(record["timestamp"]), record))
        except (KeyError, ValueError, OverflowError):
            continue
    return sorted(found, key=attrgetter("moment"))


def is_valid(reading: Record) -> bool:
    """True if a reading counts as measured; one without a status does."""
    return reading.get("status") in (None, "", "valid")


@derived
def directed_readings(state: Draft, counter: Record, direction: str) -> list[Dated]:
    """The readings of a counter in one direction; one that names no direction has that of its counter."""
    own = counter.get("direction", direction)
    return [dated for dated in readings_of(state, counter) if dated.record.get("direction", own) == direction]


def history_of(state: Draft, counter: Record, direction: str, moment: datetime) -> History:
    """The readings of a counter in one direction around `moment`."""
    before, at, after, waiting = list[Dated](), list[Dated](), list[Dated](), list[Dated]()
    for dated in directed_readings(state, counter, direction):
        if dated.moment == moment:
            at.append(dated)
        elif is_valid(dated.record):
            (before if dated.moment < moment else after).append(dated)
        elif dated.record.get("status") == WAITING:
            waiting.append(dated)
    return History(tuple(before), tuple(at), tuple(after), tuple(waiting))
