"""Public information, available without a token: existing users, the ways to log in, and the public settings."""

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.errors import BadRequest
from mockportal.portal.entity.addressing import org_of
from mockportal.portal.identity.identification import (
    check_identifiers,
    customers_of,
    identified,
    is_live,
    is_registered,
    public_portal,
    reserved_portals,
    users_by_email,
)
from mockportal.portal.identity.passwords import has_password
from mockportal.state.store import Draft
from mockportal.values import Json, Record

# The switches of an organization that a login page needs; the rest is for those who are logged in.
PUBLIC_SETTINGS = frozenset(("double_opt_in", "end_customer_portal", "installer_portal", "sso"))


@operation("getUserEntryPoint")
def user_entry_point(call: Call, state: Draft) -> Json:
    """A user who has no password, but an account at a provider, logs in there whatever the portal's default."""
    portal = public_portal(call, state)
    users = [
        user
        for user in users_by_email(state, call.params["email"])
        if user.get("portal_id") == portal["portal_id"]
    ]
    user = next((user for user in users if is_registered(user)), None)
    settings = portal.get("auth_settings") or {}
    only_sso = user is not None and "external_id" in user and not has_password(state, user)
    if hides_users(portal):
        user, users, only_sso = None, [], False
    return {
        "user_exists": user is not None,
        "entry_point": "SSO" if only_sso else settings.get("entry_point", "PASSWORD"),
        "preferred_sso_providers": settings.get("preferred_sso_providers", []),
        "is_soft_deleted": bool(users) and not any(is_live(user) for user in users),
    }


@operation("userExists", "userExistsV3")
def user_exists(call: Call, state: Draft) -> Json:
    """Without a portal, all those of the organization count. A reserved address exists, somebody invited does not."""
    email, portals = call.params["email"], _portals(call, state)
    portals -= {portal["portal_id"] for portal in state.collection("portal") if hides_users(portal)}
    users = [str(user.get("portal_id")) for user in users_by_email(state, email) if is_registered(user)]
    return {"exists": not portals.isdisjoint((*users, *reserved_portals(state, email)))}


@operation("checkContactExists", "checkContactExistsV3")
def contact_exists(call: Call, state: Draft) -> Json:
    """No match and several matches are the same answer."""
    portal = public_portal(call, state)
    found = _identified(call, state, portal, "contact")
    if len(found) != 1 or hides_users(portal):
        return unknown_customer(call)
    answer: Record = {"exists": True, "contactId": found[0]["_id"]}
    accounts = customers_of(state, "contact", found[0], "account")
    if portal.get("self_registration_entity") == "account" and len(accounts) == 1:
        answer["accountId"] = accounts.pop()
    return answer


@operation("checkAccountExists")
def account_exists(call: Call, state: Draft) -> Json:
    found = _identified(call, state, public_portal(call, state), "account")
    return {"exists": True, "accountId": found[0]["_id"]} if len(found) == 1 else unknown_customer(call)


def unknown_customer(call: Call) -> Record:
    """The answer for a customer whom nobody knows, with the reason where the document has one."""
    response = call.operation.response(200)
    validator = response.validators.get("application/json") if response is not None else None
    has_reason = validator is not None and not validator.is_valid({"reason": ""})
    return {"exists": False, **({"reason": "NOT_FOUND"} if has_reason else {})}


def hides_users(portal: Record) -> bool:
    """True for a portal that does not let anybody find out whom it knows."""
    return (portal.get("auth_settings") or {}).get("prevent_user_enumeration") is True


@operation("getOrganizationSettings")
def organization_settings(call: Call, state: Draft) -> Json:
    return {"data": _settings(state, call.caller.org)}


@operation("getOrganizationSettingsByDomain")
def public_organization_settings(call: Call, state: Draft) -> Json:
    settings = _settings(state, org_of(state, public_portal(call, state)))
    return {"data": {name: value for name, value in settings.items() if name in PUBLIC_SETTINGS}}


def _portals(call: Call, state: Draft) -> set[str]:
    """The ids of the portals that a question about an address is about."""
    if "portal_id" in call.params or "domain" in call.params:
        return {public_portal(call, state)["portal_id"]}
    if "org_id" not in call.params:
        raise BadRequest("name an organization or a domain: org_id, domain")
    return {
        portal["portal_id"]
        for portal in state.collection("portal")
        if org_of(state, portal) == call.params["org_id"]
        and call.params.get("origin", portal.get("origin")) == portal.get("origin")
    }


def _identified(call: Call, state: Draft, portal: Record, slug: str) -> list[Record]:
    identifiers = call.fields["registration_identifiers"]
    check_identifiers(portal, identifiers)
    return identified(state, org_of(state, portal), slug, identifiers)


def _settings(state: Draft, org: str) -> Record:
    organization = state.collection("organization").find(org) or {}
    return dict(organization.get("settings", {}))
