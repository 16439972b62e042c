"""Signing in without a password: the custom challenge, which takes the token of a login-as or of single sign-on, or a
mailed code."""

from mockportal.portal.access.confirmation import redeemed_user
from mockportal.portal.cognito.calls import PoolCall, needed_answer, wrong_credentials
from mockportal.portal.cognito.challenges import (
    challenged_user,
    failed,
    is_code,
    issue,
    mail_login_code,
    pending,
)
from mockportal.portal.cognito.second_factor import signed_in
from mockportal.portal.tokens import IMPERSONATOR
from mockportal.values import Record

CUSTOM = "CUSTOM_CHALLENGE"

_PURPOSES = ("login_as", "sso")


def custom_challenge(call: PoolCall, username: str, *, mails: bool) -> Record:
    """The challenge, with a code in the mail if `mails`; somebody unknown gets one that nobody can answer."""
    user = call.user(username)
    code = mail_login_code(call, user) if mails and user else ""
    session = issue(call, CUSTOM, user, username, code=code, mails=str(mails))
    return {
        "ChallengeName": CUSTOM,
        "Session": session,
        "ChallengeParameters": {"USERNAME": str(user["_id"]) if user else username},
    }


def signs_in_by_mail(portal: Record) -> bool:
    """True if a portal mails codes in place of passwords."""
    return bool(((portal.get("auth_settings") or {}).get("passwordless_login") or {}).get("enabled"))


def confirms_by_mail(portal: Record) -> bool:
    """True if a portal mails a code after the password."""
    return bool((portal.get("advanced_mfa") or {}).get("enabled"))


def answer_custom(call: PoolCall, answers: dict[str, str]) -> Record:
    """A token is good once and for its own user. A wrong code may be corrected, any other answer ends the sign-in."""
    challenge = pending(call, CUSTOM, call.text("Session"))
    answer = needed_answer(answers, "ANSWER")
    user = challenged_user(call, challenge)
    details = challenge["details"]
    if user is not None and is_code(details["code"], answer):
        call.state.collection("challenge").remove(challenge["id"])
        return signed_in(call, user)
    token = call.state.collection("confirmation").find(answer)
    if user is None or token is None or token.get("portal_user_id") != user["_id"]:
        raise _wrong(call, challenge)
    if redeemed_user(call.state, answer, *_PURPOSES) is None:
        raise _wrong(call, challenge)
    call.state.collection("challenge").remove(challenge["id"])
    impersonator = token.get("impersonator")
    return signed_in(call, user, {IMPERSONATOR: impersonator} if impersonator else None)


def _wrong(call: PoolCall, challenge: Record) -> Exception:
    if challenge["details"]["mails"] == "True":
        failed(call, challenge)
    else:
        call.state.collection("challenge").remove(challenge["id"])
    return wrong_credentials()
