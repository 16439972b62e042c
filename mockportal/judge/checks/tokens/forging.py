"""Forged tokens: what a good JWT becomes in the hands of somebody who does not have the key that it is signed with."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Sequence
from functools import cache

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from mockportal.values import Json, Record, decode, encode

_BITS = 2048
_LATER = 10 * 365 * 24 * 3600


def forgeries(token: str, public_keys: Sequence[Record]) -> dict[str, str]:
    """Forged tokens by what is wrong with them; none of a token that is no JWT. With a public key there are tokens for
    which it is taken as a secret."""
    try:
        header, claims, signature = (_unpacked(part) for part in token.split("."))
        return dict(_made(token, decode(header), decode(claims), signature, public_keys))
    except ValueError:
        return {}


def _made(
    token: str, header: Json, claims: Json, signature: bytes, public_keys: Sequence[Record]
) -> Iterator[tuple[str, str]]:
    if not isinstance(header, dict) or not isinstance(claims, dict):
        return
    start, _, last = token.rpartition(".")
    others = {**claims, "exp": int(claims.get("exp", 0)) + _LATER, "jti": "altered"}
    yield "an unsigned token (alg: none)", f"{_json({**header, 'alg': 'none'})}.{_json(claims)}."
    yield "a token without its signature", f"{start}."
    yield "a token with a wrong signature", f"{start}.{_packed(bytes([signature[0] ^ 1]) + signature[1:])}"
    yield "a token with altered claims", f"{start.partition('.')[0]}.{_json(others)}.{last}"
    yield "a token signed with another key", _signed_otherwise(header, claims)
    elsewhere = {**claims, "iss": "https://idp.attacker.example"}
    yield "a token of an issuer that nobody knows", _signed_otherwise({"typ": "JWT"}, elsewhere)
    for number, key in enumerate(_as_secrets(public_keys)):
        signed = f"{_json({**header, 'alg': 'HS256'})}.{_json(claims)}"
        mac = hmac.new(key, signed.encode(), hashlib.sha256).digest()
        name = "a token for which the public key is a secret (HS256)"
        yield f"{name} {number or ''}".strip(), f"{signed}.{_packed(mac)}"


def _signed_otherwise(header: Record, claims: Record) -> str:
    return str(jwt.encode({**header, "alg": "RS256"}, claims, _own_key(), algorithms=["RS256"]))


@cache
def _own_key() -> RSAKey:
    return RSAKey.generate_key(_BITS)


def _as_secrets(public_keys: Sequence[Record]) -> list[bytes]:
    """The texts of the keys: a library that takes any text for a secret takes these."""
    texts = []
    for key in public_keys:
        try:
            pem = RSAKey.import_key(key).as_pem(private=False)
        except (JoseError, ValueError, TypeError):
            continue
        texts += [pem, pem.strip()]
    return texts


def _json(value: Json) -> str:
    return _packed(encode(value))


def _packed(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _unpacked(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))
