"""Signing in with a password, sent as it is or proved by SRP, and the policy that a new one has to meet."""

import base64
import binascii
import hmac
import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from mockportal import srp
from mockportal.portal.cognito.calls import (
    INVALID_PARAMETER,
    Denied,
    PoolCall,
    needed_answer,
    same_text,
    wrong_credentials,
)
from mockportal.portal.cognito.challenges import challenged_user, issue, taken
from mockportal.portal.cognito.pools import derived, pool_of
from mockportal.portal.identity.passwords import DEMANDS
from mockportal.state.store import Draft
from mockportal.values import Json, Record

VERIFIER = "PASSWORD_VERIFIER"

# The demands of a password policy in Cognito's words.
_DEMANDS: Mapping[str, str] = MappingProxyType(
    {
        "minimum_length": "Password not long enough",
        "maximum_length": "Password too long",
        "require_lowercase": "Password must have lowercase characters",
        "require_uppercase": "Password must have uppercase characters",
        "require_numbers": "Password must have numeric characters",
        "require_symbols": "Password must have symbol characters",
    }
)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TIMESTAMP = re.compile(
    rf"({'|'.join(_DAYS)}) ({'|'.join(_MONTHS)}) ([1-9]|[12]\d|3[01])"
    r" (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d UTC ([1-9]\d{3})",
    re.ASCII,
)
_HEX = re.compile(rf"[0-9a-fA-F]{{1,{srp.LONGEST}}}")


def user_with_password(call: PoolCall, username: str, password: str) -> Record:
    """The user whose password this is. Raises `Denied`."""
    user = call.user(username)
    known = password_of(call.state, user)
    if user is None or not known or not same_text(known, password):
        raise wrong_credentials()
    return user


def prove_password(call: PoolCall, username: str, public: str, then: str = "") -> Record:
    """The challenge to prove a password, for the client's public number `A` in hexadecimal digits.

    Somebody unknown gets one as well, which nobody can answer. It names no `Session`: the secret block stands for it.
    `then` is remembered for `proven_user`.
    """
    user = call.user(username)
    client = int(public, 16) if _HEX.fullmatch(public) else 0
    if client % srp.PRIME == 0:
        raise Denied(INVALID_PARAMETER, "SRP_A is not a valid number")
    id = str(user["_id"]) if user else _made_up_id(call.state, username)
    salt = int.from_bytes(derived(call.state, "salt", id)[:16], "big")
    verifier = srp.GROUP.verifier(_secret(call, user, id, salt))
    ephemeral = int.from_bytes(derived(call.state, "srp", call.state.new_id("ephemeral"))[:32], "big")
    server = srp.GROUP.public(srp.MULTIPLIER, verifier, ephemeral)
    numbers = {"client": client, "server": server, "verifier": verifier, "ephemeral": ephemeral}
    details = {name: f"{number:x}" for name, number in numbers.items()}
    parameters = {
        "SALT": f"{salt:x}",
        "SECRET_BLOCK": issue(call, VERIFIER, user, username, id=id, then=then, **details),
        "SRP_B": f"{server:x}",
        "USERNAME": id,
        "USER_ID_FOR_SRP": id,
    }
    return {"ChallengeName": VERIFIER, "ChallengeParameters": parameters}


def proven_user(call: PoolCall, answers: dict[str, str]) -> tuple[Record, str]:
    """The user who has proved the password, and the `then` of the challenge, which is used up whatever comes out."""
    block = needed_answer(answers, "PASSWORD_CLAIM_SECRET_BLOCK")
    signature = needed_answer(answers, "PASSWORD_CLAIM_SIGNATURE")
    timestamp = needed_answer(answers, "TIMESTAMP")
    username = needed_answer(answers, "USERNAME")
    challenge = taken(call, VERIFIER, block)
    details = challenge["details"]
    if not _is_timestamp(timestamp):
        raise Denied(INVALID_PARAMETER, "TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english")
    if username not in (details["id"], challenge["username"]):
        raise wrong_credentials()
    expected = srp.claim_signature(
        _session_key(details), pool_name(call.portal), details["id"], base64.b64decode(block), timestamp
    )
    user = challenged_user(call, challenge)
    if not hmac.compare_digest(expected, _decoded(signature)) or user is None:
        raise wrong_credentials()
    return user, details["then"]


def password_of(state: Draft, user: Record | None) -> str:
    """The password of a user; "" for somebody without one, such as a user of single sign-on."""
    return str(credential_of(state, user).get("password", "")) if user else ""


def credential_of(state: Draft, user: Record) -> Record:
    """Everything that only the pool knows of a user: password, second factor, further attributes."""
    return state.collection("credential").find(str(user["_id"])) or {"portal_user_id": str(user["_id"])}


def change_credential(state: Draft, user: Record, **changes: Json) -> Record:
    """The credential with these changes; None removes."""
    record = {**credential_of(state, user), **changes}
    return state.collection("credential").put({name: one for name, one in record.items() if one is not None})


def check_policy(portal: Record, password: str) -> None:
    """Raises `Denied` for the first demand of the portal's policy that a password breaks."""
    policy = (portal.get("cognito_details") or {}).get("password_policy") or {}
    for demand in DEMANDS:
        wanted = policy.get(demand.setting)
        if wanted and not demand.met(password, wanted):
            problem = f"Password did not conform with policy: {_DEMANDS[demand.setting]}"
            raise Denied("InvalidPasswordException", problem)


def choose_password(call: PoolCall, user: Record, password: str) -> None:
    """From now on this is the user's password. Raises `Denied` as `check_policy` does."""
    check_policy(call.portal, password)
    change_credential(call.state, user, password=password, new_password_required=None)


def pool_name(portal: Record) -> str:
    """The part of the pool's id that SRP hashes: `MockEcp01` of `eu-central-1_MockEcp01`."""
    return pool_of(portal).rpartition("_")[2]


def _secret(call: PoolCall, user: Record | None, id: str, salt: int) -> int:
    """The secret number of the user's password, or of one that nobody knows."""
    password = password_of(call.state, user) or derived(call.state, "no password", id).hex()
    return srp.password_secret(pool_name(call.portal), id, password, salt)


def _session_key(details: Record) -> bytes:
    client, server, verifier, ephemeral = (
        int(details[name], 16) for name in ("client", "server", "verifier", "ephemeral")
    )
    scrambler = srp.scrambler(client, server)
    return srp.session_key(srp.GROUP.shared(client, verifier, scrambler, ephemeral), scrambler)


def _made_up_id(state: Draft, username: str) -> str:
    """The user name of somebody who does not exist; it looks like any other, and is always the same."""
    digits = derived(state, "nobody", username.lower()).hex()
    return f"{digits[:8]}-{digits[8:12]}-5{digits[13:16]}-a{digits[17:20]}-{digits[20:32]}"


def _is_timestamp(text: str) -> bool:
    """True for a time such as `Sun Nov 1 07:05:09 UTC 2026`, with the weekday of that date."""
    found = _TIMESTAMP.fullmatch(text)
    if found is None:
        return False
    weekday, month, day, year = found.groups()
    try:
        return date(int(year), _MONTHS.index(month) + 1, int(day)).weekday() == _DAYS.index(weekday)
    except ValueError:
        return False


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
