"""Identification without a token: the portal that is addressed, users by e-mail, customers by identifiers."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from mockportal.engine.call import Call
from mockportal.errors import BadRequest, Forbidden, NotFound
from mockportal.json_tree import plain, plain_texts
from mockportal.portal.collections import COLLECTIONS, related_ids
from mockportal.portal.entity.addressing import portal_of
from mockportal.portal.entity.visibility import OWNERS, PARENTS, holders_of
from mockportal.state.clock import instant
from mockportal.state.data_model import text_index
from mockportal.state.store import Draft
from mockportal.values import Record

Identifiers = Mapping[str, Mapping[str, str]]  # {"contact": {"last_name": "Berger"}}

INVITED = "Registration Pending"

_ADDRESS = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_CUSTOMERS = ("account", "contact")


def public_portal(call: Call, state: Draft) -> Record:
    """The portal that a call without a portal token names: organization and id, organization and origin, or domain.

    The organization may stand in the query or in the body. Raises `NotFound`, `BadRequest`.
    """
    org = str(call.params.get("org_id") or call.fields.get("org_id") or call.fields.get("orgId") or "")
    named = {**call.params, "org_id": org}
    if not org:  # an id or an origin says nothing without its organization
        named = {"domain": named["domain"]} if "domain" in named else {}
    portal = portal_of(replace(call, params=named), state)
    if org and portal.get("organization_id", org) != org:
        raise NotFound("there is no such portal")
    return portal


def open_portal(call: Call, state: Draft) -> Record:
    """`public_portal`, refused if it is switched off and the operation has a way to say so. Raises `Forbidden`."""
    portal = public_portal(call, state)
    if portal.get("enabled") is False and call.operation.documents(Forbidden.status):
        raise Forbidden("this portal is disabled")
    return portal


def is_address(email: str) -> bool:
    """True for a plain, well-formed e-mail address."""
    return _ADDRESS.fullmatch(email) is not None


def users_by_email(state: Draft, email: str) -> list[Record]:
    """The portal users with this address in all portals, deleted ones too; case does not count."""
    wanted = email.strip().lower()
    users = candidates(state, "portal_user", {"email": wanted})
    found = [user for user in users if str(user.get("email", "")).lower() == wanted]
    return [user for user in found if user["email"] == wanted] or found


def user_by_email(state: Draft, portal: Record, email: str) -> Record | None:
    """The user of a portal with this address, if there is one that is not deleted."""
    users = users_by_email(state, email)
    return next(
        (user for user in users if is_live(user) and user.get("portal_id") == portal["portal_id"]), None
    )


def users_of_contact(state: Draft, contact_id: str) -> list[Record]:
    """The users that are mapped to a contact and not deleted."""
    return [user for user in state.referring(contact_id, "portal_user", "mapped_contact") if is_live(user)]


def is_live(user: Record) -> bool:
    """True if a user is not deleted."""
    return "_deleted_at" not in user


def is_registered(user: Record) -> bool:
    """True if a user has ever registered. A user who is only invited has not, and may still do so."""
    return is_live(user) and user.get("registration_status") != INVITED


def reserved_portals(state: Draft, email: str) -> dict[str, str]:
    """`{portal id: user id}` of the users who are about to change to this address."""
    wanted, now = email.strip().lower(), state.now()
    found = {}
    for change in state.collection("confirmation").where(purpose="email_change", email=wanted):
        user = state.collection("portal_user").find(change["portal_user_id"])
        open_still = "used_at" not in change and instant(change["expires_at"]) > now
        if user is not None and is_live(user) and open_still:
            found[str(user.get("portal_id"))] = str(user["_id"])
    return found


def is_taken(state: Draft, portal: Record, email: str, by_other_than: str = "") -> bool:
    """True if a user of the portal has this address, or is about to change to it."""
    user = user_by_email(state, portal, email)
    owners = {user["_id"] if user else None, reserved_portals(state, email).get(portal["portal_id"])}
    return bool(owners - {None, by_other_than})


def check_identifiers(portal: Record, given: Identifiers) -> None:
    """Raises `BadRequest` unless exactly the portal's identifiers are given, each with a value.

    A portal that registers by account also takes those that pick the contact inside it.
    """
    wanted = _pairs(portal, "registration_identifiers")
    stated = {(slug, name) for slug, values in given.items() for name in values}
    unknown = stated - wanted - _pairs(portal, "contact_identifiers_for_account")
    if unknown:
        raise BadRequest(f"not an identifier of this portal: {_names(unknown)}")
    missing = {(slug, name) for slug, name in wanted if not given.get(slug, {}).get(name, "").strip()}
    if missing:
        raise BadRequest(f"identifiers are missing: {_names(missing)}")


def identified(state: Draft, org: str, slug: str, identifiers: Identifiers) -> list[Record]:
    """The contacts, or accounts, of an organization to which all the identifiers lead, over whatever relations."""
    found: set[str] | None = None
    for other, values in identifiers.items():
        ids = {
            id
            for record in _having(state, org, other, values)
            for id in customers_of(state, other, record, slug)
        }
        found = ids if found is None else found & ids
    return [record for id in sorted(found or ()) if (record := state.collection(slug).find(id)) is not None]


def has_values(record: Record, values: Mapping[str, str]) -> bool:
    """True if every attribute has, or contains, the given text. Case and outer blanks do not count."""
    return all(
        plain(value) and plain(value) in plain_texts(record.get(name)) for name, value in values.items()
    )


def candidates(state: Draft, slug: str, values: Mapping[str, str]) -> Iterable[Record]:
    """The records among which those with these values are, oldest first; all of them if no index has any of the
    values."""
    if not COLLECTIONS.has_entity(slug):
        return ()
    records = state.collection(slug)
    known = [name for name in values if name in records.kind.texts]
    found = [records.keys(text_index(name), plain(values[name])) for name in known]
    return [records.get(id) for id in min(found, key=len)] if found else records


def customers_of(state: Draft, slug: str, record: Record, kind: str) -> set[str]:
    """The ids of the contacts, or of the accounts, that an entity belongs to.

    What belongs to an account belongs to its contacts, and the other way round.
    """
    owners = owners_of(state, slug, record)
    contacts = [id for id in owners if id in state.collection("contact")]
    accounts = [id for id in owners if id in state.collection("account")]
    if kind == "contact":
        members = (state.referring(id, "contact", "account") for id in accounts)
        return {*contacts, *(str(contact["_id"]) for contacts_of in members for contact in contacts_of)}
    employers = (related_ids(state.collection("contact").get(id).get("account")) for id in contacts)
    return {*accounts, *(id for ids in employers for id in ids)}


def owners_of(state: Draft, slug: str, record: Record) -> set[str]:
    """The ids of the contacts and accounts that an entity names, itself or through what it is part of."""
    if slug in _CUSTOMERS:
        return {str(record["_id"])}
    owners = {id for attribute in OWNERS.get(slug, ()) for id in related_ids(record.get(attribute))}
    if slug in PARENTS:
        parent, attribute = PARENTS[slug]
        for id in related_ids(record.get(attribute)):
            owners |= owners_of(state, parent, state.collection(parent).find(id) or {})
    if slug == "file":
        for holder_slug, holder in holders_of(state, record):
            owners |= owners_of(state, holder_slug, holder)
    return owners


def _having(state: Draft, org: str, slug: str, values: Mapping[str, str]) -> Iterator[Record]:
    if values:
        for record in candidates(state, slug, values):
            if record["_org"] == org and has_values(record, values):
                yield record


def _pairs(portal: Record, attribute: str) -> set[tuple[str, str]]:
    items = portal.get(attribute) or ()
    return {(item.get("schema", "contact"), item["name"]) for item in items if "name" in item}


def _names(pairs: set[tuple[str, str]]) -> str:
    return ", ".join(sorted(f"{slug}.{name}" for slug, name in pairs))
