"""Bearer tokens of the mock: JWTs signed with one fixed key that ships in the package. Addresses are signed as well.

Anyone can sign with it. That is the point of a mock, and the reason never to trust this issuer anywhere else.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from mockportal.config import LIMITS
from mockportal.values import Record, decode, encode

KEY_ID = "mockportal"

_ALGORITHM = "RS256"
_ADDRESS_KEY = b"addresses of mockportal"
_EXPIRES, _SIGNATURE = "expires", "signature"
_REMEMBERED = 1024  # tokens; with their limit in length, this bounds their bytes


@cache
def _key() -> RSAKey:
    text = Path(__file__).with_name("test_key.pem").read_text()
    return RSAKey.import_key(text, {"kid": KEY_ID, "alg": _ALGORITHM})


def sign(claims: Record) -> str:
    """A compact JWT with these claims; the same claims give the same token."""
    return str(jwt.encode({"alg": _ALGORITHM, "kid": KEY_ID}, claims, _key()))


def issued(claims: Record, issuer: str, now: datetime, expires_in: int, family: str) -> Record:
    """`claims` with what every minted token carries. `expires_in` is in seconds of the world's clock; one revocation
    ends all tokens of a `family`."""
    at = int(now.timestamp())
    return {"iss": issuer, "origin_jti": family, "iat": at, "exp": at + expires_in, **claims}


def public_keys() -> Record:
    """The JSON Web Key Set to verify with."""
    return {"keys": [{**_key().as_dict(private=False), "use": "sig"}]}


@lru_cache(maxsize=_REMEMBERED)
def _claims(token: str) -> bytes | None:
    """The claims as JSON, which takes no more memory than the token, whatever is in it."""
    try:
        decoded = jwt.decode(token, _key(), algorithms=[_ALGORITHM])
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


def signed_query(method: str, path: str, expires_at: int, conditions: Mapping[str, str]) -> str:
    """The query that lets anybody use `path` with `method` until `expires_at` (seconds since 1970) on `conditions`."""
    query = {**conditions, _EXPIRES: str(expires_at)}
    return urlencode({**query, _SIGNATURE: _signature(method, path, query)})


def signed_conditions(method: str, path: str, query: str, now: float) -> dict[str, str] | None:
    """The conditions of a query made by `signed_query`; None if it was made for something else or has expired."""
    found = dict(parse_qsl(query, keep_blank_values=True))
    signature = found.pop(_SIGNATURE, "")
    if not hmac.compare_digest(signature.encode(), _signature(method, path, found).encode()):
        return None
    return found if now < int(found.pop(_EXPIRES)) else None


def _signature(method: str, path: str, query: Mapping[str, str]) -> str:
    text = "\n".join((method, path, urlencode(sorted(query.items()))))
    return hmac.new(_ADDRESS_KEY, text.encode(), hashlib.sha256).hexdigest()
