"""Sign-in at a Cognito user pool: with a password that never leaves (SRP), in plain, or with a refresh token."""

import base64
import json
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from mockportal import srp
from mockportal.values import Json, Record

_ACTION = "AWSCognitoIdentityProviderService."
_TYPE = "application/x-amz-json-1.1"
_NAMES = {"IdToken": "id_token", "RefreshToken": "refresh_token", "ExpiresIn": "expires_in"}
# (address, body, headers) -> the answer
Post = Callable[[str, str, Mapping[str, str]], Record]


def signed_in(settings: Record, refresh: str, post: Post) -> Record:
    """The tokens as OAuth names them; without any the pool asks for more, and `challenge` says what."""
    if refresh:
        answer = _begun(settings, post, "REFRESH_TOKEN_AUTH", REFRESH_TOKEN=refresh)
    elif "pool" in settings:
        answer = _by_srp(settings, post)
    else:
        name, password = settings.get("username", ""), settings.get("password", "")
        answer = _begun(settings, post, "USER_PASSWORD_AUTH", USERNAME=name, PASSWORD=password)
    result = answer.get("AuthenticationResult") or {}
    found = {name: result[key] for key, name in _NAMES.items() if key in result}
    return found or {"challenge": answer.get("ChallengeName", "")}


def _by_srp(settings: Record, post: Post) -> Record:
    private = secrets.randbits(256)
    public = pow(srp.GROUP.generator, private, srp.PRIME)
    name = settings.get("username", "")
    challenge = _begun(settings, post, "USER_SRP_AUTH", USERNAME=name, SRP_A=f"{public:x}")
    if challenge.get("ChallengeName") != "PASSWORD_VERIFIER":
        return challenge
    given = challenge["ChallengeParameters"]
    answers = _proof(settings, given, private, public)
    members = {"ChallengeName": "PASSWORD_VERIFIER", "ChallengeResponses": answers}
    return _called(settings, post, "RespondToAuthChallenge", members)


def _proof(settings: Record, given: Record, private: int, public: int) -> dict[str, str]:
    """The proof that we know the password, for the challenge `given`."""
    pool, user, server = (
        settings["pool"].rpartition("_")[2],
        given["USER_ID_FOR_SRP"],
        int(given["SRP_B"], 16),
    )
    scrambler = srp.scrambler(public, server)
    secret = srp.password_secret(pool, user, settings.get("password", ""), int(given["SALT"], 16))
    base = server - srp.MULTIPLIER * pow(srp.GROUP.generator, secret, srp.PRIME)
    key = srp.session_key(pow(base, private + scrambler * secret, srp.PRIME), scrambler)
    now = datetime.now(UTC)
    timestamp = f"{now:%a %b} {now.day} {now:%H:%M:%S} UTC {now:%Y}"
    signature = srp.claim_signature(key, pool, user, base64.b64decode(given["SECRET_BLOCK"]), timestamp)
    return {
        "USERNAME": user,
        "PASSWORD_CLAIM_SECRET_BLOCK": given["SECRET_BLOCK"],
        "PASSWORD_CLAIM_SIGNATURE": base64.b64encode(signature).decode(),
        "TIMESTAMP": timestamp,
    }


def _begun(settings: Record, post: Post, flow: str, **parameters: str) -> Record:
    return _called(settings, post, "InitiateAuth", {"AuthFlow": flow, "AuthParameters": parameters})


def _called(settings: Record, post: Post, action: str, members: Mapping[str, Json]) -> Record:
    body = json.dumps({"ClientId": settings.get("client_id", ""), **members})
    return post(settings["cognito"], body, {"content-type": _TYPE, "x-amz-target": _ACTION + action})
