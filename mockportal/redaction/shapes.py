"""Secrets that can be told by their shape, wherever they stand, and the spellings in which a known one may stand."""

import base64
import binascii
import html
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import quote, quote_plus

REDACTED = "[redacted]"

_SHORTEST = 6
_LONGER_THAN_WORDS = 20
# A run is consumed whole whether it is a JWT or not, so that none of its characters is looked at twice.
_RUN = re.compile(r"eyJ[\w-]*+(?:\.[\w-]*+)*+", re.ASCII)
_SEGMENT = 8
_PRIVATE_KEY = re.compile(
    r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY.{0,10}?-----.*?(?:-----END [A-Z ]{0,30}PRIVATE KEY.{0,10}?-----|\Z)",
    re.DOTALL,
)
_BEARER = re.compile(r"(\bbearer[ ]{1,9}+)(?=[\w.~+/=-]{20})[\w.~+/=-]++", re.IGNORECASE)
_BASIC = re.compile(r"(\bbasic[ ]{1,9}+)([\w+/-]{4,1000}+=*+)", re.IGNORECASE)
_USER = re.compile(r"(?<=://)([^\s/@:\"'<>]*+):[^\s/@\"'<>]++(?=@)")


def jwts(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of what looks like a JWT, the rest of one that was cut off included."""
    if "eyJ" not in text:
        return
    for run in _RUN.finditer(text):
        if _is_jwt(run.group()):
            yield run.span()


def without_shapes(text: str) -> str:
    """`text` without JWTs, private keys, and credentials in URLs and behind the name of a scheme."""
    text = _without(text, jwts(text))
    if "PRIVATE KEY" in text:
        text = _PRIVATE_KEY.sub(REDACTED, text)
    if "@" in text:
        text = _USER.sub(rf"\1:{REDACTED}", text)
    if " " not in text:
        return text
    return _BASIC.sub(_basic, _BEARER.sub(rf"\1{REDACTED}", text))


def spellings(secret: str) -> dict[str, str]:
    """Each spelling of a secret with its name. Empty for one of less than six characters: it cannot be told from
    text."""
    if len(secret) < _SHORTEST:
        return {}
    spelled = (
        ("HTML-escaped", (html.escape(secret), html.escape(secret, quote=False))),
        ("JSON-escaped", (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1])),
        ("URL-encoded", _percent(secret)),
        ("as it is", (secret,)),
    )
    return {form: name for name, forms in spelled for form in forms}


def is_minted(value: str) -> bool:
    """True if a text can be told from words wherever it stands. A JWT can be told without being known."""
    if len(value) < _SEGMENT or any(char.isspace() for char in value) or [*jwts(value)] == [(0, len(value))]:
        return False
    return len(value) > _LONGER_THAN_WORDS or any(char.isdigit() for char in value)


def _is_jwt(run: str) -> bool:
    """A header, and behind it a payload that begins like JSON, or two more parts."""
    parts = run.split(".")
    return any(
        len(part) - part.find("eyJ") >= _SEGMENT and (payload.startswith("eyJ") or number + 2 < len(parts))
        for number, (part, payload) in enumerate(pairwise(parts))
        if "eyJ" in part
    )


def _without(text: str, spans: Iterator[tuple[int, int]]) -> str:
    kept, at = [], 0
    for start, end in spans:
        kept += [text[at:start], REDACTED]
        at = end
    return "".join([*kept, text[at:]]) if kept else text


def _basic(found: re.Match[str]) -> str:
    """A word is left alone: the credentials are `user:password` in base64."""
    try:
        holds = b":" in base64.b64decode(found[2], validate=True)
    except binascii.Error:
        holds = False
    return found[1] + REDACTED if holds else found[0]


def _percent(secret: str) -> set[str]:
    upper = {quote(secret, safe=""), quote(secret), quote_plus(secret)}
    return upper | {re.sub("%..", lambda code: code[0].lower(), text) for text in upper}
