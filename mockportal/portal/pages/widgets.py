"""The widgets of a portal's start page: one list, replaced as a whole, shown in the order of `listIndex`."""

from collections.abc import Callable
from functools import partial

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.errors import NotFound
from mockportal.portal.collections import COLLECTIONS
from mockportal.portal.entity.addressing import portal_of
from mockportal.portal.entity.paths import lens_of, values_at
from mockportal.portal.entity.visibility import call_visible, visible
from mockportal.portal.identity.identification import open_portal
from mockportal.portal.search.filters import comparable
from mockportal.state.store import Draft
from mockportal.values import Json, Record

_NEED_NO_USER = frozenset(("ACTION_WIDGET", "CONTENT_WIDGET", "TEASER_WIDGET"))

Rule = Record  # {"entity": "contract", "attribute": "branch", "attribute_value": "gas"}


@operation("getPortalWidgets", "getPortalWidgetsV3")
def list_widgets(call: Call, state: Draft) -> Json:
    """A user gets the actions whose rules hold for their entities, of contracts only the given one; others get all."""
    portal = portal_of(call, state)
    contracts = _contracts(call, state)
    if call.caller.kind != "portal":
        return _answer(portal, widgets_of(state, portal))
    holds = partial(_holds, call, state, contracts)
    return _answer(portal, [_with_actions(widget, holds) for widget in widgets_of(state, portal)])


@operation("getPublicPortalWidgets", "getPublicPortalWidgetsV3")
def list_public_widgets(call: Call, state: Draft) -> Json:
    """Only widgets and actions that need no data of a user (M4)."""
    portal = open_portal(call, state)
    public = [widget for widget in widgets_of(state, portal) if widget["type"] in _NEED_NO_USER]
    return _answer(portal, [_with_actions(widget, lambda rule: False) for widget in public])


@operation("upsertPortalWidget", "upsertPortalWidgetV3")
def replace_widgets(call: Call, state: Draft) -> Json:
    portal = portal_of(call, state)
    widgets = call.fields["widgets"]
    state.collection("widget_list").put(
        {"portal_id": portal["portal_id"], "is_v3_item": True, "widgets": widgets}
    )
    return _answer(portal, widgets)


def widgets_of(state: Draft, portal: Record) -> list[Record]:
    """The widgets of a portal in their order, all of them."""
    stored = state.collection("widget_list").find(portal["portal_id"]) or {"widgets": []}
    return sorted(stored["widgets"], key=lambda widget: int(widget["listIndex"]))


def _answer(portal: Record, widgets: list[Record]) -> Record:
    return {"portal_sk_v3": f"PORTAL_CONFIG#{portal['portal_id']}", "is_v3_item": True, "widgets": widgets}


def _contracts(call: Call, state: Draft) -> list[Record] | None:
    """The one contract that rules look at; None for all that the user sees. Raises `NotFound`."""
    id = call.params.get("contract_id")
    if id is None:
        return None
    if call.caller.kind == "portal":
        return [call_visible(call, state, "contract", id)]
    contract = state.collection("contract").get(id)
    if contract["_org"] != call.caller.org:
        raise NotFound(f"there is no contract {id}")
    return [contract]


def _with_actions(widget: Record, holds: Callable[[Rule], bool]) -> Record:
    """The widget with the actions all of whose rules hold. The schema lets anything stand under `actions`."""
    actions = widget.get("actions")
    if widget["type"] != "ACTION_WIDGET" or not isinstance(actions, list):
        return widget
    return {**widget, "actions": [action for action in actions if all(map(holds, _rules(action)))]}


def _rules(action: Json) -> list[Rule]:
    rules = action.get("rules") if isinstance(action, dict) else None
    return [rule for rule in rules if isinstance(rule, dict)] if isinstance(rules, list) else []


def _holds(call: Call, state: Draft, contracts: list[Record] | None, rule: Rule) -> bool:
    """True if one of the user's entities has the value."""
    slug = str(rule.get("entity"))
    if not COLLECTIONS.has_entity(slug):
        return False
    only = contracts if slug == "contract" else None
    lens = lens_of(call.caller, state)
    path = tuple(str(rule.get("attribute")).split("."))
    wanted = comparable(rule.get("attribute_value"))
    return any(
        comparable(value) == wanted
        for entity in (visible(call.caller, state, slug) if only is None else only)
        for value in values_at(lens, entity, path)
    )
