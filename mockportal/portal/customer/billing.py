"""Billing: events of the customer's contracts, and what is open on them."""

from collections.abc import Iterable
from typing import NamedTuple

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.errors import BadRequest
from mockportal.portal.entity.list_view import page
from mockportal.portal.entity.money import CURRENCY, total_balance
from mockportal.portal.entity.views import entity_view, related_entities
from mockportal.portal.entity.visibility import (
    FILE_HOLDERS,
    call_visible,
    check_slug,
    is_open,
    is_visible,
    visible,
)
from mockportal.state.store import Draft
from mockportal.values import Json, Record, encode

_TYPES = ("installment", "reimbursement")
# relations of a contract by which its events are found as well
_CONTRACT_HOLDERS = ("billing_account", "order")
_NEWEST_FIRST = "due_date:desc"


class Sorting(NamedTuple):
    """By which attribute, and whether from the greatest down."""

    attribute: str
    descending: bool


@operation("getBillingEvents")
def list_events(call: Call, state: Draft) -> Json:
    check_slug(call.caller, "billing_event")
    sorting = _sorting(call.params.get("sort", _NEWEST_FIRST))
    events = [event for event in _events(call, state) if _matches(event, call.params)]
    shown = page(call, _sorted(events, sorting))
    return {"results": [entity_view(call.caller, state, event) for event in shown], "hits": len(events)}


@operation("getCustomerBalance")
def show_balance(call: Call, state: Draft) -> Json:
    """Positive is owed. The decimal amount is a number here, and a text everywhere else."""
    check_slug(call.caller, "contract")
    cents = total_balance(state, visible(call.caller, state, "contract"))
    return {"balance": cents, "balance_decimal": cents / 100, "balance_currency": CURRENCY}


@operation("getBillingAccount")
def show_account(call: Call, state: Draft) -> Json:
    account = call_visible(call, state, "billing_account", call.params["id"])
    return {
        "entity": entity_view(call.caller, state, account),
        "relations": related_entities(call.caller, state, account),
    }


def _events(call: Call, state: Draft) -> list[Record]:
    """The visible events: all, or those of the contracts, orders and billing accounts that `entity_id` names."""
    if "entity_id" not in call.params:
        return visible(call.caller, state, "billing_event")
    contracts = (contract for id in call.params["entity_id"] for contract in _contracts(state, id))
    seen = {str(one["_id"]) for one in contracts if is_visible(call.caller, state, "contract", one)}
    return [event for id in sorted(seen) for event in state.referring(id, "billing_event", "contract")]


def _contracts(state: Draft, id: str) -> list[Record]:
    contract = state.collection("contract").find(id)
    if contract is not None:
        return [contract]
    return [found for attribute in _CONTRACT_HOLDERS for found in state.referring(id, "contract", attribute)]


def _matches(event: Record, params: Record) -> bool:
    """Days are compared as they are written, both ends included; an event's day is when it is due, else booked."""
    if event["type"] not in _TYPES or event["type"] != params.get("event_type", event["type"]):
        return False
    if "paid" in params and params["paid"] != ("paid_date" in event):
        return False
    day = str(event.get("due_date") or event.get("booking_date") or "")[:10]
    first, last = params.get("date_after", "")[:10], params.get("date_before", "")[:10]
    return first <= day and (not last or "" < day <= last)


def _sorting(text: str) -> Sorting:
    attribute, _, order = text.rpartition(":")
    if not attribute or order not in ("asc", "desc"):
        raise BadRequest(f"sort: {text!r} is not <attribute>:asc or <attribute>:desc")
    return Sorting(attribute, order == "desc")


def _sorted(events: Iterable[Record], sorting: Sorting) -> list[Record]:
    """Events without the attribute come last; equal ones are in the order of their ids."""
    ordered = sorted(events, key=lambda event: str(event["_id"]))
    named = [event for event in ordered if event.get(sorting.attribute) is not None]
    unnamed = [event for event in ordered if event.get(sorting.attribute) is None]
    named.sort(key=lambda event: _rank(event[sorting.attribute]), reverse=sorting.descending)
    return named + unnamed


def _rank(value: Json) -> tuple[float, bytes]:
    """Numbers in their order before texts in theirs."""
    return (value, b"") if isinstance(value, int | float) else (float("inf"), encode(value))


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
