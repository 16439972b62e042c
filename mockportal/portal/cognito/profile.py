"""The actions of somebody who is signed in, on the own account, by an access token; and the ends of sessions."""

from mockportal.portal.access.confirmation import CHANGING, CONFIRMABLE
from mockportal.portal.cognito.accounts import attributes_of
from mockportal.portal.cognito.calls import INVALID_PARAMETER, NOT_AUTHORIZED, Denied, PoolCall, same_text
from mockportal.portal.cognito.challenges import delivery, issue_code, redeemed_code, use_up
from mockportal.portal.cognito.passwords import (
    change_credential,
    choose_password,
    credential_of,
    password_of,
)
from mockportal.portal.cognito.tokens import holder_of
from mockportal.portal.identity.identification import is_address, is_taken
from mockportal.portal.identity.outbox import send_mail
from mockportal.portal.identity.sessions import end_sessions
from mockportal.portal.tokens import id_claims
from mockportal.values import Json, Record

# The standard attributes that a client may write, apart from the e-mail address.
_WRITABLE = frozenset(
    (
        "address", "birthdate", "family_name", "gender", "given_name", "locale", "middle_name", "name", "nickname",
        "phone_number", "picture", "preferred_username", "profile", "website", "zoneinfo",
    )
)  # fmt: skip
_UNWRITABLE = "A client attempted to write unauthorized attribute"


def get_user(call: PoolCall) -> Record:
    user, _ = _holder(call)
    factor = credential_of(call.state, user).get("mfa")
    return {
        "Username": user["_id"],
        "UserAttributes": [{"Name": name, "Value": value} for name, value in _attributes(call, user).items()],
        **({"UserMFASettingList": [factor], "PreferredMfaSetting": factor} if factor else {}),
    }


def update_attributes(call: PoolCall) -> Record:
    """A new address has to be verified first; until then the old one stays valid."""
    user, _ = _holder(call)
    changes = attributes_of(call.body.get("UserAttributes"))
    forbidden = changes.keys() - _WRITABLE - {"email"}
    if not changes or forbidden:
        raise Denied(*((NOT_AUTHORIZED, _UNWRITABLE) if forbidden else (INVALID_PARAMETER, "No attributes")))
    email = changes.pop("email", "").strip().lower()
    sent = [_change_email(call, user, email)] if email and email != user.get("email") else []
    attributes = {**credential_of(call.state, user).get("attributes", {}), **changes}
    change_credential(call.state, user, attributes={name: one for name, one in attributes.items() if one})
    return {"CodeDeliveryDetailsList": sent}


def verify_attribute(call: PoolCall) -> Record:
    """The new address counts from now on; the user has to sign in again with it."""
    user, _ = _holder(call)
    _check_email_is_meant(call)
    token = redeemed_code(call, user, "email_change", call.text("Code"))
    CONFIRMABLE["email_change"].complete(call.state, user, token)
    use_up(call, token)
    return {}


def resend_attribute_code(call: PoolCall) -> Record:
    """Another code for the address that waits to be verified."""
    user, _ = _holder(call)
    _check_email_is_meant(call)
    changes = call.state.collection("confirmation").where(
        purpose="email_change", portal_user_id=str(user["_id"])
    )
    waiting = [change["email"] for change in changes if "used_at" not in change]
    if not waiting:
        raise Denied(INVALID_PARAMETER, "User has no attribute to verify")
    return {"CodeDeliveryDetails": _change_email(call, user, waiting[-1])}


def change_password(call: PoolCall) -> Record:
    user, _ = _holder(call)
    known, previous = password_of(call.state, user), call.optional("PreviousPassword") or ""
    if known and not same_text(known, previous):
        raise Denied(NOT_AUTHORIZED, "Incorrect username or password.")
    choose_password(call, user, call.text("ProposedPassword"))
    return {}


def delete_user(call: PoolCall) -> Record:
    """The contact and its data stay."""
    user, _ = _holder(call)
    if call.portal.get("user_account_self_management") is False:
        raise Denied(NOT_AUTHORIZED, "User cannot delete themselves in this user pool")
    call.state.collection("portal_user").patch(str(user["_id"]), {"_deleted_at": call.state.timestamp()})
    end_sessions(call.state, user)
    return {}


def global_sign_out(call: PoolCall) -> Record:
    """Every token of the user is dead, also those of other sessions."""
    user, claims = _holder(call)
    end_sessions(call.state, user)
    _revoke(call, str(claims.get("origin_jti")))
    return {}


def revoke_token(call: PoolCall) -> Record:
    """Ends the session of a refresh token. An unknown one is no error, so that nobody can try them out."""
    call.check_client_secret()
    token = call.text("Token")
    if token.count(".") == 2:
        raise Denied("UnsupportedTokenTypeException", "Unsupported token type")
    session = call.state.collection("session").find(token)
    if session is None:
        return {}
    user = call.state.collection("portal_user").find(str(session["portal_user_id"])) or {}
    if user.get("portal_id") == call.portal["portal_id"]:
        _revoke(call, str(session["family"]))
    return {}


def _holder(call: PoolCall) -> tuple[Record, Record]:
    return holder_of(call.state, call.portal, call.text("AccessToken"))


def _revoke(call: PoolCall, family: str) -> None:
    call.state.collection("revocation").put({"family": family, "at": call.state.timestamp()})


def _attributes(call: PoolCall, user: Record) -> dict[str, str]:
    """The attributes of a user, as texts: those of an ID token, and those that the user has set."""
    claims = id_claims(call.state, call.portal, user)
    shown = {
        name: one for name, one in claims.items() if name in ("sub", "email") or name.startswith("custom:")
    }
    own = credential_of(call.state, user).get("attributes", {})
    return {**{name: str(one) for name, one in shown.items() if one}, "email_verified": "true", **own}


def _check_email_is_meant(call: PoolCall) -> None:
    if call.text("AttributeName") != "email":
        raise Denied(INVALID_PARAMETER, "Only the attribute email can be verified")


def _change_email(call: PoolCall, user: Record, email: str) -> Json:
    """Mails a code to a new address, in place of an older one."""
    if not is_address(email):
        raise Denied(INVALID_PARAMETER, "Invalid email address format.")
    if is_taken(call.state, call.portal, email, by_other_than=str(user["_id"])):
        raise Denied("AliasExistsException", "An account with the given email already exists.")
    call.state.collection("portal_user").patch(str(user["_id"]), {"registration_status": CHANGING})
    token = issue_code(call, user, "email_change", email=email, web_url=call.web_url)
    send_mail(
        call.state,
        user,
        "confirmEmailUpdate",
        "Bitte bestätigen Sie Ihre neue E-Mail-Adresse",
        f"{call.web_url}/new-email?token={token['token']}",
        token["token"],
        to=email,
        expires_at=token["expires_at"],
        code=token["code"],
    )
    return delivery(email)
