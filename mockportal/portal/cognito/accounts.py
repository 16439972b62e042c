"""Registering at a pool, confirming the address, and choosing a new password in place of a forgotten one."""

from types import MappingProxyType

from mockportal.errors import BadRequest
from mockportal.portal.access.confirmation import CONFIRMABLE, SENT
from mockportal.portal.access.registration import MODES, Applicant, notify_of_pending
from mockportal.portal.cognito.calls import (
    INVALID_PARAMETER,
    NOT_AUTHORIZED,
    Denied,
    PoolCall,
)
from mockportal.portal.cognito.challenges import delivery, issue_code, redeemed_code, use_up
from mockportal.portal.cognito.passwords import check_policy, choose_password
from mockportal.portal.cognito.pools import is_disabled, is_unconfirmed
from mockportal.portal.entity.creation import create_user
from mockportal.portal.identity.identification import INVITED, is_address, is_taken, user_by_email
from mockportal.portal.identity.outbox import send_mail
from mockportal.values import Json, Record

_NAMES = MappingProxyType({"given_name": "first_name", "family_name": "last_name"})


def sign_up(call: PoolCall) -> Record:
    """A new user, as the portal's settings allow without identifiers; somebody who was invited completes that."""
    attributes = attributes_of(call.body.get("UserAttributes"))
    username = call.text("Username")
    call.check_client(username, call.optional("SecretHash"))
    email = attributes.get("email", username).strip().lower()
    if not is_address(email):
        raise Denied(INVALID_PARAMETER, "Username should be an email.")
    invited = user_by_email(call.state, call.portal, email)
    if invited is not None and invited.get("registration_status") != INVITED:
        raise Denied("UsernameExistsException", "User already exists")
    if invited is None and is_taken(call.state, call.portal, email):
        raise Denied("UsernameExistsException", "User already exists")
    if call.portal.get("enabled") is False:
        raise Denied(NOT_AUTHORIZED, "SignUp is not permitted for this user pool")
    check_policy(call.portal, call.text("Password"))
    user = _invited(call, invited) if invited else _new_user(call, email, attributes)
    choose_password(call, user, call.text("Password"))
    details = _send_confirmation(call, user)
    return {"UserConfirmed": False, "UserSub": user["_id"], "CodeDeliveryDetails": details}


def confirm_sign_up(call: PoolCall) -> Record:
    """A code of the mail has the effect of its link."""
    username = call.text("Username")
    call.check_client(username, call.optional("SecretHash"))
    user = call.known_user(username)
    if user is not None and not is_unconfirmed(user):
        raise Denied(NOT_AUTHORIZED, "User cannot be confirmed. Current status is CONFIRMED")
    token = redeemed_code(call, user, "registration", call.text("ConfirmationCode"))
    if user is not None:
        CONFIRMABLE["registration"].complete(call.state, user, token)
        use_up(call, token)
    return {}


def resend_confirmation(call: PoolCall) -> Record:
    """The new mail takes the place of the old one. Somebody unknown seems to get one as well."""
    username = call.text("Username")
    call.check_client(username, call.optional("SecretHash"))
    user = call.known_user(username)
    if user is None:
        return {"CodeDeliveryDetails": delivery(username)}
    if not is_unconfirmed(user):
        raise Denied(INVALID_PARAMETER, "User is already confirmed.")
    return {"CodeDeliveryDetails": _send_confirmation(call, user)}


def forgot_password(call: PoolCall) -> Record:
    """Mails a code for a new password. Somebody unknown seems to get one as well."""
    username = call.text("Username")
    call.check_client(username, call.optional("SecretHash"))
    user = call.known_user(username)
    if user is None:
        return {"CodeDeliveryDetails": delivery(username)}
    if is_unconfirmed(user):
        problem = (
            "Cannot reset password for the user as there is no registered/verified email or phone_number"
        )
        raise Denied(INVALID_PARAMETER, problem)
    if is_disabled(user):
        raise Denied(NOT_AUTHORIZED, "User is disabled.")
    token = issue_code(call, user, "forgot_password")
    _mail(call, user, token, "forgotPassword", "Ihr Code für ein neues Passwort", "/forgot-password/change")
    return {"CodeDeliveryDetails": delivery(str(user["email"]))}


def confirm_forgot_password(call: PoolCall) -> Record:
    """A password that breaks the policy leaves the code good."""
    username = call.text("Username")
    call.check_client(username, call.optional("SecretHash"))
    user = call.known_user(username)
    token = redeemed_code(call, user, "forgot_password", call.text("ConfirmationCode"))
    if user is not None:
        choose_password(call, user, call.text("Password"))
        use_up(call, token)
    return {}


def attributes_of(listed: Json) -> dict[str, str]:
    """`{name: value}` of `[{"Name": …, "Value": …}]`. Raises `Denied`."""
    if listed is None:
        return {}
    if not isinstance(listed, list):
        raise Denied("SerializationException", "UserAttributes is not a list")
    found = {}
    for one in listed:
        name, value = (one.get("Name"), one.get("Value", "")) if isinstance(one, dict) else (None, None)
        if not isinstance(name, str) or not isinstance(value, str):
            raise Denied("SerializationException", "UserAttributes has an entry that is not an attribute")
        found[name] = value
    return found


def _invited(call: PoolCall, user: Record) -> Record:
    return call.state.collection("portal_user").patch(str(user["_id"]), {"registration_status": SENT})


def _new_user(call: PoolCall, email: str, attributes: dict[str, str]) -> Record:
    """The contact is the one that the portal's setting gives to somebody who names none."""
    fields = {"email": email, **{_NAMES[name]: one for name, one in attributes.items() if name in _NAMES}}
    rules, setting, default = MODES[call.portal.get("self_registration_entity", "contact")]
    outcome = rules[call.portal.get(setting, default)][1]
    before = call.state.state
    try:
        contact = outcome(call.state, Applicant(call.portal, fields, {}, []))
    except BadRequest:
        call.state.state = before
        raise Denied(NOT_AUTHORIZED, "SignUp is not permitted for this user pool") from None
    user = create_user(call.state, call.portal, email, contact, registration_status=SENT)
    if contact is None:
        notify_of_pending(call.state, call.portal, user, call.web_url)
    return user


def _send_confirmation(call: PoolCall, user: Record) -> Record:
    token = issue_code(call, user, "registration", web_url=call.web_url)
    _mail(call, user, token, "confirmAccount", "Bitte bestätigen Sie Ihre E-Mail-Adresse", "/confirm-email")
    return delivery(str(user["email"]))


def _mail(call: PoolCall, user: Record, token: Record, slot: str, subject: str, page: str) -> None:
    """A mail with both a link and the code that stands for it."""
    link = f"{call.web_url}{page}?token={token['token']}"
    send_mail(
        call.state,
        user,
        slot,
        subject,
        link,
        token["token"],
        expires_at=token["expires_at"],
        code=token["code"],
    )
