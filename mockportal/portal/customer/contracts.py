"""Contracts as three older operations show them: addresses as text, amounts as integers, nothing long past.

Everywhere else a contract is the raw entity, in which an address is a reference to one of its customer's.
"""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.errors import BadRequest
from mockportal.portal.collections import related_ids
from mockportal.portal.entity.calendar import months_before, today
from mockportal.portal.entity.edits import answer, edit
from mockportal.portal.entity.list_view import bundle, newest_first, page, shown, with_action, workflows_of
from mockportal.portal.entity.money import decimal_text
from mockportal.portal.entity.numbers import whole_or_none
from mockportal.portal.entity.paths import lens_of
from mockportal.portal.entity.views import entity_view, one_line_address, referenced_values
from mockportal.portal.entity.visibility import call_visible, check_slug, is_visible, visible
from mockportal.portal.search.result_view import compile_templates, rendered_templates
from mockportal.portal.search.stored_templates import asked_templates
from mockportal.state.clock import german_day, instant
from mockportal.state.store import Draft
from mockportal.values import Json, Record

INACTIVE = frozenset(("deactivated", "expired", "revoked", "terminated"))
_ENDS = ("move_out_date", "termination_date", "end_date")
_LONGEST_CUTOFF = 1000  # years


@operation("getAllContracts")
def list_contracts(call: Call, state: Draft) -> Json:
    """Without the inactive contracts that ended longer ago than the portal's cut-off."""
    check_slug(call.caller, "contract")
    cutoff = _cutoff(call.caller.realm, state)
    contracts = [
        contract
        for contract in newest_first(visible(call.caller, state, "contract"))
        if cutoff is None or not _ended_before(contract, cutoff)
    ]
    views = (entity_view(call.caller, state, contract) for contract in page(call, contracts))
    return {"data": [with_action(call, contract_view(call, state, view)) for view in views]}


@operation("getContract")
def show_contract(call: Call, state: Draft) -> Json:
    contract = call_visible(call, state, "contract", call.params["id"])
    id = str(contract["_id"])
    found = (state.collection("order").find(order) for order in related_ids(contract.get("order")))
    orders = [order for order in found if order and is_visible(call.caller, state, "order", order)]
    parts = bundle(call, state, contract)
    return {
        **parts,
        "entity": contract_view(call, state, parts["entity"]),
        "orders": shown(call, state, orders),
        "meters": shown(call, state, state.referring(id, "meter", "contract")),
        "workflow": workflows_of(state, id),
    }


@operation("getContractWithTemplates")
def show_contract_with_templates(call: Call, state: Draft) -> Json:
    """The same, and each meter has what the templates make of it."""
    shown = show_contract(call, state)
    templates = asked_templates(call, state, call.fields)
    if templates is None:
        return shown
    lens = lens_of(call.caller, state)
    compiled = compile_templates(templates, lens)
    contract = state.collection("contract").get(call.params["id"])
    meters = [
        {
            **meter,
            "templates_output": rendered_templates(compiled, {"contract": contract, "meter": record}, lens),
        }
        for meter in shown["meters"]
        if (record := state.collection("meter").get(str(meter["_id"])))
    ]
    return {**shown, "meters": meters}


@operation("updateContract")
def update_contract(call: Call, state: Draft) -> Json:
    """A new instalment is what every later unpaid instalment of the contract asks for."""
    _check_instalment(call.fields.get("installment_amount"))
    before = call_visible(call, state, "contract", call.params["id"])
    contract = edit(call, state, before)
    amount = contract.get("installment_amount")
    if amount != before.get("installment_amount"):
        contract = _with_instalment(state, contract, whole_or_none(amount))
    return answer(call, contract_view(call, state, entity_view(call.caller, state, contract)))


def contract_view(call: Call, state: Draft, view: Record) -> Record:
    """A contract in the narrow types of the `Contract` schema. What cannot be converted stays as it is."""
    narrowed = dict(view)
    for name, convert in _NARROW.items():
        if name in view:
            narrowed[name] = convert(call, state, view[name])
    return narrowed


def _check_instalment(amount: Json) -> None:
    cents = whole_or_none(amount)
    if amount is not None and (cents is None or cents < 0):
        raise BadRequest("installment_amount is not a whole number of cents")


def _with_instalment(state: Draft, contract: Record, amount: int | None) -> Record:
    text = None if amount is None else decimal_text(amount)
    amounts = {"installment_amount": amount, "installment_amount_decimal": text}
    record = state.collection("contract").patch(str(contract["_id"]), amounts)
    now = today(state).isoformat()
    for event in state.referring(str(contract["_id"]), "billing_event", "contract"):
        later = event["type"] == "installment" and event["due_date"] > now and "paid_date" not in event
        if later and amount is not None:
            changes = {"billing_amount": amount, "billing_amount_decimal": text}
            state.collection("billing_event").patch(str(event["_id"]), changes)
    return record


def _cutoff(portal: Record, state: Draft) -> date | None:
    years = portal.get("inactive_contract_cutoff_years")
    if years is None:
        return None
    return months_before(today(state), int(min(max(years, 0), _LONGEST_CUTOFF) * 12))


def _ended_before(contract: Record, cutoff: date) -> bool:
    ends = [german_day(instant(contract[name])) for name in _ENDS if contract.get(name)]
    return contract.get("status") in INACTIVE and bool(ends) and min(ends) < cutoff


def _address(call: Call, state: Draft, value: Json) -> str:
    items = referenced_values(call.caller, state, value) or (value if isinstance(value, list) else [value])
    return "; ".join(one_line_address(item) for item in items)


def _whole(call: Call, state: Draft, value: Json) -> Json:
    try:
        return int(value) if isinstance(value, str) else value
    except ValueError:
        return value


_NARROW: Mapping[str, Callable[[Call, Draft, Json], Json]] = MappingProxyType(
    {
        "additional_addresses": _address,
        "billing_address": _address,
        "delivery_address": _address,
        "billing_due_day": _whole,
        "billing_duration_amount": _whole,
        "installment_amount": _whole,
        "notice_time_amount": _whole,
        "renewal_duration_amount": _whole,
    }
)
