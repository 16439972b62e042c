"""New portal users, contacts and accounts, with the system fields that every entity carries."""

from collections.abc import Mapping

from mockportal.portal.collections import relation, system_fields
from mockportal.portal.entity.addressing import org_of
from mockportal.state.store import Draft
from mockportal.values import Json, Record

_LISTS = ("email", "phone")  # kept as [{"email": …, "_tags": […]}]


def create_user(state: Draft, portal: Record, email: str, contact: Record | None, **details: Json) -> Record:
    """A new portal user, mapped to `contact`, or pending if there is none."""
    mapping: Record = {"mapping_status": "Pending"}
    if contact is not None:
        mapping = {"mapping_status": "Mapped", "mapped_contact": relation(str(contact["_id"]))}
    title = str(contact["_title"]) if contact is not None else email
    attributes = {
        "email": email,
        "portal_id": portal["portal_id"],
        "origin": portal.get("origin", ""),
        "access_status": True,
        **mapping,
        **details,
    }
    return new_entity(state, "portal_user", org_of(state, portal), title, attributes)


def create_contact(state: Draft, org: str, email: str, attributes: Record) -> Record:
    """A new contact with this address, under its name."""
    title = title_of_person(attributes) or email
    return new_entity(state, "contact", org, title, as_lists({"email": email, **attributes}))


def title_of_person(contact: Mapping[str, Json]) -> str:
    """`Dr. Petra Lindqvist`"""
    return " ".join(str(contact[name]) for name in ("title", "first_name", "last_name") if contact.get(name))


def retitle_users(state: Draft, contact: Record) -> None:
    """The users who are mapped to a contact carry its title."""
    for user in state.referring(str(contact["_id"]), "portal_user", "mapped_contact"):
        if user["_title"] != contact["_title"]:
            state.collection("portal_user").patch(str(user["_id"]), {"_title": contact["_title"]})


def as_lists(attributes: Mapping[str, Json]) -> Record:
    """The attributes of a contact with a plain address or telephone number in the list that holds it."""
    return {
        name: [{name: value, "_tags": ["Primary"]}] if name in _LISTS and isinstance(value, str) else value
        for name, value in attributes.items()
    }


def new_entity(state: Draft, slug: str, org: str, title: str, attributes: Record) -> Record:
    """Stores a new entity with its system fields."""
    system = system_fields(slug, state.new_id(slug), org, title, state.timestamp())
    return state.collection(slug).put({**attributes, **system})
