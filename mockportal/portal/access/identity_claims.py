"""Claims of an identity provider about a person, written to the user, the contact and the account."""

from collections.abc import Mapping
from types import MappingProxyType

from mockportal.portal.collections import related_ids, relation
from mockportal.portal.entity.creation import as_lists, new_entity, retitle_users, title_of_person
from mockportal.state.store import Draft
from mockportal.values import Json, Record

# attribute in the mapping of an account → attribute of its address
_ADDRESS: Mapping[str, str] = MappingProxyType(
    {"street": "street", "house_number": "street_number", "postal_code": "postal_code", "city": "city"}
)
# kind of supply in the mapping of concessions → what the account's concession is called
_CONCESSIONS: Mapping[str, str] = MappingProxyType({"energy": "power", "gas": "gas", "water": "water"})


def claimed(mapping: Mapping[str, str], claims: Mapping[str, Json]) -> Record:
    """`{attribute: value}` for the claims that are there; a path leads into a claim, as in `address.city`."""
    found = {name: _claim(claims, path) for name, path in mapping.items()}
    return {name: value for name, value in found.items() if value not in (None, "")}


def refreshed_user(state: Draft, provider: Record, user: Record, claims: Mapping[str, Json]) -> Record:
    """The user with what the provider says now."""
    changes = _changes(user, claimed(_mapping(provider, "portal_user"), claims))
    return state.collection("portal_user").patch(str(user["_id"]), changes) if changes else user


def refreshed_contact(state: Draft, provider: Record, id: str, claims: Mapping[str, Json]) -> None:
    """The contact, and the account behind it, have what the provider says now. A further address joins the list."""
    contact = state.collection("contact").find(id)
    if contact is None:
        return
    said = as_lists(claimed(_mapping(provider, "contact"), claims))
    for name, value in said.items():
        if isinstance(value, list) and isinstance(contact.get(name), list):
            said[name] = _joined(contact[name], name, value)
    changes = _changes(contact, said)
    if changes:
        renamed = {"_title": title_of_person({**contact, **changes}) or contact["_title"]}
        contact = state.collection("contact").patch(id, {**changes, **renamed})
        retitle_users(state, contact)
    _refresh_account(state, provider, contact, claims)


def _refresh_account(state: Draft, provider: Record, contact: Record, claims: Mapping[str, Json]) -> None:
    said = claimed(_mapping(provider, "account"), claims)
    address = {_ADDRESS[name]: said.pop(name) for name in _ADDRESS if name in said}
    paths = {
        name: path
        for name, path in _mapping(provider, "concession_attributes").items()
        if name in _CONCESSIONS
    }
    if any(_claim(claims, path) is not None for path in paths.values()):
        said["concession"] = [
            _CONCESSIONS[name] for name, path in paths.items() if _claim(claims, path) is True
        ]
    accounts = [id for id in related_ids(contact.get("account")) if id in state.collection("account")]
    if accounts:
        account = state.collection("account").get(accounts[0])
        if address:
            first, *others = account.get("address") or [{"_id": "addr-1", "_tags": ["Primary"]}]
            said["address"] = [{**first, **address}, *others]
        changes = _changes(account, said)
        if changes:
            state.collection("account").patch(accounts[0], changes)
    elif "name" in said:
        if address:
            said["address"] = [{"_id": "addr-1", **address, "_tags": ["Primary"]}]
        made = new_entity(state, "account", str(contact["_org"]), str(said["name"]), said)
        state.collection("contact").patch(str(contact["_id"]), {"account": relation(str(made["_id"]))})


def _mapping(provider: Record, part: str) -> Mapping[str, str]:
    mapping = (provider.get("attribute_mappings") or {}).get(part) or {}
    return {name: path for name, path in mapping.items() if isinstance(path, str)}


def _claim(claims: Mapping[str, Json], path: str) -> Json:
    if path in claims:
        return claims[path]
    value: Json = claims
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _changes(record: Record, said: Record) -> Record:
    """The claims that change something. A provider cannot set system fields."""
    return {
        name: value for name, value in said.items() if not name.startswith("_") and record.get(name) != value
    }


def _joined(kept: list[Json], name: str, said: list[Record]) -> list[Json]:
    known = {str(item.get(name, "")).lower() for item in kept if isinstance(item, dict)}
    return [*kept, *({name: one[name]} for one in said if str(one[name]).lower() not in known)]
