"""An edit of an entity by a portal user: what it may touch, what waits for approval, and the trace that it leaves."""

from collections.abc import Mapping
from types import MappingProxyType

from mockportal.engine.answers.audit import audit
from mockportal.engine.call import Call, Reply
from mockportal.errors import BadRequest, Forbidden
from mockportal.portal.collections import COLLECTIONS, INVERSE_NAMES
from mockportal.portal.entity.activities import (
    CHANGE_PROPOSED,
    CONTACT_CHANGED,
    ENTITY_CHANGED,
    record_activity,
)
from mockportal.portal.entity.edit_rules import check_rules, count_edit
from mockportal.portal.entity.views import find_entity
from mockportal.portal.entity.visibility import OWNERS, check_grant, hidden_attributes, is_visible
from mockportal.state.clock import instant
from mockportal.state.store import Draft
from mockportal.values import Json, Record, merge_patch

# What a patch cannot set; such keys are ignored, like every key that begins with an underscore (M10).
_COMPUTED = frozenset(
    (
        *INVERSE_NAMES,
        "balance",
        "balance_currency",
        "balance_decimal",
        "journey_actions",
        "templates_output",
    )
)
# slug → what is decided elsewhere: by the utility, by an acceptance, or by another attribute
_DECIDED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "contract": frozenset(("contract_number", "installment_amount_decimal", "status")),
        "order": frozenset(
            (
                "amount_subtotal",
                "amount_tax",
                "amount_total",
                "amount_total_decimal",
                "currency",
                "expires_at",
                "order_number",
                "status",
            )
        ),
    }
)
# stored as references, shown as text
_ADDRESSES = ("additional_addresses", "billing_address", "delivery_address")
_TYPES: Mapping[type, str] = MappingProxyType({bool: "boolean", int: "number", float: "number", str: "text"})


def edit(call: Call, state: Draft, entity: Record) -> Record:
    """The entity as it is stored after the body's merge patch. A value that it has already changes nothing.

    Raises `Forbidden` for a missing grant, a hidden attribute or a broken rule, `BadRequest` for an unfit value.
    """
    slug, portal = str(entity["_schema"]), call.caller.realm
    check_grant(call.caller, "entity:edit", slug)
    locked = hidden_attributes(portal, slug) | hidden_attributes(portal, slug, "entity:attribute:edit")
    forbidden = sorted(call.fields.keys() & locked)
    if forbidden:
        raise Forbidden(f"{forbidden[0]} of {slug} is not for this portal")
    changes = _changes(entity, call.fields)
    for name, value in changes.items():
        _check_value(name, entity.get(name), value)
        _check_references(call, state, name, value)
    if not changes:
        return entity
    wanted = {name: merge_patch(entity.get(name), value) for name, value in changes.items()}
    check_rules(portal, state, entity, wanted)
    count_edit(portal, state, entity, changes)
    waiting = (portal.get("approval_state_attributes") or {}).get(slug, ())
    return _stored(call, state, entity, changes, [name for name in changes if name in waiting])


def checked_references(call: Call, state: Draft, attributes: Record) -> Record:
    """The attributes of a new entity. Raises `BadRequest` for one that points at what the user may not see."""
    for name, value in attributes.items():
        _check_references(call, state, name, value)
    return attributes


def is_ignored(slug: str, name: str) -> bool:
    """True for a key that a patch of an entity cannot set."""
    return (
        name.startswith("_")
        or name in _COMPUTED
        or name in _DECIDED.get(slug, ())
        or name in OWNERS.get(slug, ())
        or (slug, name) in COLLECTIONS.inverses
    )


def answer(call: Call, view: Record) -> Record:
    """The body of an update. Raises `BadRequest` where the change leaves an entity that the API cannot show."""
    body = {"data": view}
    found = audit(call.operation, Reply(call.operation.success, body))
    if found:
        problems = [
            {**violation.to_json(), "path": violation.path.removeprefix("/data")} for violation in found
        ]
        raise BadRequest(f"{problems[0]['path']}: {problems[0]['message']}", errors=problems)
    return body


def _changes(entity: Record, fields: Record) -> Record:
    slug = str(entity["_schema"])
    return {
        name: value
        for name, value in fields.items()
        if not is_ignored(slug, name) and merge_patch(entity.get(name), value) != entity.get(name)
    }


def _stored(call: Call, state: Draft, entity: Record, changes: Record, waiting: list[str]) -> Record:
    """Stores the changes. A change that needs approval is kept next to the live value, which stays; all others take
    effect now."""
    collection = state.collection(str(entity["_schema"]))
    live = {name: value for name, value in changes.items() if name not in waiting}
    record = collection.patch(str(entity["_id"]), live)
    event = CONTACT_CHANGED if entity["_schema"] == "contact" else ENTITY_CHANGED
    if waiting:
        proposed = {name: _changeset(call, state, entity.get(name), changes[name]) for name in waiting}
        record = collection.put({**record, "_changesets": {**entity.get("_changesets", {}), **proposed}})
        record_activity(call, state, CHANGE_PROPOSED, [record], **_texts(state, entity, waiting))
    if live:
        record_activity(call, state, event, [record], **_texts(state, entity, list(live)))
    return record


def _texts(state: Draft, entity: Record, names: list[str]) -> dict[str, str]:
    """The title of an entity, and what its schema calls the attributes."""
    schema = state.collection("schema").find(str(entity["_schema"])) or {}
    labels = {one["name"]: str(one.get("label", one["name"])) for one in schema.get("attributes", ())}
    german = ", ".join(labels.get(name, name) for name in names)
    return {"title": str(entity["_title"]), "attributes": german, "names": ", ".join(names)}


def _changeset(call: Call, state: Draft, previous: Json, change: Json) -> Record:
    return {
        "proposed_value": merge_patch(previous, change),
        "previous_value": previous,
        "created_at": state.timestamp(),
        "created_by": {"type": "portal_user", "id": call.caller.subject},
        "edit_mode": "approval",
        "source": str(call.caller.realm.get("origin", "")).lower(),
    }


def _check_value(name: str, current: Json, new: Json) -> None:
    if new is None or (name in _ADDRESSES and isinstance(new, str)):
        return
    if not _fits(current, new):
        raise BadRequest(f"{name} has another type")
    if name.endswith(("_date", "_at")):
        try:
            instant(new)
        except (TypeError, ValueError, AttributeError):
            raise BadRequest(f"{name} is not a date") from None


def _fits(current: Json, new: Json) -> bool:
    """True if a value has the type of the one that it replaces, at every level. A value of an unknown type fits."""
    if current is None:
        return True
    if isinstance(current, dict):
        return isinstance(new, dict) and all(
            value is None or _fits(current.get(name), value) for name, value in new.items()
        )
    if isinstance(current, list):
        first = current[0] if current else None
        return isinstance(new, list) and all(_fits(first, item) for item in new)
    return _TYPES.get(type(current)) == _TYPES.get(type(new))


def _check_references(call: Call, state: Draft, name: str, value: Json) -> None:
    """A user may point only at what they may see."""
    if isinstance(value, list):
        for item in value:
            _check_references(call, state, name, item)
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in ("$relation", "$relation_ref"):
                _check_references(call, state, name, inner)
            elif not isinstance(inner, list) or not all(_is_open(call, state, ref) for ref in inner):
                raise BadRequest(f"{name} names an entity that is not there")


def _is_open(call: Call, state: Draft, ref: Json) -> bool:
    if not isinstance(ref, dict) or not isinstance(ref.get("entity_id"), str):
        return False
    entity = find_entity(state, ref["entity_id"])
    if entity is None or not is_visible(call.caller, state, str(entity["_schema"]), entity):
        return False
    return str(ref.get("path")) not in hidden_attributes(call.caller.realm, str(entity["_schema"]))
