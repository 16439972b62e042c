"""Entities that a user creates and changes; each belongs to the contact of the user who created it."""

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.portal.collections import relation
from mockportal.portal.customer.contact import own_contact
from mockportal.portal.entity.activities import ENTITY_CREATED, record_activity
from mockportal.portal.entity.creation import new_entity
from mockportal.portal.entity.edits import checked_references, edit, is_ignored
from mockportal.portal.entity.views import entity_view
from mockportal.portal.entity.visibility import call_visible, check_grant, check_slug
from mockportal.state.store import Draft
from mockportal.values import Json

_TITLES = ("name", "title", "description")  # the first text among them is the title of the entity


@operation("createPortalUserEntity")
def create_entity(call: Call, state: Draft) -> Json:
    """Keys that the server sets itself are ignored, as in every edit; null means that there is no value."""
    slug = call.params["slug"]
    check_slug(call.caller, slug)
    check_grant(call.caller, "entity:create", slug)
    contact = own_contact(call, state)
    sent = {
        name: value for name, value in call.fields.items() if value is not None and not is_ignored(slug, name)
    }
    attributes = {**checked_references(call, state, sent), "customer": relation(str(contact["_id"]))}
    texts = (sent[name] for name in _TITLES if isinstance(sent.get(name), str) and sent[name].strip())
    asset = new_entity(state, slug, call.caller.org, next(texts, slug), attributes)
    record_activity(call, state, ENTITY_CREATED, [asset], title=str(asset["_title"]))
    return {"result": entity_view(call.caller, state, asset)}


@operation("patchPortalUserEntity")
def change_entity(call: Call, state: Draft) -> Json:
    """A merge patch."""
    asset = call_visible(call, state, call.params["slug"], call.params["id"])
    return {"result": entity_view(call.caller, state, edit(call, state, asset))}
