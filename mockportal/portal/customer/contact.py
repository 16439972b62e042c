"""The contact behind a portal user, read and changed by the user; and any contact, read by an administrator."""

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.errors import Forbidden, NotFound
from mockportal.portal.collections import related_ids
from mockportal.portal.entity.creation import retitle_users, title_of_person
from mockportal.portal.entity.edits import answer, edit
from mockportal.portal.entity.list_view import bundle
from mockportal.portal.entity.views import entity_view
from mockportal.portal.entity.visibility import check_slug
from mockportal.state.store import Draft
from mockportal.values import Json, Record

_NAMES = ("title", "first_name", "last_name")


@operation("getContact")
def show_contact(call: Call, state: Draft) -> Json:
    check_slug(call.caller, "contact")
    return bundle(call, state, own_contact(call, state))


@operation("updateContact")
def update_contact(call: Call, state: Draft) -> Json:
    check_slug(call.caller, "contact")
    before = own_contact(call, state)
    contact = _retitled(state, before, edit(call, state, before))
    return answer(call, entity_view(call.caller, state, contact))


@operation("getECPContact")
def show_any_contact(call: Call, state: Draft) -> Json:
    contact = state.collection("contact").get(call.params["id"])
    if contact["_org"] != call.caller.org:
        raise NotFound(f"there is no contact {contact['_id']}")
    return {"data": entity_view(call.caller, state, contact)}


def own_contact(call: Call, state: Draft) -> Record:
    """The mapped contact, else the first one that the user represents.

    Raises `Forbidden` if the user has no contact, `Missing` if the contact does not exist any more.
    """
    user = call.caller.user
    ids = [*related_ids(user.get("mapped_contact")), *related_ids(user.get("represents"))]
    if not ids:
        raise Forbidden("no contact is mapped to this user yet", reason="PORTAL_USER_PENDING_ACTIVATION")
    return state.collection("contact").get(ids[0])


def _retitled(state: Draft, before: Record, contact: Record) -> Record:
    """A contact's title follows its name, and the title of its users follows the contact's."""
    title = title_of_person(contact)
    if not title or all(before.get(name) == contact.get(name) for name in _NAMES):
        return contact
    contact = state.collection("contact").patch(str(contact["_id"]), {"_title": title})
    retitle_users(state, contact)
    return contact
