"""A YAML file held against a JSON Schema: one mistake, with file, line and pointer."""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import jsonschema_rs
from jsonschema import Draft202012Validator, ValidationError

from mockportal.errors import FileError, hint
from mockportal.files.pointers import escape, pointer_to
from mockportal.files.strict_yaml import Tagged, YamlFile, load_yaml
from mockportal.values import Json, Record

TEXT: Record = {"type": "string", "minLength": 1}

_MESSAGE = 300
_URGENT = {"additionalProperties": 0, "enum": 1, "type": 2}


def read_file(path: Path, schema: Record, tags: Collection[str] = ()) -> YamlFile:
    """The file, of the shape that `schema` describes; `tags` may stand in it. Raises `FileError`."""
    file = load_yaml(path, tags)
    check_shape(file, schema)
    return file


def closed_object(required: Iterable[str] = (), **properties: Json) -> Record:
    """JSON Schema of an object that has no other properties."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def check_shape(file: YamlFile, schema: Record) -> None:
    """Tagged values are held against it as strings.

    Raises `FileError` for the first mistake; unknown keys and names come before what follows from them.
    """
    value = _untagged(file.value)
    if not jsonschema_rs.Draft202012Validator(schema).is_valid(value):
        found = [leaf for error in Draft202012Validator(schema).iter_errors(value) for leaf in _leaves(error)]
        raise _mistake(min(found, key=_urgency), file)


def _urgency(error: ValidationError) -> tuple[int, int]:
    return _URGENT.get(str(error.validator), 9), -len(error.absolute_path)


def _mistake(error: ValidationError, file: YamlFile) -> FileError:
    at = pointer_to(*error.absolute_path)
    schema: Json = error.schema
    instance: Json = error.instance
    if error.validator == "additionalProperties":
        known = list(schema["properties"])
        unknown = next(name for name in instance if name not in known)
        where = file.where(f"{at}/{escape(unknown)}")
        return FileError(where, f"unknown key {unknown!r}{hint(unknown, known)}")
    if error.validator == "enum" and isinstance(instance, str):
        what = {"/entities": "collection"}.get(at, "operation" if at.endswith("/operation") else "value")
        known = [name for name in schema["enum"] if isinstance(name, str)]
        return FileError(file.where(at), f"unknown {what} {instance!r}{hint(instance, known)}")
    if error.validator == "pattern" and "description" in schema:
        return FileError(file.where(at), f"{instance!r} is not {schema['description']}")
    problem = error.message if len(error.message) < _MESSAGE else "has the wrong shape"
    return FileError(file.where(at), problem)


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    if not error.context:
        yield error
    for inner in error.context or ():
        yield from _leaves(inner)


def _untagged(value: Json) -> Json:
    if isinstance(value, Tagged):
        return "" if value.value is None else str(value.value)
    if isinstance(value, dict):
        return {name: _untagged(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_untagged(item) for item in value]
    return value
