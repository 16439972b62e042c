"""`readOnly` belongs to answers, `writeOnly` to requests; `required` counts only the other way (OpenAPI 3.0.3)."""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from mockportal.files.pointers import pointer_to
from mockportal.values import Json

Mode = Literal["request", "response"]

_LONGEST_CHAIN = 50
FORBIDDEN: dict[str, Any] = {"not": {}}  # jsonschema loses the path of a violation of `false`


@dataclass(frozen=True, slots=True)
class Named:
    """The schemas that references lead to, and those of them that only go one way.

    schemas: reference -> schema
    one_way: the references to schemas of which a mode takes no value at all
    """

    schemas: Mapping[str, Json] = field(default_factory=dict)
    one_way: frozenset[str] = frozenset()


def named_schemas(document: dict[str, Any], mode: Mode) -> Named:
    """The named schemas of a document."""
    listed = document.get("components", {}).get("schemas", {})
    schemas = {"#" + pointer_to("components", "schemas", name): schema for name, schema in listed.items()}
    return Named(schemas, _one_way_references(schemas, mode))


def hidden_properties(schema: dict[str, Any], mode: Mode, named: Named) -> frozenset[str]:
    """The properties of which a mode takes no value: of the schema and of its parts."""
    return frozenset(_hidden(schema, mode, named, ()))


def forbid(schema: dict[str, Any], out: dict[str, Any], mode: Mode, named: Named) -> None:
    """Forbids the properties of `schema` that go the other way in its conversion `out`."""
    for name, item in schema.get("properties", {}).items():
        if _is_one_way(item, mode, named.one_way):
            out["properties"][name] = copy.deepcopy(FORBIDDEN)  # other schemas may be planted below it
    out.pop("readOnly", None)
    out.pop("writeOnly", None)


def _one_way_references(schemas: Mapping[str, Json], mode: Mode) -> frozenset[str]:
    """The references to schemas that are `readOnly` or `writeOnly` as a whole, by way of others too."""
    found: frozenset[str] = frozenset()
    while True:
        more = frozenset(target for target, schema in schemas.items() if _is_one_way(schema, mode, found))
        if more == found:
            return found
        found = more


def _is_one_way(schema: Json, mode: Mode, one_way: frozenset[str]) -> bool:
    """True for a schema of which no value may be sent, or answered."""
    if not isinstance(schema, dict):
        return False
    own = schema.get("readOnly" if mode == "request" else "writeOnly")
    parts = schema.get("allOf", ())
    return (
        bool(own) or schema.get("$ref") in one_way or any(_is_one_way(part, mode, one_way) for part in parts)
    )


def _hidden(schema: Json, mode: Mode, named: Named, inside: tuple[str, ...]) -> Iterator[str]:
    if not isinstance(schema, dict):
        return
    for name, item in schema.get("properties", {}).items():
        if _is_one_way(item, mode, named.one_way):
            yield name
    for part in schema.get("allOf", ()):
        yield from _hidden(part, mode, named, inside)
    target = schema.get("$ref")
    if isinstance(target, str) and target not in inside and len(inside) < _LONGEST_CHAIN:
        yield from _hidden(named.schemas.get(target), mode, named, (*inside, target))
