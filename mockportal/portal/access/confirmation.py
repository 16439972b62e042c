"""Tokens that prove an e-mail address or a login, each good once: registration, change of address, login-as, SSO."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import NamedTuple

from mockportal.engine.api import operation
from mockportal.engine.call import Call, Reply
from mockportal.errors import BadRequest, NotFound
from mockportal.portal.configuration.extensions import selected_hook
from mockportal.portal.identity.identification import is_address, is_live, is_taken
from mockportal.portal.identity.outbox import send_mail, web_url
from mockportal.portal.identity.passwords import is_password
from mockportal.portal.identity.sessions import end_sessions
from mockportal.state.clock import instant, timestamp
from mockportal.state.store import Draft
from mockportal.values import Json, Record

SENT = "Confirmation Email Sent"
CHANGING = "Email Update In Progress"
REGISTERED = "Registered"

LIFETIMES: Mapping[str, timedelta] = MappingProxyType(
    {
        "registration": timedelta(hours=24),
        "email_change": timedelta(hours=24),
        "forgot_password": timedelta(hours=1),
        "login_as": timedelta(minutes=5),
        "sso": timedelta(minutes=5),
    }
)


class Confirmable(NamedTuple):
    """The effect of using a token of this purpose, and the public page that the browser sees afterwards."""

    complete: Callable[[Draft, Record, Record], Record]
    page: str


@operation("confirmUser")
def confirm_user(call: Call, state: Draft) -> Json:
    """A token is used once; using it again only says so, however late."""
    token = state.collection("confirmation").find(call.params["confirmation_link_token"])
    user = _user_of(state, token)
    if token is None or user is None or token["purpose"] not in CONFIRMABLE:
        raise BadRequest("the link is not valid", reason="invalid_token")
    done = "used_at" in token or (
        token["purpose"] == "registration" and user.get("registration_status") in (REGISTERED, CHANGING)
    )
    if not done:
        if _has_expired(state, token):
            raise BadRequest("the link has expired", reason="invalid_token")
        CONFIRMABLE[token["purpose"]].complete(state, user, token)
        state.collection("confirmation").patch(token["token"], {"used_at": state.timestamp()})
    if call.params["use_redirect"]:
        return _redirect(call, state, user, CONFIRMABLE[token["purpose"]].page, token.get("web_url", ""))
    return {"confirmed": True, "user_already_confirmed": done}


@operation("confirmUserWithUserId")
def confirm_user_by_id(call: Call, state: Draft) -> Json:
    """The older link proves nothing but the id, so it only completes a registration."""
    user = state.collection("portal_user").find(call.params["id"])
    if (
        user is None
        or not is_live(user)
        or user["_org"] != call.params["org_id"]
        or user.get("origin") != call.params["origin"]
    ):
        raise NotFound("there is no such user")
    if user.get("registration_status") == SENT:
        _register(state, user, {})
    return _redirect(call, state, user, CONFIRMABLE["registration"].page)


@operation("resendConfirmationEmail")
def resend_confirmation(call: Call, state: Draft) -> Json:
    """The new link takes the place of the old one; it confirms whatever the user has yet to confirm."""
    user = state.collection("portal_user").get(call.params["id"])
    if not is_live(user) or user["_org"] != call.caller.org:
        raise NotFound("there is no such user")
    status = user.get("registration_status")
    changes = state.collection("confirmation").where(purpose="email_change", portal_user_id=str(user["_id"]))
    if status == SENT:
        send_confirmation(call, state, user)
    elif status == CHANGING and changes:
        _send_email_change(call, state, user, changes[-1]["email"])
    else:
        raise BadRequest("this user has nothing to confirm")
    return {"message": "Confirmation email sent successfully."}


@operation("updatePortalUserEmail")
def change_email(call: Call, state: Draft) -> Json:
    """The old address stays valid, and the new one reserved, until the link in the mail is used."""
    user, portal = call.caller.user, call.caller.realm
    email = call.fields["email"].strip().lower()
    if not _is_confirmed(call, state):
        raise BadRequest("the password is wrong")
    if not is_address(email):
        raise BadRequest(f"{email!r} is not an e-mail address")
    if email == str(user.get("email", "")).lower():
        raise BadRequest("this is the address already")
    if is_taken(state, portal, email, by_other_than=str(user["_id"])):
        raise BadRequest("another user of this portal has this address")
    user = state.collection("portal_user").patch(str(user["_id"]), {"registration_status": CHANGING})
    _send_email_change(call, state, user, email)
    return {"message": "You will receive a confirmation mail soon on your updated email address."}


def _is_confirmed(call: Call, state: Draft) -> bool:
    """True if the user has said the password, or need not: an extension of the portal changes the address then."""
    if "password" in call.fields:
        return is_password(state, call.caller.user, call.fields["password"])
    return selected_hook(call.caller.realm, state, "changeEmail") is not None


def issue_token(state: Draft, user: Record, purpose: str, **details: Json) -> Record:
    """A fresh token for a user, good for as long as its purpose allows."""
    return state.collection("confirmation").put(
        {
            "token": state.new_id("confirmation"),
            "portal_user_id": user["_id"],
            "purpose": purpose,
            "created_at": state.timestamp(),
            "expires_at": timestamp(state.now() + LIFETIMES[purpose]),
            **details,
        }
    )


def redeemed_user(state: Draft, token: str, *purposes: str) -> Record | None:
    """The user whom an unused token of one of these purposes logs in; it is used up now. None for any other."""
    record = state.collection("confirmation").find(token)
    user = _user_of(state, record)
    if record is None or user is None or record["purpose"] not in purposes:
        return None
    if "used_at" in record or _has_expired(state, record):
        return None
    state.collection("confirmation").patch(token, {"used_at": state.timestamp()})
    return user


def send_confirmation(call: Call, state: Draft, user: Record) -> None:
    """The mail that a registration ends with. Its link goes to a page of the portal, which calls `confirmUser`."""
    pages = web_url(call, state, _portal_of(state, user))
    _withdraw(state, user, "registration")
    token = issue_token(state, user, "registration", web_url=pages)
    link = f"{pages}/confirm-email?token={token['token']}"
    subject = "Bitte bestätigen Sie Ihre E-Mail-Adresse"
    send_mail(state, user, "confirmAccount", subject, link, token["token"], expires_at=token["expires_at"])


def _register(state: Draft, user: Record, token: Record) -> Record:
    return state.collection("portal_user").patch(str(user["_id"]), {"registration_status": REGISTERED})


def _change_email(state: Draft, user: Record, token: Record) -> Record:
    """The user has to log in again, with the new address."""
    end_sessions(state, user)
    changes = {"email": token["email"], "registration_status": REGISTERED}
    return state.collection("portal_user").patch(str(user["_id"]), changes)


CONFIRMABLE: Mapping[str, Confirmable] = MappingProxyType(
    {
        "registration": Confirmable(_register, "/register/success"),
        "email_change": Confirmable(_change_email, "/login"),
    }
)


def _send_email_change(call: Call, state: Draft, user: Record, email: str) -> None:
    portal = _portal_of(state, user)
    pages = web_url(call, state, portal)
    _withdraw(state, user, "email_change")
    token = issue_token(state, user, "email_change", email=email, web_url=pages)
    send_mail(
        state,
        user,
        "confirmEmailUpdate",
        "Bitte bestätigen Sie Ihre neue E-Mail-Adresse",
        f"{pages}/new-email?token={token['token']}",
        token["token"],
        to=email,
        expires_at=token["expires_at"],
    )


def _withdraw(state: Draft, user: Record, purpose: str) -> None:
    """Forgets the tokens of this purpose that the user has not used."""
    tokens = state.collection("confirmation")
    for old in tokens.where(purpose=purpose, portal_user_id=str(user["_id"])):
        if "used_at" not in old:
            tokens.remove(old["token"])


def _user_of(state: Draft, token: Record | None) -> Record | None:
    user = state.collection("portal_user").find(str((token or {}).get("portal_user_id")))
    return user if user is not None and is_live(user) else None


def _portal_of(state: Draft, user: Record) -> Record:
    return state.collection("portal").find(str(user.get("portal_id"))) or {}


def _has_expired(state: Draft, token: Record) -> bool:
    return instant(token["expires_at"]) <= state.now()


def _redirect(call: Call, state: Draft, user: Record, page: str, pages: str = "") -> Reply:
    portal = _portal_of(state, user)
    return Reply(301, None, {"Location": f"{pages or web_url(call, state, portal)}{page}"})
