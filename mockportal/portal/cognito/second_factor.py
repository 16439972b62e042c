"""The steps after a password: a new one, a code of an authenticator (RFC 6238) or by mail, then the tokens."""

import base64
import hashlib
import hmac
import json
from datetime import datetime

from mockportal.portal.cognito.calls import Denied, PoolCall, needed_answer, same_text
from mockportal.portal.cognito.challenges import (
    challenged_user,
    delivery,
    failed,
    is_code,
    issue,
    mail_login_code,
    pending,
)
from mockportal.portal.cognito.passwords import change_credential, choose_password, credential_of
from mockportal.portal.cognito.tokens import holder_of, issue_tokens
from mockportal.values import Record

NEW_PASSWORD = "NEW_PASSWORD_REQUIRED"
SOFTWARE_TOKEN = "SOFTWARE_TOKEN_MFA"
SETUP = "MFA_SETUP"
EMAIL = "EMAIL_OTP"

_STEP = 30  # seconds
_DRIFT = (0, -1, 1)  # steps by which an authenticator may be wrong


def signed_in(call: PoolCall, user: Record, claims: Record | None = None) -> Record:
    """The end of every sign-in. `claims` go into the tokens."""
    tokens = issue_tokens(call.state, call.portal, user, claims=claims)
    return {"AuthenticationResult": tokens, "ChallengeParameters": {}}


def after_password(call: PoolCall, user: Record, username: str) -> Record:
    """The step that follows a good password."""
    credential = credential_of(call.state, user)
    if credential.get("new_password_required"):
        attributes = json.dumps({"email": user.get("email"), "email_verified": "true"})
        session = issue(call, NEW_PASSWORD, user, username)
        return _challenge(
            call, NEW_PASSWORD, session, user, requiredAttributes="[]", userAttributes=attributes
        )
    if credential.get("mfa") == SOFTWARE_TOKEN:
        name = SOFTWARE_TOKEN if "software_token" in credential else SETUP
        details = {} if name == SOFTWARE_TOKEN else {"MFAS_CAN_SETUP": json.dumps([SOFTWARE_TOKEN])}
        return _challenge(call, name, issue(call, name, user, username), user, **details)
    if credential.get("mfa") == EMAIL or (call.portal.get("advanced_mfa") or {}).get("enabled"):
        return mail_challenge(call, user, username)
    return signed_in(call, user)


def mail_challenge(call: PoolCall, user: Record | None, username: str) -> Record:
    """A challenge for a code that is mailed now; somebody unknown gets one that nobody can answer."""
    code = mail_login_code(call, user) if user else ""
    session = issue(call, EMAIL, user, username, code=code)
    destination = delivery(str(user.get("email")) if user else username)
    details = {
        "CODE_DELIVERY_DELIVERY_MEDIUM": destination["DeliveryMedium"],
        "CODE_DELIVERY_DESTINATION": destination["Destination"],
    }
    return _challenge(call, EMAIL, session, user, **details)


def answer_new_password(call: PoolCall, answers: dict[str, str]) -> Record:
    """A password that breaks the policy leaves the challenge open."""
    challenge = pending(call, NEW_PASSWORD, call.text("Session"))
    user = _present(call, challenge)
    choose_password(call, user, needed_answer(answers, "NEW_PASSWORD"))
    _close(call, challenge)
    return after_password(call, user, challenge["username"])


def answer_mail(call: PoolCall, answers: dict[str, str]) -> Record:
    challenge = pending(call, EMAIL, call.text("Session"))
    code = needed_answer(answers, "EMAIL_OTP_CODE")
    user = challenged_user(call, challenge)
    if user is None or not is_code(challenge["details"]["code"], code):
        raise failed(call, challenge)
    _close(call, challenge)
    return signed_in(call, user)


def answer_software_token(call: PoolCall, answers: dict[str, str]) -> Record:
    challenge = pending(call, SOFTWARE_TOKEN, call.text("Session"))
    code = needed_answer(answers, "SOFTWARE_TOKEN_MFA_CODE")
    user = _present(call, challenge)
    credential = credential_of(call.state, user)
    step = _matching_step(str(credential.get("software_token", "")), code, call.state.now())
    if step is None:
        raise failed(call, challenge)
    if step <= credential.get("software_token_step", -1):
        raise Denied("ExpiredCodeException", "Your software token has already been used once.")
    change_credential(call.state, user, software_token_step=step)
    _close(call, challenge)
    return signed_in(call, user)


def answer_setup(call: PoolCall, answers: dict[str, str]) -> Record:
    """The session is the one that `VerifySoftwareToken` has answered with."""
    challenge = pending(call, SETUP, call.text("Session"))
    if challenge["details"].get("verified") != "true":
        raise Denied("InvalidParameterException", "The software token is not verified")
    _close(call, challenge)
    return signed_in(call, _present(call, challenge))


def associate(call: PoolCall) -> Record:
    """A new secret for an authenticator; it counts once a code of it was verified."""
    user, challenge = _asking(call)
    secret = base64.b32encode(hashlib.sha256(call.state.new_id("software_token").encode()).digest()).decode()
    secret = secret.rstrip("=")
    change_credential(call.state, user, software_token_pending=secret)
    return {"SecretCode": secret, **({"Session": challenge["id"]} if challenge else {})}


def verify(call: PoolCall) -> Record:
    """The first code of the authenticator makes its secret count."""
    user, challenge = _asking(call)
    secret = str(credential_of(call.state, user).get("software_token_pending", ""))
    if _matching_step(secret, call.text("UserCode"), call.state.now()) is None:
        raise Denied("EnableSoftwareTokenMFAException", "Code mismatch")
    change_credential(call.state, user, software_token=secret, software_token_pending=None)
    if challenge is None:
        return {"Status": "SUCCESS"}
    details = {**challenge["details"], "verified": "true"}
    call.state.collection("challenge").put({**challenge, "details": details})
    return {"Status": "SUCCESS", "Session": challenge["id"]}


def prefer(call: PoolCall) -> Record:
    """Switches the second factor on or off; an authenticator has to be verified before."""
    user, _ = holder_of(call.state, call.portal, call.text("AccessToken"))
    wanted = None
    for member, name in (("EmailMfaSettings", EMAIL), ("SoftwareTokenMfaSettings", SOFTWARE_TOKEN)):
        settings = call.body.get(member)
        if isinstance(settings, dict) and settings.get("Enabled") is True:
            wanted = name
    if wanted == SOFTWARE_TOKEN and "software_token" not in credential_of(call.state, user):
        raise Denied("InvalidParameterException", "User has not verified software token mfa")
    change_credential(call.state, user, mfa=wanted)
    return {}


def totp(secret: str, step: int) -> str:
    """The six digits of a secret in base32 for a step of 30 seconds since 1970."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8), casefold=True)
    digest = hmac.digest(key, step.to_bytes(8, "big"), hashlib.sha1)
    at = digest[-1] & 15
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**6:06d}"


def _matching_step(secret: str, code: str, now: datetime) -> int | None:
    """The step whose code this is, or None; a clock may be wrong by one step."""
    current = int(now.timestamp()) // _STEP
    steps = (current + drift for drift in _DRIFT) if secret else ()
    return next((step for step in steps if same_text(totp(secret, step), code)), None)


def _asking(call: PoolCall) -> tuple[Record, Record | None]:
    """The user who sets up an authenticator: by an access token, or in the middle of a sign-in."""
    if call.body.get("AccessToken"):
        return holder_of(call.state, call.portal, call.text("AccessToken"))[0], None
    challenge = pending(call, SETUP, call.text("Session"))
    return _present(call, challenge), challenge


def _present(call: PoolCall, challenge: Record) -> Record:
    user = challenged_user(call, challenge)
    if user is None:
        raise failed(call, challenge)
    return user


def _close(call: PoolCall, challenge: Record) -> None:
    call.state.collection("challenge").remove(challenge["id"])


def _challenge(call: PoolCall, name: str, session: str, user: Record | None, **parameters: str) -> Record:
    id = {"USER_ID_FOR_SRP": str(user["_id"])} if user else {}
    return {"ChallengeName": name, "Session": session, "ChallengeParameters": {**id, **parameters}}
