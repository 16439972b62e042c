"""The fields of forms: application/x-www-form-urlencoded and multipart/form-data, typed by the schema of the body.

A field of several values is a list, a field whose schema is an object is JSON, and `name[a][b]` is a value inside of
an object (OpenAPI 3, Encoding Object).
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl

from mockportal.media_types import MediaType, media_type_of
from mockportal.spec.codecs.multipart import Part, parts_of
from mockportal.spec.codecs.styles import nested
from mockportal.spec.codecs.types import TypeTree, scalar, typed
from mockportal.values import Json, Record, decode

Encodings = Mapping[str, Record]  # property -> its Encoding Object

_SEPARATORS = {"spaceDelimited": " ", "pipeDelimited": "|"}


class Field(NamedTuple):
    """One value of a form: a text, or a value that has its type already."""

    name: str
    value: Json


def urlencoded(data: bytes, charset: str, types: TypeTree, encodings: Encodings) -> Record:
    """The fields of a URL-encoded form. Raises `ValueError` for one that is not in its charset."""
    try:
        pairs = parse_qsl(data.decode("ascii"), keep_blank_values=True, encoding=charset, errors="strict")
    except LookupError:
        raise ValueError(f"unknown charset {charset!r}") from None
    return _fields([Field(name, text) for name, text in pairs], types, encodings)


def multipart(data: bytes, content_type: str, types: TypeTree, encodings: Encodings) -> Record:
    """The fields of a multipart form; a file is a text with a character for each byte. Raises `ValueError`."""
    found = [Field(part.name, _value_of(part)) for part in parts_of(data, content_type)]
    return _fields(found, types, encodings)


def _value_of(part: Part) -> Json:
    sent = media_type_of(part.content_type or "text/plain")
    if sent.is_json:
        return decode(bytes(part.data))
    if part.is_file or sent.type != "text":
        return part.data.decode("latin-1")
    return _text(part.data, sent)


def _text(data: bytearray, sent: MediaType) -> str:
    try:
        return data.decode(sent.charset, "replace")
    except LookupError:
        raise ValueError(f"unknown charset {sent.charset!r}") from None


def _fields(found: Iterable[Field], types: TypeTree, encodings: Encodings) -> Record:
    grouped: dict[str, list[Json]] = {}
    spread: dict[str, list[tuple[str, str]]] = {}
    for name, value in found:
        base, bracket, rest = name.partition("[")
        if bracket and name not in types.inner and base in types.inner:
            spread.setdefault(base, []).append((f"[{rest}", str(value)))
        else:
            grouped.setdefault(name, []).append(value)
    fields = {
        name: _field(types.of(name), values, encodings.get(name, {})) for name, values in grouped.items()
    }
    for name, pairs in spread.items():
        fields[name] = _inside(types.of(name), pairs)
    return fields


def _inside(types: TypeTree, pairs: list[tuple[str, str]]) -> Json:
    """The value whose parts have the names `[a]`, `[b][c]`, `[]`, or `[0][a]` for the first thing of a list."""
    if all(name == "[]" for name, _ in pairs):
        return typed(types, [text for _, text in pairs])
    tree = nested(iter(pairs))
    if types.kind == "array":
        return typed(types, [tree[step] for step in sorted(tree, key=_position)])
    return typed(types, tree)


def _position(step: str) -> tuple[int, str]:
    return (int(step), "") if step.isdecimal() and len(step) < 9 else (10**9, step)


def _field(types: TypeTree, values: list[Json], encoding: Record) -> Json:
    if types.kind == "array":
        whole = _item(types, values[0]) if len(values) == 1 else None
        if isinstance(whole, list):  # the list as JSON
            return whole
        return [_item(types.items, value) for value in _apart(values, encoding)]
    if len(values) > 1:
        return [_item(types, value) for value in values]
    return _item(types, values[0])


def _apart(values: list[Json], encoding: Record) -> Iterator[Json]:
    """The values, those apart that stand in one text."""
    if encoding.get("explode", True) or "style" not in encoding:
        yield from values
        return
    for value in values:
        yield from value.split(_SEPARATORS.get(encoding["style"], ",")) if isinstance(value, str) else [value]


def _item(types: TypeTree, value: Json) -> Json:
    if not isinstance(value, str):
        return value
    if types.kind in ("object", "array"):
        try:
            return decode(value.encode())
        except ValueError:
            return value
    return scalar(types, value)
