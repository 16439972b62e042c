"""What is paid by a payment method: the entities whose `payment` refers to it, or to the customer who holds it."""

from collections.abc import Iterable

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.portal.entity.views import entity_view
from mockportal.portal.entity.visibility import FILE_HOLDERS, is_open, visible
from mockportal.state.store import Draft
from mockportal.values import Json, Record


@operation("searchPaymentRelationsInEntities")
def find_by_payment(call: Call, state: Draft) -> Json:
    """Users find what they may see, administrators all of it; an id that nothing refers to finds nothing."""
    id = call.params["id"]
    found = [
        entity_view(call.caller, state, record)
        for slug in FILE_HOLDERS
        for record in _entities(call, state, slug)
        if _refers(record.get("payment"), id)
    ]
    return {"results": found, "hits": len(found)}


def _entities(call: Call, state: Draft, slug: str) -> Iterable[Record]:
    if call.caller.kind != "portal":
        return state.collection(slug).where(_org=call.caller.org)
    return visible(call.caller, state, slug) if is_open(call.caller.realm, slug) else ()


def _refers(payment: Json, id: str) -> bool:
    refs = payment.get("$relation_ref", ()) if isinstance(payment, dict) else ()
    return any(id in (ref.get("entity_id"), ref.get("_id")) for ref in refs)
