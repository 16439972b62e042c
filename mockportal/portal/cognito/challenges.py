"""The challenges of a sign-in, and the codes that a pool mails.

A challenge is a record of the state that belongs to one client, and it is gone once it was answered rightly. One that
asks for a password or a token is gone after any answer; one that asks for a code may be tried three times.
"""

from datetime import timedelta

from mockportal.portal.access.confirmation import issue_token
from mockportal.portal.cognito.calls import NOT_AUTHORIZED, Denied, PoolCall, same_text
from mockportal.portal.cognito.pools import client_of, derived, opaque
from mockportal.portal.identity.outbox import send_mail
from mockportal.state.clock import instant, timestamp
from mockportal.values import Record

LIFETIME = timedelta(minutes=3)
ATTEMPTS = 3
CODE_ATTEMPTS = 5


def issue(call: PoolCall, name: str, user: Record | None, username: str, **details: str) -> str:
    """A new challenge; the answer is the text that names it. `user` is None if there is no such user."""
    challenges = call.state.collection("challenge")
    for old in challenges.where(username=username):
        if instant(old["expires_at"]) <= call.state.now():
            challenges.remove(old["id"])
    challenge: Record = {
        "id": opaque(call.state, "challenge"),
        "name": name,
        "client_id": client_of(call.portal),
        "username": username,
        "attempts": 0,
        "expires_at": timestamp(call.state.now() + LIFETIME),
        "details": details,
    }
    if user is not None:
        challenge["portal_user_id"] = str(user["_id"])
    return str(challenges.put(challenge)["id"])


def pending(call: PoolCall, name: str, session: str) -> Record:
    """The challenge that a client answers. Raises `Denied` for one that is unknown, expired, or of another kind."""
    challenge = call.state.collection("challenge").find(session)
    if challenge is None or challenge["name"] != name or challenge["client_id"] != client_of(call.portal):
        raise Denied(NOT_AUTHORIZED, "Invalid session for the user.")
    if instant(challenge["expires_at"]) <= call.state.now():
        call.state.collection("challenge").remove(session)
        raise Denied(NOT_AUTHORIZED, "Invalid session for the user, session is expired.")
    return challenge


def taken(call: PoolCall, name: str, session: str) -> Record:
    """`pending`, and the challenge is used up."""
    challenge = pending(call, name, session)
    call.state.collection("challenge").remove(session)
    return challenge


def failed(call: PoolCall, challenge: Record) -> Denied:
    """The refusal of a wrong code; the last one that is allowed uses the challenge up."""
    challenges, attempts = call.state.collection("challenge"), challenge["attempts"] + 1
    if attempts >= ATTEMPTS:
        challenges.remove(challenge["id"])
        return Denied(NOT_AUTHORIZED, "Invalid session for the user.")
    challenges.put({**challenge, "attempts": attempts})
    return Denied("CodeMismatchException", "Invalid code or auth state for the user.")


def challenged_user(call: PoolCall, challenge: Record) -> Record | None:
    """The user of a challenge, who may have been disabled meanwhile; None if there never was one."""
    id = challenge.get("portal_user_id")
    return None if id is None else call.user(str(id))


def new_code(call: PoolCall) -> str:
    """Six digits, the same for the same requests."""
    number = int.from_bytes(derived(call.state, "code", call.state.new_id("code")), "big")
    return f"{number % 10**6:06d}"


def mail_login_code(call: PoolCall, user: Record) -> str:
    """Mails a code for one sign-in, and returns it."""
    code = new_code(call)
    link = f"{call.web_url}/login"
    expires_at = timestamp(call.state.now() + LIFETIME)
    send_mail(
        call.state, user, "advancedAuth", "Ihr Code für die Anmeldung", link, code=code, expires_at=expires_at
    )
    return code


def is_code(code: str, answer: str) -> bool:
    """True if an answer is the code; there is none to a challenge that mailed nothing."""
    return bool(code) and same_text(code, answer)


def issue_code(call: PoolCall, user: Record, purpose: str, **details: str) -> Record:
    """A token for a user with a code that stands for it, in place of those of the same purpose."""
    tokens = call.state.collection("confirmation")
    for old in tokens.where(purpose=purpose, portal_user_id=str(user["_id"])):
        if "used_at" not in old:
            tokens.remove(old["token"])
    return issue_token(call.state, user, purpose, code=new_code(call), **details)


def redeemed_code(call: PoolCall, user: Record | None, purpose: str, code: str) -> Record:
    """The unused token of a user for which a code stands. Raises `Denied`; too many wrong codes lock it."""
    tokens = call.state.collection("confirmation")
    found = tokens.where(purpose=purpose, portal_user_id=str(user["_id"])) if user else []
    live = [one for one in found if "code" in one and "used_at" not in one]
    if not live or instant(live[-1]["expires_at"]) <= call.state.now():
        raise Denied("ExpiredCodeException", "Invalid code provided, please request a code again.")
    token = live[-1]
    if token.get("attempts", 0) >= CODE_ATTEMPTS:
        raise Denied("LimitExceededException", "Attempt limit exceeded, please try after some time.")
    if not is_code(token["code"], code):
        tokens.patch(token["token"], {"attempts": token.get("attempts", 0) + 1})
        raise Denied("CodeMismatchException", "Invalid verification code provided, please try again.")
    return token


def use_up(call: PoolCall, token: Record) -> None:
    """The token and its code are good no longer."""
    call.state.collection("confirmation").patch(token["token"], {"used_at": call.state.timestamp()})


def delivery(email: str) -> Record:
    """The place that a code was sent to, as far as a client may know it: `a***@e***`."""
    name, _, host = email.partition("@")
    return {
        "Destination": f"{name[:1]}***@{host[:1]}***",
        "DeliveryMedium": "EMAIL",
        "AttributeName": "email",
    }
