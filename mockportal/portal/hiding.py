"""The reasons why a portal user does not see a record, for those who look at what the mock did."""

from mockportal.engine.call import Caller
from mockportal.portal.collections import COLLECTIONS, related_ids
from mockportal.portal.entity.visibility import OWNERS, PARENTS, is_granted, is_in_scope, is_on_surface
from mockportal.state.store import Draft
from mockportal.values import Record


def hiding(caller: Caller, state: Draft, kind: str, record: Record) -> str:
    """`it belongs to …`: the first rule that hides a record from a portal user; "" for one that they see, for other
    callers, and for what is no entity."""
    if caller.kind != "portal" or not caller.user or not COLLECTIONS.has_entity(kind):
        return ""
    allowed = caller.realm.get("allowed_portal_entities")
    if allowed is not None and kind not in allowed:
        return f"the portal does not show {kind} (allowed_portal_entities)"
    if not is_granted(caller.realm, "entity:view", kind):
        return f"the portal's grants do not allow entity:view on {kind}"
    if not is_on_surface(caller, kind, record):
        return "the surface that the token is for does not show it"
    return "" if is_in_scope(caller, state, kind, record) else _owner(state, kind, record)


def _owner(state: Draft, kind: str, record: Record) -> str:
    """The contact or account to which a record belongs that is out of scope."""
    if kind in ("contact", "account"):
        return "it is out of the scope of this user"
    if kind == "file" and record.get("shared_with_end_customer") is not True:
        return "it is not shared with the end customer"
    owners = (id for attribute in OWNERS.get(kind, ()) for id in related_ids(record.get(attribute)))
    named = ", ".join(dict.fromkeys(owners))
    if named:
        return f"it belongs to {named}"
    if kind in PARENTS:
        parent, attribute = PARENTS[kind]
        for id in related_ids(record.get(attribute)):
            holder = state.collection(parent).find(id)
            if holder is not None:
                return _owner(state, parent, holder).replace("it belongs", f"its {parent} belongs", 1)
    return "it belongs to nobody"
