"""The portal users whom an entity concerns, for administrators."""

from mockportal.engine.api import operation
from mockportal.engine.call import Call, Caller
from mockportal.portal.collections import COLLECTIONS
from mockportal.portal.entity.visibility import is_visible
from mockportal.portal.identity.identification import customers_of, is_live
from mockportal.state.store import Draft
from mockportal.values import Json, Record

_RELATIONS = ("mapped_contact", "represents")


@operation("fetchPortalUsersByRelatedEntity")
def users_by_entity(call: Call, state: Draft) -> Json:
    """Every user who can see the entity; none for an unknown entity."""
    slug = call.params["slug"]
    entity = state.collection(slug).find(call.params["entity_id"]) if _is_entity(slug) else None
    if entity is None or entity["_org"] != call.caller.org:
        return {"portalUsers": []}
    return {"portalUsers": users_of_entity(state, slug, entity)}


def users_of_entity(state: Draft, slug: str, entity: Record) -> list[Record]:
    """The users who see an entity through the contact that they are mapped to or represent, or through its account."""
    if slug == "portal_user":
        return [entity] if is_live(entity) else []
    found: dict[str, Record] = {}
    for contact in sorted(customers_of(state, slug, entity, "contact")):
        for relation in _RELATIONS:
            for user in state.referring(contact, "portal_user", relation):
                if is_live(user) and _sees(state, user, slug, entity):
                    found[str(user["_id"])] = user
    return list(found.values())


def _sees(state: Draft, user: Record, slug: str, entity: Record) -> bool:
    portal = state.collection("portal").find(str(user.get("portal_id"))) or {}
    return is_visible(Caller("portal", str(user["_id"]), user=user, realm=portal), state, slug, entity)


def _is_entity(slug: str) -> bool:
    return COLLECTIONS.has_entity(slug)
