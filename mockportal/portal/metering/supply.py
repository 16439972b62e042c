"""The times in which a contract supplies a meter; the readings of these times belong to its customer.

The portal grants some days of grace after a contract, in which a last reading may still come.
"""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from mockportal.engine.call import Caller
from mockportal.portal.collections import related_ids
from mockportal.portal.entity.visibility import is_in_scope
from mockportal.state.clock import german_day, instant
from mockportal.state.derived import derived
from mockportal.state.store import Draft
from mockportal.values import Json, Record

_LONGEST_GRACE = 36_500  # days
_NEVER_SUPPLIED = frozenset(("draft", "revoked"))


class Supply(NamedTuple):
    """The days from which and up to which, grace included, a contract supplies a meter; None is open."""

    contract: Record
    first: date | None
    last: date | None
    grace: timedelta

    def covers(self, day: date) -> bool:
        begun = self.first is None or self.first <= day
        return begun and (self.last is None or day - self.grace <= self.last)


@derived
def supplies_of(caller: Caller, state: Draft, meter: Record) -> list[Supply] | None:
    """The supplies of the caller through a meter; None for a meter that hangs on no contract at all."""
    ids = related_ids(meter.get("contract"))
    if not ids:
        return None
    grace = min(max(caller.realm.get("meter_reading_grace_period", 0), 0), _LONGEST_GRACE)
    contracts = (state.collection("contract").find(id) for id in ids)
    return [
        _supply(contract, timedelta(days=grace))
        for contract in contracts
        if contract is not None
        and contract.get("status") not in _NEVER_SUPPLIED
        and is_in_scope(caller, state, "contract", contract)
    ]


def is_supplied(supplies: list[Supply] | None, moment: datetime) -> bool:
    return supplies is None or any(supply.covers(german_day(moment)) for supply in supplies)


def _supply(contract: Record, grace: timedelta) -> Supply:
    ends = (_day(contract.get(name)) for name in ("move_out_date", "termination_date", "end_date"))
    return Supply(
        contract,
        first=_day(contract.get("move_in_date")) or _day(contract.get("start_date")),
        last=min((end for end in ends if end is not None), default=None),
        grace=grace,
    )


def _day(value: Json) -> date | None:
    """The day that a date attribute means; an instant means its day in Germany."""
    try:
        return german_day(instant(value)) if isinstance(value, str) else None
    except (ValueError, OverflowError):
        return None
