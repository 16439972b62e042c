"""Logins that need no password: with a provider's ID token, and by an administrator in somebody's place.

Both end with a token that answers the custom challenge of the portal's user pool.
"""

from mockportal.engine.api import operation
from mockportal.engine.call import Call, Caller
from mockportal.errors import BadRequest, Forbidden, NotFound, Unauthorized
from mockportal.portal.access.confirmation import REGISTERED, SENT, issue_token
from mockportal.portal.access.identity_claims import claimed, refreshed_contact, refreshed_user
from mockportal.portal.access.provider_grants import issuer_path
from mockportal.portal.access.registration import notify_of_pending
from mockportal.portal.collections import related_ids, relation
from mockportal.portal.configuration.identity_providers import provider_of, providers_of
from mockportal.portal.entity.activities import USER_REGISTERED, record_activity
from mockportal.portal.entity.addressing import org_of, portal_of
from mockportal.portal.entity.creation import create_contact, create_user
from mockportal.portal.identity.identification import (
    INVITED,
    candidates,
    has_values,
    identified,
    is_live,
    is_taken,
    public_portal,
    user_by_email,
    users_of_contact,
)
from mockportal.portal.identity.outbox import web_url
from mockportal.state.store import Draft
from mockportal.values import Json, Record


@operation("loginToPortalAsUser")
def login_as(call: Call, state: Draft) -> Json:
    """The token says who acts in the user's place."""
    portal = portal_of(call, state)
    email = call.fields.get("email", "")
    if not email:
        raise BadRequest("email is missing")
    user = user_by_email(state, portal, email)
    if user is None:
        raise NotFound("this portal has no such user")
    return {"login_as_token": issue_token(state, user, "login_as", impersonator=call.caller.subject)["token"]}


@operation("ssoLogin", "ssoLoginV3")
def sso_login(call: Call, state: Draft) -> Json:
    """Somebody who is new becomes a user; the provider's claims refresh the contact of anybody else."""
    portal = public_portal(call, state)
    provider = _provider(call, state, portal)
    if portal.get("enabled") is False:
        raise Forbidden("this portal is disabled")
    contacts = _contacts(call, state, portal, provider)
    user = _known_user(call, state, portal, provider, contacts)
    if user is None and call.fields.get("login_only"):
        raise BadRequest("there is no such user, and none is to be created")
    if user is None:
        user = _new_user(call, state, portal, provider, contacts)
    user = refreshed_user(state, provider, user, call.caller.claims)
    if user.get("access_status") is False:
        raise Forbidden("this user is disabled")
    for id in related_ids(user.get("mapped_contact")):
        refreshed_contact(state, provider, id, call.caller.claims)
    token = issue_token(state, user, "sso", provider=provider["slug"])
    return {"token": token["token"], "email": user["email"]}


def _provider(call: Call, state: Draft, portal: Record) -> Record:
    """The provider of the portal that issued the token. Raises `NotFound`, `Unauthorized`."""
    if "provider_slug" in call.fields:
        provider = provider_of(state, portal, call.fields["provider_slug"])
        if not _issued(call.caller, provider):
            raise Unauthorized("the ID token is not from this provider")
        return provider
    for provider in providers_of(state, portal):
        if _issued(call.caller, provider):
            return provider
    raise NotFound("this portal has no provider that issued the ID token")


def _issued(caller: Caller, provider: Record) -> bool:
    """A scenario's token names the provider; one with an issuer has to fit the provider's issuer and client."""
    issuer = caller.claims.get("iss")
    if issuer is None:
        return bool(caller.subject == provider["slug"])
    config = provider.get("oidc_config") or {}
    own = str(issuer).endswith(issuer_path(provider["slug"]))
    clients = {config.get("client_id"), (provider.get("mobile_oidc_config") or {}).get("client_id")}
    audience = caller.claims.get("aud", config.get("client_id"))
    named = set(audience) if isinstance(audience, list) else {audience}
    return (own or issuer == config.get("oidc_issuer")) and not named.isdisjoint(clients)


def _contacts(call: Call, state: Draft, portal: Record, provider: Record) -> list[Record]:
    """The contacts that this person may be: the one of the invitation, else those that the claims fit."""
    org = org_of(state, portal)
    if "contact_id" in call.params:
        contact = state.collection("contact").find(call.params["contact_id"])
        if contact is None or contact["_org"] != org:
            raise NotFound("there is no such contact")
        return [contact]
    wanted = _matching(call.caller, provider, "contact")
    return identified(state, org, "contact", {"contact": wanted}) if wanted else []


def _known_user(
    call: Call, state: Draft, portal: Record, provider: Record, contacts: list[Record]
) -> Record | None:
    """By the user's attributes, else by the contact, else by the address."""
    wanted = _matching(call.caller, provider, "portal_user")
    if wanted:
        for user in candidates(state, "portal_user", wanted):
            is_here = user.get("portal_id") == portal["portal_id"]
            if is_here and is_live(user) and has_values(user, wanted):
                return user
    if len(contacts) == 1:
        for user in users_of_contact(state, str(contacts[0]["_id"])):
            if user.get("portal_id") == portal["portal_id"]:
                return _linked(state, user, wanted)
    email = _email(call.caller, provider)
    known = user_by_email(state, portal, email) if email else None
    if known is None:
        return None
    if "contact_id" in call.params and not related_ids(known.get("mapped_contact")):
        mapping = {"mapping_status": "Mapped", "mapped_contact": relation(str(contacts[0]["_id"]))}
        titled = {**mapping, "_title": contacts[0]["_title"]}
        known = state.collection("portal_user").patch(str(known["_id"]), titled)
    return _linked(state, known, wanted)


def _linked(state: Draft, user: Record, wanted: dict[str, str]) -> Record:
    """The provider vouches for the user, who is registered by that and recognised at once the next time."""
    changes: Record = {**wanted}
    if user.get("registration_status") in (SENT, INVITED):
        changes["registration_status"] = REGISTERED
    return state.collection("portal_user").patch(str(user["_id"]), changes)


def _new_user(call: Call, state: Draft, portal: Record, provider: Record, contacts: list[Record]) -> Record:
    """Without a contact that fits there is a new one; with several, an administrator has to decide."""
    if (provider.get("entity_matching") or {}).get("auto_create_cognito_user") is False:
        raise Forbidden("this provider does not make new users")
    email = _email(call.caller, provider).lower()
    if not email:
        raise Forbidden("the ID token vouches for no e-mail address")
    if is_taken(state, portal, email):
        raise Forbidden("another user is about to take this address")
    contact = contacts[0] if len(contacts) == 1 else None
    if not contacts:
        mapping = (provider.get("attribute_mappings") or {}).get("contact") or {}
        attributes = claimed(mapping, call.caller.claims)
        contact = create_contact(state, org_of(state, portal), email, attributes)
    details = {**_matching(call.caller, provider, "portal_user"), "registration_status": REGISTERED}
    user = create_user(state, portal, email, contact, **details)
    record_activity(call, state, USER_REGISTERED, [user, *([contact] if contact else ())], email=email)
    if contact is None:
        notify_of_pending(state, portal, user, web_url(call, state, portal))
    return user


def _matching(caller: Caller, provider: Record, slug: str) -> dict[str, str]:
    """`{attribute: value}` that an entity has to have; empty if the token lacks one of the claims.

    An address that the provider has not verified proves nothing.
    """
    paths = (provider.get("entity_matching") or {}).get(slug) or {}
    found = claimed(paths, caller.claims)
    verified = caller.claims.get("email_verified") is not False or "email" not in paths.values()
    complete = verified and len(found) == len(paths)
    return {name: str(value) for name, value in found.items()} if complete else {}


def _email(caller: Caller, provider: Record) -> str:
    """The address that the provider vouches for, if any."""
    if caller.claims.get("email_verified") is False:
        return ""
    path = ((provider.get("attribute_mappings") or {}).get("contact") or {}).get("email", "email")
    return str(claimed({"email": path}, caller.claims).get("email", "")).strip()
