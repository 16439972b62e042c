"""Cursors of long lists: an opaque text that names the last entry of a page, so that new entries move nothing."""

import base64
import binascii

from mockportal.errors import BadRequest
from mockportal.values import Json, decode, encode

_LONGEST = 400


def cursor_after(*key: str) -> str:
    """The cursor of the page after the entry with this key."""
    return base64.urlsafe_b64encode(encode(list(key))).decode().rstrip("=")


def key_of(cursor: str, length: int) -> tuple[str, ...]:
    """The key that `cursor_after` was given. Raises `BadRequest` for a cursor that nobody made."""
    padded = cursor + "=" * (-len(cursor) % 4)
    try:
        key: Json = (
            decode(base64.b64decode(padded, b"-_", validate=True)) if len(cursor) <= _LONGEST else None
        )
    except (binascii.Error, ValueError):
        key = None
    if not isinstance(key, list) or len(key) != length or not all(isinstance(part, str) for part in key):
        raise BadRequest("cursor: this is not a cursor of this list")
    return tuple(key)
