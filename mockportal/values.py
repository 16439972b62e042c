"""JSON as this package sees it: two aliases, and strict reading and writing of bytes."""

import json
import re
from collections.abc import Iterable
from typing import Any, NoReturn

import orjson

from mockportal.config import LIMITS

Json = Any
Record = dict[str, Json]

_LONG_NUMBER = re.compile(rb"\d{19}")  # an integer beyond 64 bits has as many digits, or more


def decode(data: bytes) -> Json:
    """The value that `data` spells in JSON; integers keep all their digits.

    Raises `ValueError` with one line for what is not JSON: NaN, lone surrogates, more levels or digits than the limits.
    """
    value = orjson.loads(data)  # which itself refuses more than a thousand levels
    if data.count(b"[") + data.count(b"{") > LIMITS.depth and _is_deeper(value, LIMITS.depth):
        raise ValueError(LIMITS.said("depth"))
    if _LONG_NUMBER.search(data):  # orjson turns integers beyond 64 bits into floats
        del value  # a second tree beside it would double the memory
        return json.loads(data, parse_int=_whole, parse_float=_fraction, parse_constant=_refuse_constant)
    return value


def value_of(content: bytes) -> Json:
    """The value of a body as it came: of JSON what it spells, else the bytes; None for none."""
    try:
        return decode(content) if content else None
    except ValueError:
        return content


def encode(value: Json) -> bytes:
    """`value` as compact UTF-8 JSON."""
    try:
        # A copy: orjson's own bytes keep their buffer, which is up to ten times as long (4 KiB for `{}`).
        return memoryview(orjson.dumps(value)).tobytes()
    except TypeError:  # an integer beyond 64 bits
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def size_of(value: Json) -> int:
    """The number of bytes that `value` has as JSON; a guess if it is none."""
    try:
        return len(orjson.dumps(value))
    except TypeError:
        return len(repr(value))


def is_plain(value: Json) -> bool:
    """True if a value is made of JSON's own types and nothing else."""
    try:
        orjson.dumps(value, option=orjson.OPT_PASSTHROUGH_DATACLASS)
    except TypeError:
        return False
    return True


def whole_of(value: Json) -> Json:
    """3 for 3.0, between which JSON does not tell; any other value, booleans included, as it is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def merge_patch(record: Json, changes: Json) -> Json:
    """RFC 7396: a new value, both inputs untouched."""
    if not isinstance(changes, dict):
        return changes
    merged = dict(record) if isinstance(record, dict) else {}
    for name, value in changes.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged


def _is_deeper(value: Json, most: int) -> bool:
    """True if a value has more than `most` levels of lists and objects; each value in it is looked at once."""
    level = [value]
    for _ in range(most + 1):
        level = [item for node in level if isinstance(node, dict | list) for item in _items(node)]
        if not level:
            return False
    return True


def _items(node: Json) -> Iterable[Json]:
    """The values in a list or an object; one for an empty one, which is a level as well."""
    if not node:
        return (None,)
    values: Iterable[Json] = node.values() if isinstance(node, dict) else node
    return values


def _whole(digits: str) -> int:
    return int(_short(digits))


def _fraction(digits: str) -> float:
    return float(_short(digits))


def _short(digits: str) -> str:
    if len(digits) > LIMITS.digits:
        raise ValueError(LIMITS.said("digits"))
    return digits


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
