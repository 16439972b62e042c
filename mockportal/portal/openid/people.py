"""The people that an identity provider can vouch for: the users of the portals that use it, and anybody new."""

import hashlib
from collections.abc import Mapping
from typing import NamedTuple

from mockportal.portal.collections import related_ids
from mockportal.portal.identity.identification import is_address, is_live
from mockportal.portal.openid.clients import RelyingParty
from mockportal.state.store import Draft
from mockportal.values import Json, Record


class Person(NamedTuple):
    """Somebody as the provider knows them; `names` are the texts by which a login hint may mean this person."""

    claims: Record
    names: frozenset[str]

    @property
    def title(self) -> str:
        """The name to show."""
        return str(self.claims.get("name") or self.claims["email"])


def people(state: Draft, party: RelyingParty) -> list[Person]:
    """The users of the portals that use a client, each person once, in alphabetical order."""
    found: dict[str, Person] = {}
    for portal in party.portals:
        for user in state.collection("portal_user").where(portal_id=portal["portal_id"]):
            if is_live(user) and user.get("email"):
                person = _person(state, party, user)
                found.setdefault(str(person.claims["sub"]), person)
    return sorted(found.values(), key=lambda person: person.title.casefold())


def hinted(state: Draft, party: RelyingParty, hint: str) -> Person | None:
    """The person whom a login hint means, by address, subject or id."""
    wanted = hint.strip().casefold()
    return next((person for person in people(state, party) if wanted in person.names), None)


def newcomer(party: RelyingParty, given: Mapping[str, str]) -> Person | None:
    """Somebody whom no portal knows, as entered on the page; None without a usable address."""
    email = given.get("new_email", "").strip().lower()
    if not is_address(email):
        return None
    slug = party.used_provider["slug"]
    digest = hashlib.sha256(f"{slug}/{email}".encode()).hexdigest()[:12]
    claims = {"sub": f"{slug}-{digest}", "email": email, "email_verified": True}
    return Person(
        {**claims, **_named(given.get("new_given_name"), given.get("new_family_name"))}, frozenset()
    )


def _person(state: Draft, party: RelyingParty, user: Record) -> Person:
    contacts = related_ids(user.get("mapped_contact"))
    contact = (state.collection("contact").find(contacts[0]) if contacts else None) or {}
    provider = party.used_provider
    subject = str(user.get("external_id") or f"{provider['slug']}-{user['_id']}")
    claims: Record = {"sub": subject, "email": user["email"], "email_verified": True}
    claims |= _named(contact.get("first_name"), contact.get("last_name"))
    phone = _text(contact.get("phone"), "phone")
    if phone:
        claims["phone_number"] = phone
    mapping = (provider.get("attribute_mappings") or {}).get("contact") or {}
    for attribute, path in mapping.items():
        value = _text(contact.get(attribute), attribute)
        if value and isinstance(path, str):
            claims = _with_claim(claims, path.split("."), value)
    names = {subject, str(user["email"]), str(user["_id"])}
    return Person(claims, frozenset(name.casefold() for name in names))


def _named(given: Json, family: Json) -> Record:
    parts = {"given_name": str(given or "").strip(), "family_name": str(family or "").strip()}
    known = {name: part for name, part in parts.items() if part}
    return {**known, "name": " ".join(known.values())} if known else {}


def _with_claim(claims: Record, path: list[str], value: str) -> Record:
    """The claims with one more at a path such as `address.city`; what is known already stays."""
    name, *rest = path
    if not rest:
        return {name: value, **claims}
    inner = claims.get(name)
    return {**claims, name: _with_claim(inner if isinstance(inner, dict) else {}, rest, value)}


def _text(value: Json, name: str) -> str:
    """The text of an attribute, or of the first item of a list such as `[{"email": …}]`."""
    first = value[0] if isinstance(value, list) and value else value
    found = first.get(name) if isinstance(first, dict) else first
    return found if isinstance(found, str) else ""
