"""Descriptions of the values that an attribute may hold, for people and for editors."""

from collections.abc import Iterator
from typing import NamedTuple

from mockportal.spec.document import follow
from mockportal.spec.spec import Spec
from mockportal.state.data_model import Attribute, DataModel, Kind
from mockportal.state.record_check import documented_attributes
from mockportal.values import Json, Record

_FORMATS = {"date or date-time": "date or instant", "date": "date", "date-time": "instant", "uuid": "id"}
_NAMES = {"string": "text", "object": "object", "array": "list", "boolean": "true or false", "null": "null"}


class Described(NamedTuple):
    """An attribute: its type in words, the values of a choice, what it is for, the JSON types of its value, and the
    collections whose records it names."""

    name: str
    type: str
    values: tuple[str, ...]
    about: str
    json_types: tuple[str, ...]
    targets: tuple[str, ...]


def described(spec: Spec, data: DataModel, kind: Kind) -> list[Described]:
    """The attributes of a collection by name. What is declared for it counts before what the document says."""
    documented = documented_attributes(spec, kind)
    names = sorted({*documented, *kind.attributes})
    return [
        _described(spec, name, kind.attributes.get(name), documented.get(name, {}))
        for name in names
        if not _is_computed(data, kind, name)
    ]


def inverse_names(data: DataModel, kind: Kind) -> list[str]:
    """The attributes in which answers show the records that refer to one of this collection."""
    return sorted({one.inverse for one in data.relations_to[kind.name]})


def _is_computed(data: DataModel, kind: Kind, name: str) -> bool:
    return (
        name in data.inverse_names and (kind.name, name) not in data.inverses and name not in kind.attributes
    )


def _described(spec: Spec, name: str, attribute: Attribute | None, documented: Json) -> Described:
    declared = dict(attribute.schema) if attribute is not None else {}
    schema: Record = follow(spec.document, declared, "")[0] or documented
    choice = schema.get("enum") or documented.get("enum") or ()
    values = tuple("null" if one is None else str(one) for one in choice if one != "")
    types = schema.get("type", ())
    listed = [types] if isinstance(types, str) else [*types]
    return Described(
        name,
        _type(attribute, schema),
        values,
        documented.get("description", ""),
        (*listed, "null") if listed and schema.get("nullable") else tuple(listed),
        attribute.targets if attribute is not None else (),
    )


def _type(attribute: Attribute | None, schema: Record) -> str:
    if attribute is not None and attribute.is_relation:
        return f"relation to {_or(attribute.targets)}"
    if attribute is not None and attribute.targets:
        return f"{'ids' if schema.get('type') == 'array' else 'id'} of {_or(attribute.targets)}"
    if schema.get("format") in _FORMATS:
        return _FORMATS[schema["format"]]
    if "enum" in schema:
        return "choice"
    return _or(tuple(dict.fromkeys(_names(schema)))) or "anything"


def _names(schema: Record) -> Iterator[str]:
    types = schema.get("type", [])
    for name in [types] if isinstance(types, str) else types:
        yield _NAMES.get(name, name)
    if not types and ("properties" in schema or "allOf" in schema):
        yield "object"


def _or(names: tuple[str, ...]) -> str:
    return " or ".join(names)
