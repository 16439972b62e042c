"""The life of a portal: create, clone, swap, delete."""

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.errors import BadRequest, Conflict, NotFound
from mockportal.portal.configuration.email_templates import templates_of
from mockportal.portal.configuration.portal_config import (
    SERVER_OWNED,
    answerable,
    create_portal,
    move_users,
)
from mockportal.portal.configuration.portal_views import v3_view
from mockportal.portal.entity.addressing import portal_of
from mockportal.portal.pages.pages import pages_of
from mockportal.portal.pages.widgets import widgets_of
from mockportal.state.store import Draft
from mockportal.values import Json, Record

_DOMAIN = (
    "certificate_details",
    "domain",
    "domain_aliases",
    "domain_settings",
    "domain_status",
    "epilot_domain",
    "is_epilot_domain",
)
_ALL = ("domain", "users", "email_templates")
_OF_USERS = ("confirmation", "download", "notification", "session")


@operation("createPortalConfig")
def add_portal(call: Call, state: Draft) -> Json:
    portal = create_portal(state, call.caller.org, call.fields, Conflict)
    return answerable(call, 201, v3_view(state, portal, call.caller))


@operation("clonePortalConfig")
def clone_portal(call: Call, state: Draft) -> Json:
    """Settings, pages, widgets and the values of e-mail templates are copied; keys, domain and user pool are new."""
    source = _portal(call, state, call.fields["source_portal_id"])
    settings = {k: v for k, v in source.items() if k not in (*SERVER_OWNED, *_DOMAIN)}
    settings |= {
        "name": call.fields.get("name", f"Copy of {source.get('name', source['portal_id'])}"),
        "email_templates": templates_of(state, source["portal_id"]),
        "pages": pages_of(state, source["portal_id"]),
    }
    portal = create_portal(state, call.caller.org, settings, BadRequest)
    own_domain = {"domain": portal["epilot_domain"], "is_epilot_domain": True}
    portal = state.collection("portal").put({**portal, **own_domain})
    widgets = {"portal_id": portal["portal_id"], "is_v3_item": True, "widgets": widgets_of(state, source)}
    state.collection("widget_list").put(widgets)
    return v3_view(state, portal, call.caller)


@operation("swapPortalConfig")
def swap_portals(call: Call, state: Draft) -> Json:
    """Twice is as before. Without `items_to_swap`, domain and users are swapped (M13), or the e-mail templates where
    the document lets nothing else be swapped."""
    source = _portal(call, state, call.fields["source_portal_id"])
    target = _portal(call, state, call.fields["target_portal_id"])
    if source["portal_id"] == target["portal_id"]:
        raise BadRequest("a portal cannot be swapped with itself")
    named = call.fields.get("items_to_swap", _default_items(call))
    items = [item for item in _ALL if item in named or "all" in named]
    if "users" in items:
        _swap_users(state, source, target)
    if "email_templates" in items:
        _swap_templates(state, source["portal_id"], target["portal_id"])
    if "domain" in items:
        state.collection("portal").put(_with_domain_of(source, target))
        state.collection("portal").put(_with_domain_of(target, source))
    return {"message": f"Swapped {' and '.join(items) or 'nothing'} of the two portals"}


@operation("deletePortal", "deletePortalConfig")
def delete_portal(call: Call, state: Draft) -> Json:
    """Pages, widgets, e-mail templates and users go with it."""
    id = portal_of(call, state)["portal_id"]
    for page in pages_of(state, id):
        state.collection("page").remove(page["id"])
    for kind in ("email_templates", "widget_list"):
        if id in state.collection(kind):
            state.collection(kind).remove(id)
    _remove_users(state, state.collection("portal_user").where(portal_id=id))
    state.collection("portal").remove(id)
    return None


def _portal(call: Call, state: Draft, id: str) -> Record:
    portal = state.collection("portal").get(id)
    if portal.get("organization_id", call.caller.org) != call.caller.org:
        raise NotFound(f"there is no portal {id}")
    return portal


def _default_items(call: Call) -> list[str]:
    body = call.operation.body
    asked = {**call.fields, "items_to_swap": ["domain", "users"]}
    fits = body is None or all(validator.is_valid(asked) for validator in body.validators.values())
    return ["domain", "users"] if fits else ["email_templates"]


def _swap_users(state: Draft, source: Record, target: Record) -> None:
    users = state.collection("portal_user")
    movers = users.where(portal_id=source["portal_id"])
    move_users(state, users.where(portal_id=target["portal_id"]), source)
    move_users(state, movers, target)


def _swap_templates(state: Draft, source_id: str, target_id: str) -> None:
    templates = state.collection("email_templates")
    of_source, of_target = templates_of(state, source_id), templates_of(state, target_id)
    templates.put({**of_target, "portal_id": source_id})
    templates.put({**of_source, "portal_id": target_id})


def _with_domain_of(portal: Record, other: Record) -> Record:
    kept = {name: value for name, value in portal.items() if name not in _DOMAIN}
    return {**kept, **{name: other[name] for name in _DOMAIN if name in other}}


def _remove_users(state: Draft, users: list[Record]) -> None:
    ids = {user["_id"] for user in users}
    for id in ids:
        state.collection("portal_user").remove(id)
        if id in state.collection("credential"):
            state.collection("credential").remove(id)
    for kind in _OF_USERS:
        records = state.collection(kind)
        for record in [record for record in records if record.get("portal_user_id") in ids]:
            records.remove(str(record[records.kind.key]))
