"""The schemas of an organization's entities: for users, for the public pages, and as lists to choose from."""

from collections.abc import Iterator
from typing import Any

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.portal.entity.visibility import hidden_attributes
from mockportal.portal.identity.identification import open_portal
from mockportal.state.store import Draft
from mockportal.values import Json, Record

# Types of an attribute that hold one plain value, by which something can be identified.
SCALARS = frozenset(("currency", "date", "datetime", "email", "number", "phone", "string"))
# Slugs through which a registration can lead to a contact or an account.
IDENTIFYING = ("contact", "account", "contract", "meter", "billing_account", "order", "opportunity")
# Slugs with attributes that a grant can allow or deny one by one.
PERMITTED = ("contact", "contract", "order", "opportunity", "meter", "meter_counter")
# Settings of a portal that ask for attributes before login, and the slug that they mean if they name none.
_ASKING = ("registration_identifiers", "contact_identifiers_for_account", "additional_contact_attributes")


@operation("getSchemas")
def user_schemas(call: Call, state: Draft) -> Json:
    """The schemas that the portal opens to its users, without what is for the staff or denied by a grant."""
    portal = call.caller.realm
    allowed = portal.get("allowed_portal_entities")
    schemas = []
    for schema in state.collection("schema"):
        if allowed is None or schema["slug"] in allowed:
            hidden = hidden_attributes(portal, schema["slug"])
            names = {one["name"] for one in _attributes(schema) if one.get("portal") is True} - hidden
            schemas.append(_reduced(schema, names))
    return {"schemas": schemas}


@operation("getSchemasByDomain", "getPublicSchemasV3")
def public_schemas(call: Call, state: Draft) -> Json:
    """Only what the registration and the public pages ask for."""
    portal = open_portal(call, state)
    used: dict[str, set[str]] = {}
    for slug, name in _used_in_public(state, portal):
        used.setdefault(slug, set()).add(name)
    reduced = (
        _reduced(schema, used[schema["slug"]])
        for schema in state.collection("schema")
        if schema["slug"] in used
    )
    return {"schemas": [schema for schema in reduced if schema["attributes"]]}


@operation("getRegistrationIdentifiers")
def registration_identifiers(call: Call, state: Draft) -> Json:
    schemas = state.collection("schema")
    return {
        "data": {
            slug: [{"label": one.get("label", one["name"]), **_identifier(one)} for one in _scalars(schema)]
            for slug in IDENTIFYING
            if (schema := schemas.find(slug)) is not None
        }
    }


@operation("getEntityIdentifiers")
def entity_identifiers(call: Call, state: Draft) -> Json:
    """A slug without a schema has none."""
    schema = state.collection("schema").find(call.params["slug"]) or {}
    return {"data": [_identifier(one) for one in _scalars(schema)]}


@operation("getValidSecondaryAttributes")
def secondary_attributes(call: Call, state: Draft) -> Json:
    schema = state.collection("schema").find("contact") or {}
    return {"data": [_identifier(one) for one in _scalars(schema)]}


@operation("extraPermissionAttributes")
def permission_attributes(call: Call, state: Draft) -> Json:
    schemas = state.collection("schema")
    return {
        "data": {
            slug: [
                {"name": one["name"], "label": one.get("label", one["name"]), "group": one.get("group", "")}
                for one in _attributes(schemas.find(slug) or {})
            ]
            for slug in PERMITTED
        }
    }


def _attributes(schema: Record) -> list[Record]:
    return list(schema.get("attributes", ()))


def _scalars(schema: Record) -> list[Record]:
    return [one for one in _attributes(schema) if one.get("type") in SCALARS]


def _identifier(attribute: Record) -> Record:
    return {"name": attribute["name"], "type": attribute["type"]}


def _reduced(schema: Record, names: set[str] | frozenset[str]) -> Record:
    return {**schema, "attributes": [one for one in _attributes(schema) if one["name"] in names]}


def _used_in_public(state: Draft, portal: Record) -> Iterator[tuple[str, str]]:
    """(slug, attribute) of everything that a visitor without a token is asked for or shown."""
    for setting in _ASKING:
        for item in portal.get(setting) or ():
            yield item.get("schema", "contact"), item.get("name", "")
    for page in state.collection("page").where(portal_id=portal["portal_id"]):
        if page.get("is_public") is True:
            yield from _named_in(page.get("blocks", {}))


def _named_in(value: Any) -> Iterator[tuple[str, str]]:
    """(schema, attribute) of every part of a block that names both."""
    if isinstance(value, dict):
        slug, name = value.get("schema"), value.get("attribute")
        if isinstance(slug, str) and isinstance(name, str):
            yield slug, name
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _named_in(item)
