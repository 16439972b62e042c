"""Self-registration: which contact or account a new user belongs to, and what the portal's setting makes of it."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.errors import BadRequest
from mockportal.portal.access.confirmation import SENT, send_confirmation
from mockportal.portal.collections import relation
from mockportal.portal.entity.activities import USER_REGISTERED, record_activity
from mockportal.portal.entity.addressing import org_of
from mockportal.portal.entity.creation import create_contact, create_user, new_entity
from mockportal.portal.identity.identification import (
    INVITED,
    Identifiers,
    check_identifiers,
    has_values,
    identified,
    is_address,
    is_taken,
    public_portal,
    user_by_email,
    users_of_contact,
)
from mockportal.portal.identity.outbox import send_mail, web_url
from mockportal.portal.identity.passwords import check_password, set_password
from mockportal.state.clock import instant
from mockportal.state.store import Draft
from mockportal.values import Json, Record


class Applicant(NamedTuple):
    """Somebody who registers with a portal; `found` are the customers to whom the identifiers lead."""

    portal: Record
    fields: Record
    identifiers: Identifiers
    found: list[Record]


# What becomes of an applicant: the contact to map, or None where an administrator has to decide.
Outcome = Callable[[Draft, Applicant], Record | None]


@operation("createUser", "createUserV3")
def register(call: Call, state: Draft) -> Json:
    """The user cannot log in before the address is confirmed. Somebody who was invited completes the invitation."""
    portal = public_portal(call, state)
    if portal.get("enabled") is False:
        raise BadRequest("this portal is disabled")
    email = call.fields["email"].strip().lower()
    if not is_address(email):
        raise BadRequest(f"{email!r} is not an e-mail address")
    invited = _invited(state, portal, email)
    if invited is None and is_taken(state, portal, email):
        raise BadRequest("there is a user with this address already")
    check_password(portal, call.fields["password"])
    if invited is None:
        user = _new_user(call, state, portal, email)
    else:
        user = state.collection("portal_user").patch(invited["_id"], {"registration_status": SENT})
    set_password(state, user, call.fields["password"])
    send_confirmation(call, state, user)
    names = ("_id", "email", "portal_id", "registration_status", "mapping_status")
    return {
        "message": "User created successfully",
        "response": {name: user[name] for name in names if name in user},
    }


def notify_of_pending(state: Draft, portal: Record, user: Record, link: str) -> None:
    """Tells the administrators whom the portal names that a user waits for a contact."""
    for person in (portal.get("default_user_to_notify") or {}).get("onPendingUser") or ():
        if person.get("email"):
            subject = f"{user['email']} wartet auf die Zuordnung zu einem Kontakt"
            send_mail(state, user, "onPendingUser", subject, link, to=person["email"])


def _new_user(call: Call, state: Draft, portal: Record, email: str) -> Record:
    contact = _contact_of(call, state, portal)
    user = create_user(state, portal, email, contact, registration_status=SENT)
    entities = [user] if contact is None else [user, contact]
    record_activity(call, state, USER_REGISTERED, entities, email=email)
    if contact is None:
        notify_of_pending(state, portal, user, web_url(call, state, portal))
    return user


def _invited(state: Draft, portal: Record, email: str) -> Record | None:
    """The user who was invited under this address. Raises `BadRequest` if every invitation has expired."""
    user = user_by_email(state, portal, email)
    if user is None or user.get("registration_status") != INVITED:
        return None
    tokens = state.collection("confirmation").where(purpose="invitation", portal_user_id=str(user["_id"]))
    if tokens and all(instant(token["expires_at"]) <= state.now() for token in tokens):
        raise BadRequest("the invitation has expired")
    return user


def _contact_of(call: Call, state: Draft, portal: Record) -> Record | None:
    """The contact to map; an invitation names it, otherwise the portal's setting decides."""
    if "contactId" in call.fields:
        return _named(state, portal, "contact", call.fields["contactId"])
    missing = [
        attribute["name"]
        for attribute in portal.get("additional_contact_attributes") or ()
        if attribute.get("required")
        and not _additional(portal, call.fields).get(attribute["name"], "").strip()
    ]
    if missing:
        raise BadRequest(f"additional contact attributes are missing: {', '.join(missing)}")
    mode = portal.get("self_registration_entity", "contact")
    rules, setting, default = MODES[mode]
    one, other = rules[portal.get(setting, default)]
    identifiers = _identifiers(call.fields)
    if mode == "account" and "account_id" in call.fields:
        found = [_named(state, portal, "account", call.fields["account_id"])]
    elif one is refuse:
        found = []
    else:
        check_identifiers(portal, identifiers)
        found = identified(state, org_of(state, portal), mode, identifiers)
    applicant = Applicant(portal, call.fields, identifiers, found)
    return (one if len(found) == 1 else other)(state, applicant)


def map_contact(state: Draft, applicant: Applicant) -> Record | None:
    return applicant.found[0]


def map_free_contact(state: Draft, applicant: Applicant) -> Record | None:
    """Only a contact that has no user yet."""
    if users_of_contact(state, str(applicant.found[0]["_id"])):
        raise BadRequest("there is a user for this customer already")
    return applicant.found[0]


def make_contact(state: Draft, applicant: Applicant) -> Record | None:
    """A new contact holds what the applicant said: name, identifiers and additional attributes."""
    attributes = {
        **applicant.identifiers.get("contact", {}),
        **_additional(applicant.portal, applicant.fields),
    }
    attributes |= {name: applicant.fields[name] for name in _NAMES if name in applicant.fields}
    email = applicant.fields["email"].strip().lower()
    return create_contact(state, org_of(state, applicant.portal), email, attributes)


def leave_pending(state: Draft, applicant: Applicant) -> Record | None:
    return None


def refuse(state: Draft, applicant: Applicant) -> Record | None:
    raise BadRequest("this portal does not let you register")


def enter_account(state: Draft, applicant: Applicant) -> Record | None:
    """The contact inside the account that `contact_identifiers_for_account` picks, else a new one.

    Some portals accept only an account that has no user yet.
    """
    if applicant.portal.get("block_registration_if_portal_user_exists") is True:
        return enter_free_account(state, applicant)
    return _member(state, applicant, applicant.found[0])


def enter_free_account(state: Draft, applicant: Applicant) -> Record | None:
    """Only an account none of whose contacts has a user yet."""
    account = applicant.found[0]
    members = state.referring(str(account["_id"]), "contact", "account")
    if any(users_of_contact(state, str(member["_id"])) for member in members):
        raise BadRequest("there is a user for this company already")
    return _member(state, applicant, account)


def make_account(state: Draft, applicant: Applicant) -> Record | None:
    attributes = dict(applicant.identifiers.get("account", {}))
    title = str(attributes.get("name") or attributes.get("customer_number") or applicant.fields["email"])
    org = org_of(state, applicant.portal)
    return _member(state, applicant, new_entity(state, "account", org, title, attributes))


CONTACT_RULES: Mapping[str, tuple[Outcome, Outcome]] = MappingProxyType(
    {  # setting: (exactly one contact matches, none or several do)
        "ALLOW_WITH_CONTACT_CREATION": (map_contact, make_contact),
        "ALLOW_WITHOUT_CONTACT_CREATION": (map_contact, leave_pending),
        "DENY": (map_contact, refuse),
        "ALWAYS_CREATE_CONTACT": (make_contact, make_contact),
        "BLOCK_IF_PORTAL_USER_EXISTS": (map_free_contact, refuse),
        "DISALLOW_COMPLETELY": (refuse, refuse),
    }
)
ACCOUNT_RULES: Mapping[str, tuple[Outcome, Outcome]] = MappingProxyType(
    {
        "ALLOW_WITH_CREATION": (enter_account, make_account),
        "DENY": (enter_account, refuse),
        "ALWAYS_CREATE": (make_account, make_account),
        "BLOCK_IF_PORTAL_USER_EXISTS": (enter_free_account, refuse),
        "DISALLOW_COMPLETELY": (refuse, refuse),
    }
)
# registration entity: (rules, the portal's setting that chooses among them, the choice of a portal without one)
MODES: Mapping[str, tuple[Mapping[str, tuple[Outcome, Outcome]], str, str]] = MappingProxyType(
    {
        "contact": (CONTACT_RULES, "self_registration_setting", "ALLOW_WITHOUT_CONTACT_CREATION"),
        "account": (ACCOUNT_RULES, "self_registration_account_setting", "DENY"),
    }
)
_NAMES = ("first_name", "last_name")


def _member(state: Draft, applicant: Applicant, account: Record) -> Record:
    """The one contact of the account with the values that were given, else a new one with them."""
    wanted = {
        item["name"]: str(applicant.fields.get("contact_identifiers_for_account", {}).get(item["name"], ""))
        for item in applicant.portal.get("contact_identifiers_for_account") or ()
        if "name" in item
    }
    missing = [name for name, value in wanted.items() if not value.strip()]
    if missing:
        raise BadRequest(f"identifiers of the contact are missing: {', '.join(missing)}")
    members = state.referring(str(account["_id"]), "contact", "account")
    found = [member for member in members if wanted and has_values(member, wanted)]
    if len(found) == 1:
        return found[0]
    attributes = {
        **_additional(applicant.portal, applicant.fields),
        **wanted,
        "account": relation(str(account["_id"])),
    }
    email = applicant.fields["email"].strip().lower()
    return create_contact(state, org_of(state, applicant.portal), email, attributes)


def _named(state: Draft, portal: Record, slug: str, id: str) -> Record:
    record = state.collection(slug).find(id)
    if record is None or record["_org"] != org_of(state, portal):
        raise BadRequest(f"there is no such {slug}")
    return record


def _identifiers(fields: Record) -> Identifiers:
    """`contactIdentifiers` is the older form for the attributes of the contact."""
    given: Record = dict(fields.get("registration_identifiers") or {})
    if "contactIdentifiers" in fields:
        given["contact"] = {**fields["contactIdentifiers"], **given.get("contact", {})}
    return given


def _additional(portal: Record, fields: Record) -> dict[str, str]:
    """The values for the contact attributes that the portal asks for. Others cannot be set."""
    asked = {attribute["name"] for attribute in portal.get("additional_contact_attributes") or ()}
    given = fields.get("additional_contact_attributes") or {}
    return {name: value for name, value in given.items() if name in asked}
