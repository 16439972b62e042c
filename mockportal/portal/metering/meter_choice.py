"""Chooses the meter that a request about energy refers to.

The context may name a counter, a meter or a contract; the most specific one decides. A request that names none of them
refers to the power meter of the user's oldest active contract, so branches are never mixed.
"""

from mockportal.engine.call import Call
from mockportal.errors import Forbidden, NotFound
from mockportal.portal.collections import related_ids
from mockportal.portal.entity.visibility import call_visible, check_slug, visible
from mockportal.portal.metering.counters import counters_of
from mockportal.state.store import Draft
from mockportal.values import Record


def chosen_counters(call: Call, state: Draft) -> tuple[Record | None, list[Record]]:
    """A meter of the user, and those of its counters that are meant; None where there is no meter.

    Raises `Forbidden` for an entity that is not the user's, known or not.
    """
    check_slug(call.caller, "meter")
    given = {**call.params, **call.fields}
    context: dict[str, Record] = {}
    for item in given.get("context_entities", ()):
        slug, id = item.get("entity_schema"), item.get("entity_id")
        if isinstance(slug, str) and isinstance(id, str):
            context.setdefault(slug, _own(call, state, slug, id))
    if "meter_counter" in context:
        counter = context["meter_counter"]
        meters = [_own(call, state, "meter", id) for id in related_ids(counter.get("meter"))[:1]]
        return (meters[0], [counter]) if meters else (None, [])
    if "meter" in context:
        meter: Record | None = context["meter"]
    elif "meter_id" in given:
        meter = _own(call, state, "meter", given["meter_id"])
    elif "contract" in context:
        meter = _meter_of(state, context["contract"])
    else:
        meter = _default_meter(call, state)
    return meter, [] if meter is None else counters_of(state, meter)


def _own(call: Call, state: Draft, slug: str, id: str) -> Record:
    try:
        return call_visible(call, state, slug, id)
    except NotFound as refusal:
        raise Forbidden(str(refusal)) from None


def _meter_of(state: Draft, contract: Record, sector: str = "") -> Record | None:
    """The meter of a contract, rather one that is still in use."""
    meters = [
        meter
        for meter in state.referring(str(contract["_id"]), "meter", "contract")
        if sector in ("", meter.get("sector"))
    ]
    return min(meters, key=lambda meter: meter.get("status") == "decommissioned", default=None)


def _default_meter(call: Call, state: Draft) -> Record | None:
    contracts = [each for each in visible(call.caller, state, "contract") if each.get("status") == "active"]
    contracts.sort(key=lambda contract: str(contract.get("start_date", "")))
    meters = (_meter_of(state, contract, "power") for contract in contracts)
    return next((meter for meter in meters if meter is not None), None)
