"""The JSON types that a schema allows, through references, parts and alternatives.

A text in a URL, a form or XML has no type of its own: `5` is a number, or a text, as the schema wants it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from math import isfinite
from types import MappingProxyType
from typing import Any

from mockportal.files.pointers import pointer_to
from mockportal.spec.document import follow
from mockportal.values import Json, Record

_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_LONGEST_NUMBER = 300
_ORDER = ("array", "object", "null", "boolean", "integer", "number", "string")


Later = Callable[
    [], "TypeTree"
]  # a types that is only looked for when it is needed: schemas may hold themselves


@dataclass(frozen=True, slots=True, eq=False)
class TypeTree:
    """The types that a schema allows in a value.

    kinds:   the JSON types, in the order in which a text is tried to be read as one; none means any
    inner:   property -> its types
    listed:  the types of the items of a list, if it is known
    others:  the types of the properties that are not named, if there may be any
    xml:     the schema's `xml` object
    """

    kinds: tuple[str, ...] = ()
    inner: Mapping[str, Later] = field(default_factory=dict)
    listed: Later | None = None
    others: Later | None = None
    xml: Mapping[str, Json] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The first type that a text is read as."""
        return next((kind for kind in self.kinds if kind != "null"), "string")

    @property
    def items(self) -> "TypeTree":
        """The types of the items of a list."""
        return self.listed() if self.listed is not None else TEXT

    @property
    def properties(self) -> Iterator[tuple[str, "TypeTree"]]:
        """The properties that are named, with their trees."""
        return ((name, later()) for name, later in self.inner.items())

    def of(self, name: str) -> "TypeTree":
        """The types of the property called `name`."""
        later = self.inner.get(name) or self.others
        return later() if later is not None else TEXT


TEXT = TypeTree(("string",))
ANY = TypeTree()


def type_tree_of(document: Record, schema: Json, at: str) -> TypeTree:
    """The types of a schema at pointer `at`. Raises `SpecError`."""
    schema, at = follow(document, schema, at)
    if not isinstance(schema, dict):
        return ANY

    def later(*keys: object) -> Later:
        return cache(lambda: type_tree_of(document, _down(schema, keys), at + pointer_to(*keys)))

    parts = [
        (key, later(key, number)())
        for key in ("allOf", "anyOf", "oneOf")
        for number in range(len(schema.get(key) or ()))
    ]
    trees = [types for _, types in parts]
    inner = {name: found for types in trees for name, found in types.inner.items()}
    inner |= {name: later("properties", name) for name in schema.get("properties") or ()}
    return TypeTree(
        kinds=_ordered(_kinds(schema, parts)),
        inner=inner,
        listed=later("items") if "items" in schema else _first(types.listed for types in trees),
        others=later("additionalProperties")
        if schema.get("additionalProperties")
        else _first(types.others for types in trees),
        xml=schema.get("xml") or {},
    )


def _down(value: Json, keys: Iterable[Any]) -> Json:
    for key in keys:
        value = value[key]
    return value


def scalars(types: TypeTree, text: str) -> Iterator[Json]:
    """The values other than lists and objects that a text may stand for, the likeliest first; the last is the text
    itself, in which the schema then finds what is wrong."""
    for kind in types.kinds:
        read = _READERS.get(kind)
        if read is None or (kind == "null" and "string" in types.kinds):
            continue
        value = read(text)
        if value is not text:
            yield value
    yield text


def scalar(types: TypeTree, text: str) -> Json:
    """The likeliest of the values that a text may stand for."""
    return next(scalars(types, text))


def typed(types: TypeTree, value: Json) -> Json:
    """Lists and objects of texts with every text as the value that it most likely stands for."""
    if isinstance(value, dict):
        return {name: typed(types.of(name), item) for name, item in value.items()}
    if isinstance(value, list):
        return [typed(types.items, item) for item in value]
    if not isinstance(value, str):
        return value
    return [scalar(types.items, value)] if types.kind == "array" else scalar(types, value)


def _kinds(schema: Record, parts: list[tuple[str, TypeTree]]) -> set[str]:
    found = _own_kinds(schema)
    if not found:
        found = {kind for key, types in parts if key != "allOf" for kind in types.kinds}
    for key, types in parts:
        if key == "allOf" and types.kinds:
            found = found & {*types.kinds} or {*types.kinds}
    return found | {"null"} if schema.get("nullable") and found else found


def _own_kinds(schema: Record) -> set[str]:
    listed = schema.get("type")
    if listed:
        return {str(kind) for kind in (listed if isinstance(listed, list) else [listed])}
    if "properties" in schema or "additionalProperties" in schema:
        return {"object"}
    if "items" in schema:
        return {"array"}
    values = schema.get("enum", [schema["const"]] if "const" in schema else [])
    return {kind for value in values for kind in (_kind_of(value),) if kind}


def _kind_of(value: Json) -> str:
    for kind, types in _TYPES:
        if isinstance(value, types):
            return kind
    return "null" if value is None else ""


_TYPES: tuple[tuple[str, type], ...] = (
    ("boolean", bool), ("integer", int), ("number", float), ("string", str), ("array", list), ("object", dict)
)  # fmt: skip


def _ordered(kinds: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(kinds, key=lambda kind: _ORDER.index(kind) if kind in _ORDER else len(_ORDER)))


def _first(found: Iterable[Later | None]) -> Later | None:
    return next((later for later in found if later is not None), None)


def _integer(text: str) -> Json:
    return int(text) if len(text) < _LONGEST_NUMBER and _INTEGER.fullmatch(text) else text


def _number(text: str) -> Json:
    if len(text) >= _LONGEST_NUMBER or not _NUMBER.fullmatch(text):
        return text
    number = int(text) if _INTEGER.fullmatch(text) else float(text)
    return number if isfinite(number) else text


_READERS: Mapping[str, Callable[[str], Json]] = MappingProxyType(
    {
        "integer": _integer,
        "number": _number,
        "boolean": lambda text: {"true": True, "false": False}.get(text, text),
        "null": lambda text: text or None,
    }
)
