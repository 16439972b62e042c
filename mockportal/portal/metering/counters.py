"""The counters of a meter, and the readings of a counter in the order of their instants."""

from datetime import datetime
from operator import attrgetter
from typing import NamedTuple

from mockportal.state.clock import instant
from mockportal.state.store import Draft
from mockportal.values import Json, Record


class Dated(NamedTuple):
    """A reading and its instant."""

    moment: datetime
    record: Record

    @property
    def value(self) -> Json:
        return self.record["value"]


class History(NamedTuple):
    """The readings of one counter in one direction before, at and after an instant, oldest first."""

    before: tuple[Dated, ...] = ()
    at: tuple[Dated, ...] = ()
    after: tuple[Dated, ...] = ()


def counters_of(state: Draft, meter: Record) -> list[Record]:
    """The counters of a meter, oldest first."""
    return state.referring(str(meter["_id"]), "meter_counter", "meter")


def readings_of(state: Draft, counter: Record) -> list[Dated]:
    """The readings of a counter, oldest first; one without a usable timestamp is none."""
    found = []
    for record in state.collection("meter_reading").where(counter_id=str(counter["_id"])):
        try:
            found.append(Dated(instant(record["timestamp"]), record))
        except (KeyError, ValueError, OverflowError):
            continue
    return sorted(found, key=attrgetter("moment"))


def history_of(state: Draft, counter: Record, direction: str, moment: datetime) -> History:
    """The readings around `moment`; a reading that names no direction has that of its counter."""
    own = counter.get("direction", direction)
    readings = [
        dated for dated in readings_of(state, counter) if dated.record.get("direction", own) == direction
    ]
    return History(
        before=tuple(dated for dated in readings if dated.moment < moment),
        at=tuple(dated for dated in readings if dated.moment == moment),
        after=tuple(dated for dated in readings if dated.moment > moment),
    )
