"""JSON as this package sees it: two aliases, and strict reading and writing of bytes."""

import json
import re
from typing import Any, NoReturn

import orjson

Json = Any
Record = dict[str, Json]

MAX_DEPTH = 100
_LONG_NUMBER = re.compile(rb"\d{17}")
_DEPTH = re.compile(rb'"(?:[^"\\]|\\.)*"|([\[{])|([\]}])', re.DOTALL)


def decode(data: bytes) -> Json:
    """The value that `data` spells in JSON; integers keep all their digits.

    Raises `ValueError` with one line for what is not JSON: NaN, lone surrogates, more than `MAX_DEPTH` levels.
    """
    if data.count(b"[") + data.count(b"{") > MAX_DEPTH and _depth(data) > MAX_DEPTH:
        raise ValueError(f"more than {MAX_DEPTH} levels of nesting")
    value = orjson.loads(data)
    if _LONG_NUMBER.search(data):  # orjson turns integers beyond 64 bits into floats
        return json.loads(data, parse_constant=_refuse_constant)
    return value


def encode(value: Json) -> bytes:
    """`value` as compact UTF-8 JSON."""
    try:
        return orjson.dumps(value)
    except TypeError:  # an integer beyond 64 bits
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _depth(data: bytes) -> int:
    deepest = depth = 0
    for found in _DEPTH.finditer(data):
        if found.group(1):
            depth += 1
            deepest = max(deepest, depth)
        elif found.group(2):
            depth -= 1
    return deepest


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
