"""The JSON types that one part of a schema allows."""

from collections.abc import Iterable

from mockportal.values import Json, Record

NULL = "null"
_TYPES: tuple[tuple[type, frozenset[str]], ...] = (
    (bool, frozenset({"boolean"})),
    (int, frozenset({"integer"})),
    (float, frozenset({"number", "integer"})),
    (str, frozenset({"string"})),
    (list, frozenset({"array"})),
    (dict, frozenset({"object"})),
    (type(None), frozenset({NULL})),
)
_SPEAKS_OF = (("properties", "object"), ("additionalProperties", "object"), ("items", "array"))


def types_of_schema(schema: Record) -> frozenset[str] | None:
    """The types that a part allows, `integer` counting as one of `number`; None for any."""
    stated = schema.get("type")
    names = {str(name) for name in stated} if isinstance(stated, list) else {str(stated)} if stated else set()
    names = names or {
        kind for keyword, kind in _SPEAKS_OF if keyword in schema and not _allows_all(schema, keyword)
    }
    if not names:
        values = schema.get("enum", [schema["const"]] if "const" in schema else None)
        return frozenset[str]().union(*map(_types_of, values)) if values else None
    if "number" in names:
        names |= {"integer"}
    if schema.get("nullable") is True:
        names |= {NULL}
    return frozenset(names)


def _allows_all(schema: Record, keyword: str) -> bool:
    """True for `additionalProperties: true` next to alternatives, some of which are often no objects."""
    return schema[keyword] is True and bool(schema.get("anyOf") or schema.get("oneOf"))


def _types_of(value: Json) -> frozenset[str]:
    return next(names for kind, names in _TYPES if isinstance(value, kind))


def intersection(kinds: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    """The types that all of these allow; None for any."""
    found: frozenset[str] | None = None
    for names in kinds:
        if names is not None:
            found = names if found is None else found & names
    return found


def union(kinds: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    """The types that one of these allows; None for any."""
    found: frozenset[str] = frozenset()
    for names in kinds:
        if names is None:
            return None
        found |= names
    return found
