"""Ids that are the same in browser, test and log: made from the seed and a stable name, never from call order."""

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

_NAMESPACE = uuid.UUID("9f6b2c7e-5a53-4d53-9d0f-7d8f2b7a61c4")
_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = tuple(first + second for first in _CROCKFORD for second in _CROCKFORD)  # of 10 bits each
_ULID = range(120, -1, -10)  # the bits at which its thirteen pairs begin
_SHORT = 11


def stable_uuid(seed: int, kind: str, alias: str) -> str:
    """The UUIDv5 of seed, kind and alias."""
    return str(uuid.uuid5(_NAMESPACE, f"{seed}/{kind}/{alias}"))


def stable_short_id(seed: int, kind: str, alias: str) -> str:
    """Eleven base-36 characters of the same hash, as workflows and their steps have."""
    number = uuid.uuid5(_NAMESPACE, f"{seed}/{kind}/{alias}").int
    made = ""
    for _ in range(_SHORT):
        number, digit = divmod(number, len(_BASE36))
        made = _BASE36[digit] + made
    return made


def stable_ulid(seed: int, kind: str, alias: str, at: datetime) -> str:
    """A ULID: 48 bits of milliseconds, 80 bits of the hash of seed, kind and alias."""
    hashed = hashlib.sha256(f"{seed}/{kind}/{alias}".encode()).digest()
    milliseconds = max(int(at.timestamp() * 1000), 0)
    number = (milliseconds << 80) | int.from_bytes(hashed[:10])
    return "".join([_PAIRS[number >> bit & 1023] for bit in _ULID])


def stable_id(style: str, seed: int, kind: str, alias: str, at: datetime) -> str:
    """The id of a record in the `style` of its kind: uuid, short or ulid. Only the last one depends on `at`."""
    if style == "short":
        return stable_short_id(seed, kind, alias)
    if style == "ulid":
        return stable_ulid(seed, kind, alias, at)
    return stable_uuid(seed, kind, alias)


def names_of(collections: Iterable[Mapping[str, str]]) -> Mapping[str, str]:
    """The alias of each id in these maps from alias to id, of ids that are not the alias itself."""
    names = {id: alias for ids in collections for alias, id in ids.items() if id != alias}
    return MappingProxyType(names)
