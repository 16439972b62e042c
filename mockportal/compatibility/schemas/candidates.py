"""Values to try two schemas with: those that either of them speaks of, and mutations of these.

They are made in a fixed order and bounded in number, so that a search among them always ends alike.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from mockportal.files.pointers import resolve, target_of
from mockportal.spec.sampling.candidates import by_pattern, numbers, texts
from mockportal.values import Json, Record

_SAME_VALUE = ("allOf", "anyOf", "oneOf", "not", "if", "then", "else")
_PLAIN: tuple[Json, ...] = ("text", 1, True, None, {}, [])
_EXTRA = ("other", "another-property-with-a-long-name")
_MOST = 600
_WIDTHS = (24, 8, 4)  # properties of an object that are varied, by depth
_FEW = 8  # values of one property or item
_MOST_PARTS = 60
_OBJECT_WORDS = ("properties", "required", "patternProperties", "propertyNames", "dependentRequired")


@dataclass(frozen=True, slots=True)
class Subschema:
    """A converted schema, and the converted document that it stands in."""

    root: Record
    schema: Json


def candidates(parts: Iterable[Subschema], depth: int = 0) -> list[Json]:
    """Values for the schemas; those of the first schema come first."""
    flat = _flattened(parts)
    found: list[Json] = [value for part in flat for value in _literals(part.schema)]
    for part in flat:
        found += _scalars(part.schema)
    if depth < len(_WIDTHS):
        found += islice(_lists(flat, depth), _MOST // (depth + 1))
        found += islice(_objects(flat, depth), _MOST // (depth + 1))
    return [*found, *_PLAIN]


def _flattened(parts: Iterable[Subschema]) -> list[Subschema]:
    """The schemas with all those that look at the same value."""
    waiting, found = [*parts], list[Subschema]()
    while waiting and len(found) < _MOST_PARTS:
        part = waiting.pop(0)
        schema = part.schema
        if not isinstance(schema, dict):
            continue
        found.append(part)
        below = [schema.get(key) for key in _SAME_VALUE]
        below += [[*_mapping(schema.get("dependentSchemas")).values()], _behind(part.root, schema)]
        waiting += [
            Subschema(part.root, one)
            for group in below
            for one in (group if isinstance(group, list) else [group])
        ]
    return found


def _behind(root: Record, schema: Record) -> Json:
    target = schema.get("$ref")
    try:
        return resolve(root, target_of(target)) if isinstance(target, str) else None
    except LookupError:
        return None


def _literals(schema: Record) -> list[Json]:
    listed = schema.get("enum")
    values = [*listed[:_FEW]] if isinstance(listed, list) else []
    return [*values, *(schema[key] for key in ("const", "default") if key in schema)]


def _scalars(schema: Record) -> Iterator[Json]:
    """Texts and numbers at the limits of a schema, and beyond."""
    types = schema.get("type")
    types = types if isinstance(types, list) else [types]
    if "string" in types or schema.keys() & {"pattern", "minLength", "maxLength"}:
        yield from islice(texts("text", schema, ("other",), 1), 2 * _FEW)
        for key in schema.keys() & {"minLength", "maxLength"}:
            yield from ("x" * length for length in range(max(schema[key] - 1, 0), min(schema[key], 500) + 2))
    if {"number", "integer"} & {*types} or schema.keys() & {"minimum", "maximum", "multipleOf"}:
        yield from numbers(1, schema)
        yield from (
            schema[key] + step for key in sorted(schema.keys() & {"minimum", "maximum"}) for step in (-1, 1)
        )
    if "boolean" in types:
        yield from (True, False)


def _lists(flat: list[Subschema], depth: int) -> Iterator[Json]:
    words = ("items", "contains", "prefixItems", "uniqueItems", "minItems")
    if not any(part.schema.get("type") == "array" or part.schema.keys() & set(words) for part in flat):
        return
    first = [
        Subschema(part.root, part.schema["prefixItems"]) for part in flat if part.schema.get("prefixItems")
    ]
    own = [
        Subschema(part.root, part.schema[key])
        for part in flat
        for key in ("items", "contains")
        if key in part.schema
    ]
    pools = [_few([*(Subschema(one.root, one.schema[at]) for one in first if at < len(one.schema)), *own], depth)
             for at in range(max((len(one.schema) for one in first), default=0) or 1)]  # fmt: skip
    yield []
    start = [pool[0] for pool in pools]
    yield start
    for at, pool in enumerate(pools):
        for value in pool:
            yield [*start[:at], value]
            yield [*start[:at], value, *start[at + 1 :]]
    for value in _few(own, depth):
        yield [*start, value]
        yield from ([value] * count for count in range(1, 6))


def _objects(flat: list[Subschema], depth: int) -> Iterator[Json]:
    if not any(part.schema.get("type") == "object" or part.schema.keys() & {*_OBJECT_WORDS} for part in flat):
        return
    required = [name for part in flat for name in _names(part.schema.get("required"))]
    members = _members(flat, required, _WIDTHS[depth])
    values = {name: _few(parts, depth) for name, parts in members.items()}
    full = {name: pool[0] for name, pool in values.items() if members[name]}
    for base in ({}, {name: values[name][0] for name in dict.fromkeys(required) if name in values}, full):
        yield base
        for name, pool in values.items():
            yield {key: value for key, value in base.items() if key != name}
            yield from ({**base, name: value} for value in pool)


def _members(flat: list[Subschema], required: list[str], width: int) -> dict[str, list[Subschema]]:
    """The schemas of each property that is worth a try; none for one that no schema names."""
    found: dict[str, list[Subschema]] = {name: [] for name in required}
    for part in flat:
        for name in _mapping(part.schema.get("dependentRequired")):
            found.setdefault(name, [])
        for name, schema in _mapping(part.schema.get("properties")).items():
            found.setdefault(name, []).append(Subschema(part.root, schema))
        for pattern, schema in _mapping(part.schema.get("patternProperties")).items():
            name = next(by_pattern(pattern, 0, None, 1), pattern)
            found.setdefault(name, []).append(Subschema(part.root, schema))
    kept = dict(islice(found.items(), width))
    names = [
        Subschema(part.root, part.schema["propertyNames"]) for part in flat if "propertyNames" in part.schema
    ]
    others = [one for part in names for one in candidates([part], len(_WIDTHS)) if isinstance(one, str)]
    return kept | {name: [] for name in (*others[:_FEW], *_EXTRA) if name not in kept}


def _few(parts: list[Subschema], depth: int) -> list[Json]:
    """Some values of each kind; never empty."""
    pool = candidates(parts, depth + 1) if parts else [*_PLAIN]
    by_kind: dict[str, list[Json]] = {}
    for value in pool:
        known = by_kind.setdefault(type(value).__name__, [])
        if len(known) < _FEW and value not in known:
            known.append(value)
    return [value for values in by_kind.values() for value in values]


def _mapping(value: Json) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _names(value: Json) -> list[str]:
    return [str(name) for name in value] if isinstance(value, list) else []
