"""Whose record is whose, read off the records alone: the tests' own idea of it, apart from `portal/visibility.py`."""

from collections.abc import Iterator

from mockportal.engine.world import World
from mockportal.portal.collections import related_ids
from mockportal.values import Json, Record, encode
from tests.support.changes import id_of

# kind → the attributes by which its records belong to whoever they name; later kinds may hang on earlier ones
CHAIN: dict[str, tuple[str, ...]] = {
    "contract": ("customer",),
    "order": ("customer", "billing_contact"),
    "opportunity": ("customer", "installer"),
    "ticket": ("customer",),
    "billing_account": ("billing_contact",),
    "meter": ("customer", "contract"),
    "meter_counter": ("meter",),
    "meter_reading": ("meter_id",),
    "billing_event": ("contract",),
    "workflow": ("context_id",),
    "portal_user": ("mapped_contact", "represents"),
    "session": ("portal_user_id",),
    "mail": ("portal_user_id",),
    "notification": ("portal_user_id",),
    "activity": ("entity_ids",),
}
MARKING = ("_id", "_title", "email", "filename", "first_name", "iban", "id", "last_name", "message", "name", "phone", "refresh_token", "subject", "title")  # fmt: skip

Belongings = dict[str, tuple[str, Record]]  # key → kind and record


def belongings(world: World, person: str) -> Belongings:
    """Everything that hangs on the people and firms whom a portal user stands for."""
    state = world.draft()
    user = state.collection("portal_user").get(id_of(world, f"portal_user/{person}"))
    owned: Belongings = {str(user["_id"]): ("portal_user", user)}
    contacts = [*related_ids(user["mapped_contact"]), *related_ids(user.get("represents"))]
    accounts = [
        id for one in contacts for id in related_ids(state.collection("contact").get(one).get("account"))
    ]
    colleagues = [
        one["_id"] for account in accounts for one in state.referring(account, "contact", "account")
    ]
    owned |= {id: ("contact", state.collection("contact").get(id)) for id in [*contacts, *colleagues]}
    owned |= {id: ("account", state.collection("account").get(id)) for id in accounts}
    for kind, attributes in CHAIN.items():
        collection = state.collection(kind)
        for record in collection:
            named = {id for attribute in attributes for id in _ids(record.get(attribute))}
            if named & owned.keys():
                owned[str(record[collection.kind.key])] = (kind, record)
    for _, holder in list(owned.values()):
        for id in related_ids(holder.get("_files")):
            owned[id] = ("file", state.collection("file").get(id))
    return owned


def marks(world: World, owned: Belongings, other: Belongings) -> set[str]:
    """The ids, names, numbers and titles that occur in `owned` and nowhere else in the world."""
    own = {key: record for key, (_, record) in owned.items() if key not in other}
    found = {text for record in own.values() for text in _marks(record)}
    rest = b"\n".join(
        encode(record)
        for kind in world.state.tables
        for record in world.draft().collection(kind)
        if str(record.get(world.draft().collection(kind).kind.key)) not in own
    ).decode()
    return {text for text in found if len(text) > 4 and text not in rest}


def _ids(value: Json) -> list[str]:
    if isinstance(value, dict):
        return related_ids(value)
    return value if isinstance(value, list) else [value]


def _marks(value: Json, name: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _marks(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _marks(inner, name)
    elif isinstance(value, str) and (name in MARKING or name.endswith(("_number", "_id"))):
        yield value
