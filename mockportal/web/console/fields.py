"""Schemas as forms need them: the fields of an object, each with the kind of its value."""

from collections.abc import Iterator

from mockportal.files.pointers import pointer_to
from mockportal.spec.document import follow
from mockportal.values import Json, Record

_TOLD = ("format", "enum", "minimum", "maximum", "minLength", "maxLength", "pattern")
_CHOICES = ("oneOf", "anyOf")


def fields_of(document: Record, schema: Json, at: str) -> list[Record]:
    """`[{name, required, type, description, enum?, format?, …}]`: the properties of a schema, of its parts and of the
    first of its alternatives, without those that are only read."""
    found: dict[str, Record] = {}
    required: set[str] = set()
    for part, pointer in _parts(document, schema, at):
        required |= set(part.get("required", ()))
        for name, inner in part.get("properties", {}).items():
            described, _ = follow(document, inner, pointer + pointer_to("properties", name))
            if isinstance(described, dict) and not described.get("readOnly"):
                found.setdefault(name, shape_of(described))
    return [{"name": name, "required": name in required, **shape} for name, shape in found.items()]


def shape_of(schema: Json) -> Record:
    """`{type, description, enum?, format?, …}` of a schema."""
    schema = schema if isinstance(schema, dict) else {}
    told = {name: schema[name] for name in _TOLD if name in schema}
    return {"type": _type_of(schema), "description": str(schema.get("description", "")), **told}


def _type_of(schema: Record) -> str:
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next((one for one in kind if one != "null"), "null")
    if kind is None and "properties" not in schema:
        return "string" if "enum" in schema else "any"
    return str(kind or "object")


def _parts(document: Record, schema: Json, at: str) -> Iterator[tuple[Record, str]]:
    schema, at = follow(document, schema, at)
    if not isinstance(schema, dict):
        return
    yield schema, at
    for number, part in enumerate(schema.get("allOf", ())):
        yield from _parts(document, part, f"{at}/allOf/{number}")
    for key in _CHOICES:
        if schema.get(key):
            yield from _parts(document, schema[key][0], f"{at}/{key}/0")
