"""Inputs made of known ones: cut, doubled, spliced, and with what has broken readers before."""

import json
from collections.abc import Callable, Sequence
from random import Random

from mockportal.values import Json

MOST = 20_000  # bytes of an input
_TOKENS = (
    b"\x00", b"\xff\xfe", b"\r\n", b"\r\n\r\n", b"\n", b"\t", b"'", b'"', b"\\", b"%00", b"%", b"%zz", b"%2e%2e/", b"..", b"//",
    b"{", b"}", b"[", b"]", b"[]", b"{}", b"null", b"true", b"NaN", b"-0", b"1e999", b"9" * 25, b"0.1", b"-1", b"2147483648",
    b"Transfer-Encoding: chunked\r\n", b"Content-Length: 5\r\n", b"Content-Length: -1\r\n", b"Upgrade: h2c\r\nConnection: upgrade\r\n",
    b"Expect: 100-continue\r\n", b"Connection: close\r\n", b"0\r\n\r\n", b"ffffffff\r\n", b"1;a=b\r\nx\r\n", b"HTTP/1.1", b"HTTP/9.9", b"CONNECT ",
    b"Prefer: code=500\r\n", b"Prefer: example=x\r\n", b"Range: bytes=0-,5-\r\n", b"X-Mockportal-World: x\r\n", b"Host: [::1\r\n",
    b"&a: ", b"*a", b"<<: ", b"!id contact/anna", b"!date -1d", b"!file x", b"!!python/name:os.system", b"--- ", b"? ", b"|\n", b"#", b": ",
    b"$ref", b"#/components/schemas/A", b"allOf", b"pattern", b"(a+)+$", b"nullable", b"discriminator", b"$[*]", b"$..*",
    b"2026-06-15", b"9999-12-31T23:59:59Z", b"0001-01-01", b"P9999Y", b"\xf0\x9f\x98\x80", b"\xe2\x80\xae", b"{{contact.email}}", b"{{#if ",
)  # fmt: skip
_VALUES: tuple[Json, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**63, 10**30, 0.5, -0.0, 1e308, "", " ", "x", "\x00", "😀", "a" * 500, "9" * 40, "../../etc/passwd",
    "2026-02-30", "9999-12-31T23:59:59Z", "{{a.b}}", "*", "(", [], {}, [[]], [{}], {"": ""}, {"$relation": []}, {"$relation": [{"entity_id": 5}]},
    ["x"] * 50, {"a": {"a": {"a": {"a": {}}}}},
)  # fmt: skip
Mutation = Callable[[Random, bytes, Sequence[bytes]], bytes]


def mutated(chance: Random, known: Sequence[bytes]) -> bytes:
    """A known input after a few mutations."""
    data = chance.choice(known)
    choices = _GENTLE if chance.random() < 0.5 else _MUTATIONS
    for _ in range(chance.choice((1, 1, 2, 3, 5))):
        data = chance.choice(choices)(chance, data, known)
    return data[:MOST]


def _place(chance: Random, data: bytes) -> int:
    return chance.randrange(len(data) + 1)


def _cut(chance: Random, data: bytes, known: Sequence[bytes]) -> bytes:
    at = _place(chance, data)
    return data[:at] + data[at + chance.choice((1, 2, 8, 50)) :]


def _ended(chance: Random, data: bytes, known: Sequence[bytes]) -> bytes:
    return data[: _place(chance, data)]


def _flipped(chance: Random, data: bytes, known: Sequence[bytes]) -> bytes:
    at = _place(chance, data)
    return data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]


def _token(chance: Random, data: bytes, known: Sequence[bytes]) -> bytes:
    at = _place(chance, data)
    return data[:at] + chance.choice(_TOKENS) + data[at + chance.choice((0, 0, 1, 5)) :]


def _doubled(chance: Random, data: bytes, known: Sequence[bytes]) -> bytes:
    at, end = sorted((_place(chance, data), _place(chance, data)))
    return data[:at] + data[at:end] * chance.choice((2, 2, 3, 20)) + data[end:]


def _spliced(chance: Random, data: bytes, known: Sequence[bytes]) -> bytes:
    other = chance.choice(known)
    return data[: _place(chance, data)] + other[_place(chance, other) :]


def _lines_moved(chance: Random, data: bytes, known: Sequence[bytes]) -> bytes:
    lines = data.split(b"\n")
    line = lines.pop(chance.randrange(len(lines)))
    lines.insert(chance.randrange(len(lines) + 1), line)
    return b"\n".join(lines)


def _other_query(chance: Random, data: bytes, known: Sequence[bytes]) -> bytes:
    """The same with another query, if it has one."""
    first, end, rest = data.partition(b"\n")
    path, mark, query = first.partition(b"?")
    if not mark:
        return data
    return path + mark + chance.choice((_cut, _flipped, _token, _doubled))(chance, query, known) + end + rest


def _other_json(chance: Random, data: bytes, known: Sequence[bytes]) -> bytes:
    """The same with another JSON body, if it has one: a value replaced, a key taken away, added or renamed."""
    head, _, body = data.rpartition(b"\n\n")
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return data
    return head + b"\n\n" + json.dumps(_changed(chance, value)).encode() if head else data


def _changed(chance: Random, value: Json) -> Json:
    if isinstance(value, dict) and value and chance.random() < 0.8:
        key = chance.choice([*value])
        how = chance.random()
        if how < 0.15:
            return {name: one for name, one in value.items() if name != key}
        if how < 0.25:
            return {**value, chance.choice(("_id", "x", "", "_schema", "id")): chance.choice(_VALUES)}
        return {**value, key: _changed(chance, value[key])}
    if isinstance(value, list) and value and chance.random() < 0.8:
        at = chance.randrange(len(value))
        return [*value[:at], _changed(chance, value[at]), *value[at + chance.choice((0, 1)) :]]
    return chance.choice(_VALUES)


# which leave a request to the same operation, by the same caller
_GENTLE: tuple[Mutation, ...] = (_other_json, _other_json, _other_query)
_MUTATIONS: tuple[Mutation, ...] = (
    _cut, _ended, _flipped, _token, _token, _doubled, _spliced, _lines_moved, _other_json, _other_json, _other_json
)  # fmt: skip
