"""Rights of a portal user: their scope, the entities that depend on it, and the limits that the portal sets.

Scope is the mapped contact, the contacts that the user represents, and the accounts of those contacts. An unknown
id and one that is not visible are the same 404; a slug or an action that the portal forbids is 403.
"""

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from types import MappingProxyType

from mockportal.engine.call import Call, Caller
from mockportal.errors import Forbidden, NotFound
from mockportal.portal.collections import COLLECTIONS, related_ids
from mockportal.state.data_model import Relation
from mockportal.state.derived import derived
from mockportal.state.store import Draft
from mockportal.values import Record

# slug → the relations through which an entity belongs to somebody
OWNERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "asset": ("customer",),
        "billing_account": ("billing_contact",),
        "contract": ("customer",),
        "meter": ("customer",),
        "opportunity": ("customer", "installer"),
        "order": ("customer", "billing_contact"),
        "submission": ("customer",),
        "ticket": ("customer",),
    }
)
# slug → (slug of the entity that it is part of, relation)
PARENTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "billing_event": ("contract", "contract"),
        "meter": ("contract", "contract"),
        "meter_counter": ("meter", "meter"),
    }
)
CATALOGUE = frozenset(("product", "price"))  # everybody sees these
# The portal of a caller whose token is for one surface says here what it shows: slug → the ids of its entities, or
# None for all that are in scope.
SURFACE = "shown_on_surface"
FILE_HOLDERS = (*OWNERS, "contact", "account")  # what a file can be attached to
SYSTEM_FIELDS = ("_id", "_schema", "_org", "_title", "_created_at", "_updated_at")  # always shown


@derived
def scope_of(caller: Caller, state: Draft) -> list[str]:
    """The ids of the contacts and accounts that a portal user stands for."""
    user = caller.user
    contacts = [*related_ids(user.get("mapped_contact")), *related_ids(user.get("represents"))]
    accounts = [
        account
        for id in contacts
        for account in related_ids((state.collection("contact").find(id) or {}).get("account"))
    ]
    return list(dict.fromkeys(contacts + accounts))


@derived
def visible(caller: Caller, state: Draft, slug: str) -> list[Record]:
    """The entities of a slug that the caller may see, oldest first."""
    found = {str(record["_id"]): record for record in _candidates(caller, state, slug)}
    return [record for record in found.values() if is_on_surface(caller, slug, record)]


def visible_entity(caller: Caller, state: Draft, slug: str, id: str) -> Record:
    """One visible entity. Raises `NotFound` for an id that does not exist or is not for this caller."""
    record = state.collection(slug).find(id) if COLLECTIONS.has_entity(slug) else None
    if record is None or not is_visible(caller, state, slug, record):
        raise NotFound(f"there is no {slug} {id}")
    return record


def is_visible(caller: Caller, state: Draft, slug: str, record: Record) -> bool:
    """True if the caller may see this entity."""
    return is_on_surface(caller, slug, record) and is_in_scope(caller, state, slug, record)


def is_on_surface(caller: Caller, slug: str, record: Record) -> bool:
    """True unless the caller's token is for a part of the portal that does not show this entity (see `SURFACE`)."""
    shown = caller.realm.get(SURFACE)
    return shown is None or (slug in shown and (shown[slug] is None or record["_id"] in shown[slug]))


@derived
def is_in_scope(caller: Caller, state: Draft, slug: str, record: Record) -> bool:
    """True if an entity belongs to the caller, or to everybody. The search goes upwards from it, so it costs the same
    in any world."""
    if slug in CATALOGUE:
        return True
    if slug == "portal_user":
        return bool(record["_id"] == caller.user["_id"])
    scope = scope_of(caller, state)
    if slug in ("contact", "account"):
        return record["_id"] in scope
    if any(
        owner in scope for attribute in OWNERS.get(slug, ()) for owner in related_ids(record.get(attribute))
    ):
        return True
    if slug in PARENTS:
        parent, attribute = PARENTS[slug]
        holders = (state.collection(parent).find(id) for id in related_ids(record.get(attribute)))
        return any(is_in_scope(caller, state, parent, holder) for holder in holders if holder is not None)
    return (
        slug == "file"
        and _is_shared(record)
        and any(
            is_in_scope(caller, state, holder_slug, holder)
            for holder_slug, holder in holders_of(state, record)
        )
    )


def inherits(slug: str, relation: Relation) -> bool:
    """True if everything that refers to a visible entity of `slug` by this relation is visible as well."""
    owned = slug in ("contact", "account") and relation.attribute in OWNERS.get(relation.kind, ())
    return owned or PARENTS.get(relation.kind) == (slug, relation.attribute)


def holders_of(state: Draft, file: Record) -> Iterator[tuple[str, Record]]:
    """(slug, entity) of everything that a file is attached to."""
    for slug in FILE_HOLDERS:
        for holder in state.referring(str(file["_id"]), slug, "_files"):
            yield slug, holder


def is_open(portal: Record, slug: str) -> bool:
    """True if a portal shows entities of this slug at all."""
    allowed = portal.get("allowed_portal_entities")
    return (allowed is None or slug in allowed) and is_granted(portal, "entity:view", slug)


def is_shown(caller: Caller, state: Draft, record: Record) -> bool:
    """True if this caller may see an entity. Administrators see all."""
    slug = str(record["_schema"])
    return caller.kind != "portal" or (
        is_open(caller.realm, slug) and is_visible(caller, state, slug, record)
    )


def check_slug(caller: Caller, slug: str) -> None:
    """Raises `Forbidden` for a slug that the portal does not open to its users."""
    allowed = caller.realm.get("allowed_portal_entities")
    if allowed is not None and slug not in allowed:
        raise Forbidden(f"this portal does not show {slug}")
    check_grant(caller, "entity:view", slug)


def check_grant(caller: Caller, action: str, resource: str) -> None:
    """Raises `Forbidden` where the portal's grants do not cover the action."""
    if not is_granted(caller.realm, action, resource):
        raise Forbidden(f"{action} on {resource} is not granted")


@derived
def is_granted(portal: Record, action: str, resource: str) -> bool:
    """True if the grants allow an action. An explicit deny wins; a portal without grants allows everything (M16)."""
    grants = portal.get("grants")
    if grants is None:
        return True
    effects = {
        grant.get("effect", "allow")
        for grant in grants
        if fnmatchcase(action, grant["action"]) and _covers(grant.get("resource", "*"), resource)
    }
    return "allow" in effects and "deny" not in effects


@derived
def hidden_attributes(portal: Record, slug: str, action: str = "entity:attribute:view") -> frozenset[str]:
    """The attributes of a slug that a grant denies to see, or to edit (`slug:<group>:<attribute>`)."""
    names = set()
    for grant in portal.get("grants") or ():
        if grant.get("effect") == "deny" and grant["action"] == action:
            parts = grant.get("resource", "").split(":")
            if len(parts) == 3 and fnmatchcase(slug, parts[0]):
                names.add(parts[2])
    return frozenset(names).difference(SYSTEM_FIELDS)


def shared_files(state: Draft, holders: Iterable[Record]) -> list[Record]:
    """The shared files that are attached to these entities, oldest first, each once."""
    ids = dict.fromkeys(id for holder in holders for id in related_ids(holder.get("_files")))
    files = (state.collection("file").find(id) for id in ids)
    return [file for file in files if file is not None and _is_shared(file)]


def call_visible(call: Call, state: Draft, slug: str, id: str) -> Record:
    """`visible_entity` after `check_slug`: what an operation on one entity begins with."""
    check_slug(call.caller, slug)
    return visible_entity(call.caller, state, slug, id)


def _candidates(caller: Caller, state: Draft, slug: str) -> Iterator[Record]:
    if slug in CATALOGUE:
        yield from state.collection(slug)
        return
    if slug == "portal_user":
        yield caller.user
        return
    scope = scope_of(caller, state)
    if slug in ("contact", "account"):
        yield from (record for id in scope if (record := state.collection(slug).find(id)) is not None)
        return
    for attribute in OWNERS.get(slug, ()):
        for id in scope:
            yield from state.referring(id, slug, attribute)
    if slug in PARENTS:
        parent, attribute = PARENTS[slug]
        for holder in _candidates(caller, state, parent):
            yield from state.referring(str(holder["_id"]), slug, attribute)
    if slug == "file":
        for holder_slug in FILE_HOLDERS:
            yield from shared_files(state, _candidates(caller, state, holder_slug))


def _is_shared(file: Record) -> bool:
    return file.get("shared_with_end_customer") is True


def _covers(pattern: str, resource: str) -> bool:
    """`contact*`, `contact:*` and `*` cover `contact`."""
    return fnmatchcase(resource, pattern) or fnmatchcase(f"{resource}:", pattern)
