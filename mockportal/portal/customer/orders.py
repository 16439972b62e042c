"""Orders: offers and what became of them, read, changed, accepted and declined."""

from datetime import date
from types import MappingProxyType

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.errors import Conflict
from mockportal.portal.collections import related_ids
from mockportal.portal.entity.activities import OFFER_ACCEPTED, OFFER_DECLINED, record_activity
from mockportal.portal.entity.calendar import today
from mockportal.portal.entity.edits import answer, edit
from mockportal.portal.entity.list_view import bundle, newest_first, page, shown, with_action, workflows_of
from mockportal.portal.entity.views import entity_view, find_entity
from mockportal.portal.entity.visibility import call_visible, check_slug, visible
from mockportal.state.clock import instant
from mockportal.state.store import Draft
from mockportal.values import Json, Record

OPEN = "open_for_acceptance"
STATUS = MappingProxyType({"accept": "placed", "decline": "cancelled"})
_EVENTS = MappingProxyType({"accept": OFFER_ACCEPTED, "decline": OFFER_DECLINED})


@operation("getAllOrders")
def list_orders(call: Call, state: Draft) -> Json:
    check_slug(call.caller, "order")
    orders = page(call, newest_first(visible(call.caller, state, "order")))
    return {"data": [with_action(call, entity_view(call.caller, state, order)) for order in orders]}


@operation("getOrder")
def show_order(call: Call, state: Draft) -> Json:
    order = call_visible(call, state, "order", call.params["id"])
    products = _products(state, order, "products")
    crossed = {
        str(product["_id"]): product
        for sold in products
        for product in _products(state, sold, "cross_sellable_products")
        if product not in products
    }
    return {
        **bundle(call, state, order),
        "products": shown(call, state, products),
        "crossSellableProducts": shown(call, state, crossed.values()),
        "workflow": workflows_of(state, str(order["_id"])),
    }


@operation("updateOrder")
def update_order(call: Call, state: Draft) -> Json:
    order = edit(call, state, call_visible(call, state, "order", call.params["id"]))
    return answer(call, entity_view(call.caller, state, order))


@operation("postOrderAcceptance")
def decide_order(call: Call, state: Draft) -> Json:
    """An offer is decided once, while it is open for acceptance and has not expired."""
    order = call_visible(call, state, "order", call.params["id"])
    decision = call.fields["decision"]
    if order.get("status") in STATUS.values():
        raise Conflict(f"the order is {order['status']} already")
    if order.get("status") != OPEN:
        raise Conflict(f"the order is {order.get('status')}, not open for acceptance")
    if _has_expired(order, state):
        raise Conflict(f"the offer expired on {order['expires_at']}")
    order = state.collection("order").patch(str(order["_id"]), {"status": STATUS[decision]})
    customers = (find_entity(state, id) for id in related_ids(order.get("customer")))
    entities = [order, *(customer for customer in customers if customer is not None)]
    record_activity(call, state, _EVENTS[decision], entities, title=str(order["_title"]))
    return {"data": entity_view(call.caller, state, order)}


def _has_expired(order: Record, state: Draft) -> bool:
    """True if the instant of `expires_at` has come; a date alone is the end of that day in Germany."""
    text = order.get("expires_at")
    if not text:
        return False
    if len(text) == len("2026-06-15"):
        return today(state) > date.fromisoformat(text)
    return instant(text) <= state.now()


def _products(state: Draft, holder: Record, attribute: str) -> list[Record]:
    found = (state.collection("product").find(id) for id in related_ids(holder.get(attribute)))
    return [product for product in found if product is not None]
