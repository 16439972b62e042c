"""Business partners: the people of an account, and who of them has access to the portal."""

from datetime import timedelta
from urllib.parse import urlencode

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.errors import BadRequest, Forbidden, NotFound
from mockportal.portal.collections import related_ids, relation
from mockportal.portal.entity.activities import (
    PARTNER_DISABLED,
    PARTNER_ENABLED,
    PARTNER_INVITED,
    PARTNER_REVOKED,
    record_activity,
)
from mockportal.portal.entity.creation import create_contact, create_user
from mockportal.portal.entity.visibility import scope_of
from mockportal.portal.identity.identification import INVITED, is_address, is_taken, users_of_contact
from mockportal.portal.identity.outbox import send_mail, web_url
from mockportal.state.clock import timestamp
from mockportal.state.store import Draft
from mockportal.values import Json, Record

_INVITATION = timedelta(days=14)
_PURPOSE = "invitation"
_NAMES = ("title", "first_name", "last_name")  # of which the title of the contact is made
_SHOWN = ("_id", "_title", "first_name", "last_name")


@operation("invitePartner")
def invite(call: Call, state: Draft) -> Json:
    """A contact of the account with this address is taken, else there is a new one. The partner sees what belongs
    to the contacts in the list, without one what belongs to everybody in the account."""
    members = _members(call, state)
    email = call.fields["email"].strip().lower()
    if not is_address(email):
        raise BadRequest(f"{email!r} is not an e-mail address")
    if is_taken(state, call.caller.realm, email):
        raise BadRequest("there is a user with this address already")
    known = [str(member["_id"]) for member in members]
    represented = call.fields.get("represents_contact_list") or known
    for id in represented:
        if id not in known and id not in scope_of(call.caller, state):
            raise NotFound(f"there is no contact {id} in this account")
    contact = _known_partner(members, email) or _new_partner(call, state, email)
    represents = relation(*(id for id in represented if id != contact["_id"]))
    user = create_user(
        state, call.caller.realm, email, contact, represents=represents, registration_status=INVITED
    )
    user = state.collection("portal_user").put({**_texts(call, "portal_user_data"), **user})
    _send_invitation(call, state, user)
    record_activity(call, state, PARTNER_INVITED, [contact, user], email=email)
    return {"message": "Partner invited"}


@operation("listBusinessPartners")
def list_partners(call: Call, state: Draft) -> Json:
    """Sorted by title; the caller is not a partner of themselves."""
    own = related_ids(call.caller.user.get("mapped_contact"))
    partners = [member for member in _members(call, state) if member["_id"] not in own]
    partners.sort(key=lambda partner: str(partner["_title"]).casefold())
    return {"data": [_view(call, state, partner) for partner in partners]}


@operation("resendPartnerInvitation")
def resend_invitation(call: Call, state: Draft) -> Json:
    """The link of the former invitation stops working."""
    _, user = _partner(call, state)
    if user.get("registration_status") != INVITED:
        raise BadRequest("this partner has registered already")
    _send_invitation(call, state, user)
    return {"message": "Invitation sent again"}


@operation("revokePartner")
def revoke(call: Call, state: Draft) -> Json:
    """The user goes, the contact stays."""
    contact, user = _partner(call, state)
    user = state.collection("portal_user").patch(user["_id"], {"_deleted_at": state.timestamp()})
    _withdraw_invitations(state, user)
    record_activity(call, state, PARTNER_REVOKED, [user, contact], email=str(user["email"]))
    return {"message": "Partner access revoked"}


@operation("disablePartner")
def disable(call: Call, state: Draft) -> Json:
    return _switch(call, state, False, "disabled")


@operation("enablePartner")
def enable(call: Call, state: Draft) -> Json:
    return _switch(call, state, True, "enabled")


def _switch(call: Call, state: Draft, is_allowed: bool, word: str) -> Record:
    contact, user = _partner(call, state)
    if user.get("access_status", True) is is_allowed:
        raise BadRequest(f"the access of this partner is {word} already")
    user = state.collection("portal_user").patch(user["_id"], {"access_status": is_allowed})
    event = PARTNER_ENABLED if is_allowed else PARTNER_DISABLED
    record_activity(call, state, event, [user, contact], email=str(user["email"]))
    return {"message": f"Partner {word}"}


def _partner(call: Call, state: Draft) -> tuple[Record, Record]:
    """A partner's contact and user. Raises `NotFound`, `Forbidden`, `BadRequest`."""
    members = _members(call, state)
    contact = state.collection("contact").get(call.params["partner_id"])
    if contact["_id"] not in {member["_id"] for member in members}:
        raise Forbidden("this contact belongs to another account")
    user = _user_of(call, state, contact)
    if user is None:
        raise BadRequest("this partner has no access to the portal")
    if user["_id"] == call.caller.subject:
        raise BadRequest("this is your own access")
    return contact, user


def _members(call: Call, state: Draft) -> list[Record]:
    """The contacts of the caller's account. Raises `Forbidden` for somebody without one."""
    accounts = [
        account
        for id in related_ids(call.caller.user.get("mapped_contact"))
        for account in related_ids((state.collection("contact").find(id) or {}).get("account"))
    ]
    if not accounts:
        raise Forbidden("only users who belong to a business account have partners")
    members = {str(one["_id"]): one for id in accounts for one in state.referring(id, "contact", "account")}
    return list(members.values())


def _user_of(call: Call, state: Draft, contact: Record) -> Record | None:
    portal_id = call.caller.realm["portal_id"]
    users = (user for user in users_of_contact(state, str(contact["_id"])) if user["portal_id"] == portal_id)
    return next(users, None)


def _view(call: Call, state: Draft, partner: Record) -> Record:
    user = _user_of(call, state, partner)
    view: Record = {name: str(partner[name]) for name in _SHOWN if name in partner}
    addresses = _addresses(partner)
    if addresses:
        view["email"] = addresses[0]
    if user is None:
        return {**view, "has_portal_user": False}
    status = {"registration_status": user["registration_status"]} if "registration_status" in user else {}
    access = {"has_portal_user": True, "access_status": user.get("access_status", True)}
    return {**view, "email": user["email"], **status, **access}


def _known_partner(members: list[Record], email: str) -> Record | None:
    return next((one for one in members if email in (each.lower() for each in _addresses(one))), None)


def _new_partner(call: Call, state: Draft, email: str) -> Record:
    given = _texts(call, "contact_data")
    names = {
        name: given[name] if isinstance(given[name], str) else " ".join(given[name])
        for name in _NAMES
        if name in given
    }
    own = related_ids(call.caller.user.get("mapped_contact"))[0]
    account = state.collection("contact").get(own)["account"]
    attributes = {**given, **names, "email": email, "account": account}
    return create_contact(state, call.caller.org, email, attributes)


def _texts(call: Call, name: str) -> Record:
    """The attributes that a body gives for a new entity, without those of the system."""
    given = call.fields.get(name) or {}
    return {key: value for key, value in given.items() if not key.startswith("_")}


def _addresses(contact: Record) -> list[str]:
    emails = contact.get("email")
    if isinstance(emails, str):
        return [emails]
    items = emails if isinstance(emails, list) else []
    return [str(item["email"]) for item in items if isinstance(item, dict) and "email" in item]


def _send_invitation(call: Call, state: Draft, user: Record) -> None:
    _withdraw_invitations(state, user)
    portal = call.caller.realm
    expires_at = timestamp(state.now() + _INVITATION)
    token = state.new_id("confirmation")
    state.collection("confirmation").put(
        {
            "token": token,
            "portal_user_id": user["_id"],
            "purpose": _PURPOSE,
            "created_at": state.timestamp(),
            "expires_at": expires_at,
        }
    )
    link = f"{web_url(call, state, portal)}/register?{urlencode({'email': user['email'], 'token': token})}"
    subject = f"Einladung in das Portal {portal.get('name', '')}"
    send_mail(state, user, "partnerInvitation", subject, link, token, expires_at=expires_at)


def _withdraw_invitations(state: Draft, user: Record) -> None:
    tokens = state.collection("confirmation")
    for old in tokens.where(purpose=_PURPOSE, portal_user_id=str(user["_id"])):
        tokens.remove(old["token"])
