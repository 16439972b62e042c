"""Opportunities: projects and requests on their way, read, searched and changed."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.portal.collections import related_ids
from mockportal.portal.customer.contact import own_contact
from mockportal.portal.entity.edits import answer, edit
from mockportal.portal.entity.list_view import bundle, newest_first, page, shown, with_action, workflows_of
from mockportal.portal.entity.views import entity_view, find_entity, one_line_address
from mockportal.portal.entity.visibility import SYSTEM_FIELDS, call_visible, check_slug, is_visible, visible
from mockportal.state.store import Draft
from mockportal.values import Json, Record

_SEARCHABLE = (*SYSTEM_FIELDS, "_purpose", "address", "customer")


@operation("getAllOpportunities")
def list_opportunities(call: Call, state: Draft) -> Json:
    found = page(call, _opportunities(call, state))
    return {"data": [with_action(call, entity_view(call.caller, state, one)) for one in found]}


@operation("getSearchableAttributesForOpportunities")
def list_searchable_attributes(call: Call, state: Draft) -> Json:
    """The opportunities cut down to what the search looks at."""
    data = []
    for opportunity in page(call, _opportunities(call, state)):
        view = entity_view(call.caller, state, opportunity)
        workflows = [
            {"defition_id": execution.get("definition_id", ""), "name": execution.get("name", "")}
            for execution in workflows_of(state, str(opportunity["_id"]))
        ]
        data.append({name: view[name] for name in _SEARCHABLE if name in view} | {"workflows": workflows})
    return {"data": data}


@operation("getSearchResultsForOpportunities")
def search_opportunities(call: Call, state: Draft) -> Json:
    """One match inside each list of the body is enough, each list needs one; an empty list asks for nothing."""
    found = [
        opportunity
        for opportunity in _opportunities(call, state)
        if all(
            any(matches(call, state, opportunity, wanted) for wanted in _flat(call.fields[name]))
            for name, matches in _CRITERIA.items()
            if call.fields.get(name)
        )
    ]
    return {"data": [entity_view(call.caller, state, opportunity) for opportunity in page(call, found)]}


@operation("getOpportunity")
def show_opportunity(call: Call, state: Draft) -> Json:
    opportunity = call_visible(call, state, "opportunity", call.params["id"])
    id = str(opportunity["_id"])
    orders = state.referring(id, "order", "opportunities")
    return {
        **bundle(call, state, opportunity),
        "orders": shown(call, state, (one for one in orders if is_visible(call.caller, state, "order", one))),
        "workflow": workflows_of(state, id),
    }


@operation("updateOpportunity")
def update_opportunity(call: Call, state: Draft) -> Json:
    opportunity = edit(call, state, call_visible(call, state, "opportunity", call.params["id"]))
    return answer(call, entity_view(call.caller, state, opportunity))


def _opportunities(call: Call, state: Draft) -> list[Record]:
    check_slug(call.caller, "opportunity")
    own_contact(call, state)
    return newest_first(visible(call.caller, state, "opportunity"))


def _has_address(call: Call, state: Draft, opportunity: Record, wanted: Json) -> bool:
    return _any_contains((one_line_address(item) for item in _flat(opportunity.get("address"))), wanted)


def _has_customer(call: Call, state: Draft, opportunity: Record, wanted: Json) -> bool:
    """By the customer's id; by name only if the caller may see the customer."""
    ids = related_ids(opportunity.get("customer"))
    customers = (find_entity(state, id) for id in ids)
    titles = (
        str(customer["_title"])
        for customer in customers
        if customer is not None and is_visible(call.caller, state, str(customer["_schema"]), customer)
    )
    return wanted in ids or _any_contains(titles, wanted)


def _has_purpose(call: Call, state: Draft, opportunity: Record, wanted: Json) -> bool:
    return wanted in _flat(opportunity.get("_purpose"))


def _has_workflow(call: Call, state: Draft, opportunity: Record, wanted: Json) -> bool:
    """`{defition_id, name}`, either of them enough; the spelling is that of the API."""
    if not isinstance(wanted, dict):
        return False
    return any(
        wanted.get("defition_id") in (None, execution.get("definition_id"))
        and wanted.get("name") in (None, execution.get("name"))
        for execution in workflows_of(state, str(opportunity["_id"]))
    )


_CRITERIA: Mapping[str, Callable[[Call, Draft, Record, Json], bool]] = MappingProxyType(
    {
        "addresses": _has_address,
        "customers": _has_customer,
        "purposes": _has_purpose,
        "workflows": _has_workflow,
    }
)


def _any_contains(texts: Iterable[str], wanted: str) -> bool:
    return any(wanted.strip().casefold() in text.casefold() for text in texts)


def _flat(value: Json) -> Iterator[Json]:
    """The items of a list, and of the lists in it; anything else is an item of its own."""
    if isinstance(value, list):
        for item in value:
            yield from _flat(item)
    elif value is not None:
        yield value
