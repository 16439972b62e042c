"""An entity as the API shows it: inverses of relations, computed amounts, and nothing that a grant hides."""

from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import quote

from mockportal.engine.call import Caller
from mockportal.engine.signing import signed_query
from mockportal.portal.collections import COLLECTIONS, related_ids, relation
from mockportal.portal.entity.money import CURRENCY, account_balance, contract_balance, decimal_text
from mockportal.portal.entity.visibility import (
    hidden_attributes,
    holders_of,
    inherits,
    is_visible,
    shared_files,
)
from mockportal.state.derived import derived
from mockportal.state.store import Draft
from mockportal.values import Json, Record

_ENTITIES = tuple(kind.name for kind in COLLECTIONS.kinds.values() if kind.entity)
# (slug, inverse) → kind of the entities behind it that may be hidden from who sees the one that they point at
_CHECKED = {
    (slug, one.inverse): one.kind
    for slug, relations in COLLECTIONS.relations_to.items()
    for one in relations
    if not inherits(slug, one)
}
FILES = "/__services/files"  # the path of the file store
ADDRESS_LIFETIME = timedelta(minutes=15)
_MINUTE = 60  # seconds
COMPUTED = frozenset(("_relations", "balance", "balance_currency", "balance_decimal", "is_new"))


@derived
def entity_view(caller: Caller, state: Draft, record: Record) -> Record:
    """The entity as `caller` may see it."""
    slug = str(record["_schema"])
    inverses = state.inverses(str(record["_id"]), slug)
    computed = _computed(caller, state, slug, record)
    if caller.kind != "portal":
        return {**{name: relation(*ids) for name, ids in inverses.items()}, **record, **computed}
    shown = {name: relation(*_visible_ids(caller, state, slug, name, ids)) for name, ids in inverses.items()}
    view = {**shown, **record, **_shared_files(state, record), **computed}
    hidden = hidden_attributes(caller.realm, slug)
    return {name: value for name, value in view.items() if name not in hidden} if hidden else view


def related_entities(caller: Caller, state: Draft, record: Record) -> list[Record]:
    """The visible entities that an entity's relations name, files apart, each once, in the order of its attributes."""
    found: dict[str, Record] = {}
    for name, value in entity_view(caller, state, record).items():
        if name != "_files":
            for id in related_ids(value):
                entity = find_entity(state, id)
                if entity is not None and is_visible(caller, state, str(entity["_schema"]), entity):
                    found[id] = entity_view(caller, state, entity)
    return list(found.values())


def find_entity(state: Draft, id: str) -> Record | None:
    """The entity with this id, of whatever slug."""
    found = (state.collection(slug).find(id) for slug in _ENTITIES)
    return next((record for record in found if record is not None), None)


def one_line_address(address: Json) -> str:
    """`Am Kirchberg 4, 12345 Musterau`"""
    if not isinstance(address, dict):
        return str(address or "")
    street = " ".join(str(address[name]) for name in ("street", "street_number") if address.get(name))
    town = " ".join(str(address[name]) for name in ("postal_code", "city") if address.get(name))
    return ", ".join(part for part in (street, town) if part)


def referenced_values(caller: Caller, state: Draft, value: Json) -> list[Json]:
    """The values that a `$relation_ref` attribute points at: `{entity_id, path, _id}` names one item in a list of a
    visible entity."""
    found = []
    for ref in value.get("$relation_ref", ()) if isinstance(value, dict) else ():
        entity = find_entity(state, str(ref.get("entity_id"))) or {}
        if entity and not is_visible(caller, state, str(entity["_schema"]), entity):
            continue
        hidden = hidden_attributes(caller.realm, str(entity.get("_schema")))
        items = entity.get(str(ref.get("path")), []) if ref.get("path") not in hidden else []
        for item in items if isinstance(items, list) else [items]:
            if "_id" not in ref or (isinstance(item, dict) and item.get("_id") == ref["_id"]):
                found.append(item)
                break
    return found


def _visible_ids(caller: Caller, state: Draft, slug: str, name: str, ids: Iterable[str]) -> Iterable[str]:
    """Of the entities behind an inverse, those that the caller may see."""
    kind = _CHECKED.get((slug, name))
    if kind is None:
        return ids
    entities = state.collection(kind)
    return [id for id in ids if is_visible(caller, state, kind, entities.get(id))]


def _shared_files(state: Draft, record: Record) -> Record:
    """The relation to files without the internal ones."""
    if "_files" not in record:
        return {}
    return {"_files": relation(*(str(file["_id"]) for file in shared_files(state, [record])))}


def _computed(caller: Caller, state: Draft, slug: str, record: Record) -> Record:
    id = str(record["_id"])
    if slug == "contract":
        return _balance(contract_balance(state, id))
    if slug == "billing_account":
        return _balance(account_balance(state, id))
    if slug == "file":
        return _file_view(caller, state, record)
    return {}


def _balance(cents: int) -> Record:
    return {"balance": cents, "balance_decimal": decimal_text(cents), "balance_currency": CURRENCY}


def _signed_address(state: Draft, file: Record) -> str:
    """The address of a private file for the next quarter of an hour, rounded down to the minute, so that the answers of
    one minute are the same."""
    expires_at = int((state.now() + ADDRESS_LIFETIME).timestamp()) // _MINUTE * _MINUTE
    path = f"/{file['_id']}/{quote(str(file.get('filename') or file['_title']), safe='')}"
    return f"{state.base_url}{FILES}{path}?{signed_query('GET', path, expires_at, {})}"


def _file_view(caller: Caller, state: Draft, file: Record) -> Record:
    """`_relations` to what the file is attached to, its address, and whether this user has yet to open it."""
    relations = [
        {"entity_id": holder["_id"], "_schema": slug, "_title": holder["_title"]}
        for slug, holder in holders_of(state, file)
        if caller.kind != "portal" or is_visible(caller, state, slug, holder)
    ]
    view: Record = {"_relations": relations}
    if not file.get("public_url"):
        view["public_url"] = _signed_address(state, file)
    if caller.kind == "portal":
        opened = state.collection("download").where(file_id=str(file["_id"]), portal_user_id=caller.subject)
        view["is_new"] = not opened
    return view
