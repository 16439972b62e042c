"""Surfaces: parts of a portal that a contact opens with the identifiers of a registration, without an account.

The token of a contact is good for a few minutes and a few operations, and sees nothing but the data of its surface.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from mockportal.engine.api import operation
from mockportal.engine.call import Call, Caller
from mockportal.engine.signing import issued, sign
from mockportal.errors import BadRequest, Forbidden, Unauthorized
from mockportal.portal.collections import COLLECTIONS, relation
from mockportal.portal.configuration.public_info import hides_users
from mockportal.portal.entity.addressing import org_of
from mockportal.portal.entity.paths import PLAIN
from mockportal.portal.entity.visibility import SURFACE, visible
from mockportal.portal.identity.identification import (
    check_identifiers,
    customers_of,
    identified,
    public_portal,
)
from mockportal.portal.search.saved_filters import compile_saved_filter
from mockportal.portal.versions import FOR_IDENTIFIED_CONTACTS
from mockportal.state.clock import timestamp
from mockportal.state.store import Draft
from mockportal.values import Json, Record

TOKEN = "contact_identification"
_LIFETIME = 300  # seconds
_LIFETIMES = (60, 900)


@operation("identifyContact")
def identify_contact(call: Call, state: Draft) -> Json:
    """No match, several matches, and a portal that hides whom it knows are the same answer."""
    if not call.params.keys() & {"portal_id", "domain"}:
        raise BadRequest("name a portal: portal_id, domain")
    portal = public_portal(call, state)
    surface = _surface(portal, call.fields["surface_id"])
    if surface is None or portal.get("enabled") is False:
        raise Forbidden("this portal has no such surface for contacts without an account")
    identifiers = call.fields["registration_identifiers"]
    check_identifiers(portal, identifiers)
    found = identified(state, org_of(state, portal), "contact", identifiers)
    if len(found) != 1 or hides_users(portal):
        return {"reason": "NOT_FOUND"}
    contact = found[0]
    accounts = customers_of(state, "contact", contact, "account")
    seconds = min(max(surface.get("token_ttl_seconds", _LIFETIME), _LIFETIMES[0]), _LIFETIMES[1])
    return {
        "contact_id": contact["_id"],
        **({"account_id": accounts.pop()} if len(accounts) == 1 else {}),
        "token": _token(state, portal, surface, contact, seconds),
        "token_type": TOKEN,
        "surface_id": surface["id"],
        "expires_at": timestamp(state.now() + timedelta(seconds=seconds)),
        "allowed_operations": sorted(FOR_IDENTIFIED_CONTACTS),
    }


def identified_caller(operation_id: str, caller: Caller, state: Draft) -> Caller:
    """The holder of a contact's token as a portal user who sees its surface only.

    Raises `Unauthorized` for any other operation, and once contact, portal or surface are gone; `Forbidden` for a
    portal that is switched off.
    """
    if operation_id not in FOR_IDENTIFIED_CONTACTS:
        raise Unauthorized(f"this operation takes no {TOKEN} token")
    portal, surface, contact = _bound(caller, state)
    user = {
        "_id": contact["_id"],
        "_schema": "portal_user",
        "_org": contact["_org"],
        "_title": contact["_title"],
        "mapped_contact": relation(str(contact["_id"])),
        "portal_id": portal["portal_id"],
        "origin": portal.get("origin"),
    }
    whole = replace(caller, kind="portal", org=str(contact["_org"]), user=user, realm=portal)
    return replace(whole, realm=_narrowed(whole, surface, state))


def _bound(caller: Caller, state: Draft) -> tuple[Record, Record, Record]:
    """The portal, the surface and the contact of a token. Raises `Unauthorized`, `Forbidden`."""
    contact = state.collection("contact").find(caller.subject)
    portal = state.collection("portal").find(str(caller.claims.get("custom:portal_id")))
    surface = _surface(portal or {}, str(caller.claims.get("surface_id")))
    if contact is None or portal is None or surface is None:
        raise Unauthorized("the contact or the surface of this token does not exist any more")
    if portal.get("enabled") is False:
        raise Forbidden("this portal is disabled")
    return portal, surface, contact


def with_identified(classes: frozenset[str]) -> frozenset[str]:
    """The classes of token of a scheme: where portal users may call, contacts may be let in."""
    return classes | {TOKEN} if "portal" in classes else classes


def _surface(portal: Record, id: str) -> Record | None:
    """A surface that is opened by identifiers."""
    for surface in portal.get("surfaces") or ():
        if surface["id"] == id and surface["authentication"] == "registration_identifiers":
            return dict(surface)
    return None


def _narrowed(caller: Caller, surface: Record, state: Draft) -> Record:
    """The portal of the caller as if it showed the data of the surface alone."""
    allowed = caller.realm.get("allowed_portal_entities")
    shown: dict[str, frozenset[str] | None] = {}
    for access in (surface.get("data_access") or {}).get("entities") or ():
        slug = access["schema"]
        if (allowed is None or slug in allowed) and COLLECTIONS.has_entity(slug):
            shown[slug] = _targeted(caller, state, slug, access.get("target_ids"))
    return {**caller.realm, "allowed_portal_entities": list(shown), SURFACE: shown}


def _targeted(caller: Caller, state: Draft, slug: str, target_ids: Json) -> frozenset[str] | None:
    """The ids of the entities that all of these saved filters let pass; None without any filter."""
    if not target_ids:
        return None
    filters = [compile_saved_filter(caller, state, id) for id in target_ids]
    records = visible(caller, state, slug)
    return frozenset(str(one["_id"]) for one in records if all(fits(PLAIN, one) for fits in filters))


def _token(state: Draft, portal: Record, surface: Record, contact: Record, seconds: int) -> str:
    claims: Mapping[str, Json] = {
        "sub": contact["_id"],
        "token_type": TOKEN,
        "jti": state.new_id("token"),
        "custom:portal_id": portal["portal_id"],
        "custom:org_id": org_of(state, portal),
        "surface_id": surface["id"],
    }
    issuer = f"{state.base_url}/__services/contact-identification"
    family = f"contact:{contact['_id']}"
    return sign(issued(dict(claims), issuer, state.now(), seconds, family))
