"""Bearer tokens of the mock: JWTs signed with one fixed key that ships in the package.

Anyone can sign with it. That is the point of a mock, and the reason never to trust this issuer anywhere else.
"""

from datetime import datetime
from functools import lru_cache
from pathlib import Path

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from mockportal.config import LIMITS
from mockportal.values import Record, decode, encode

KEY_ID = "mockportal"

_ALGORITHM = "RS256"
_REMEMBERED = 1024  # tokens; with their limit in length, this bounds their bytes
_KEY = RSAKey.import_key(
    Path(__file__).with_name("test_key.pem").read_text(), {"kid": KEY_ID, "alg": _ALGORITHM}
)


def sign(claims: Record) -> str:
    """A compact JWT with these claims; the same claims give the same token."""
    return str(jwt.encode({"alg": _ALGORITHM, "kid": KEY_ID}, claims, _KEY))


def issued(claims: Record, issuer: str, now: datetime, expires_in: int, family: str) -> Record:
    """`claims` with what every minted token carries. `expires_in` is in seconds of the world's clock; one revocation
    ends all tokens of a `family`."""
    at = int(now.timestamp())
    return {"iss": issuer, "origin_jti": family, "iat": at, "exp": at + expires_in, **claims}


def public_keys() -> Record:
    """The JSON Web Key Set to verify with."""
    return {"keys": [{**_KEY.as_dict(private=False), "use": "sig"}]}


@lru_cache(maxsize=_REMEMBERED)
def _claims(token: str) -> bytes | None:
    """The claims as JSON, which takes no more memory than the token, whatever is in it."""
    try:
        decoded = jwt.decode(token, _KEY, algorithms=[_ALGORITHM])
        claims = encode(decoded.claims)
        decode(claims)
    except (JoseError, ValueError, RecursionError):
        return None
    # RFC 7515: an empty list of critical extensions is as wrong as an extension that is not understood
    return None if "crit" in decoded.header else claims


def verified_claims(token: str) -> Record | None:
    """The claims of a token signed here, or None. Expiry is for the caller to judge, on the world's clock.

    A token that is longer than the limit is refused unread.
    """
    if len(token) > LIMITS.token or token.count(".") != 2:
        return None
    claims = _claims(token)
    return None if claims is None else decode(claims)
