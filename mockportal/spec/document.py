"""Reading a spec or overlay from disk, and JSON pointers into it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson

from mockportal.config import LIMITS
from mockportal.errors import FileError, SpecError
from mockportal.files.plain_yaml import load_plain
from mockportal.files.pointers import pointer_to, resolve, target_of
from mockportal.files.text import read_text
from mockportal.values import Json, Record, decode

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

_LARGEST = 64 * 2**20
_MESSAGE = 300
_SHAPE = json.loads(files(__package__).joinpath("document.schema.json").read_text("utf-8"))
_LOOKED_AT = ("/components/", "/paths/")
_KINDS = {
    "null": "null",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "string": "a text",
    "array": "a list",
    "object": "an object",
}


def load_document(path: Path) -> dict[str, Any]:
    """The mapping in a JSON or YAML file. Raises `SpecError` with file and line."""
    try:
        text = read_text(path, _LARGEST)
        document = _from_json(text, path) if path.suffix == ".json" else load_plain(text, path, LIMITS.depth)
    except FileError as error:
        raise SpecError(error.where, error.problem) from None
    if not isinstance(document, dict):
        raise SpecError(str(path), "is not a mapping")
    return document


def wrong_kinds(document: Record) -> Iterator[tuple[str, str]]:
    """(pointer, problem) of every value that is no text, list or object where it has to be one."""
    for error in jsonschema_rs.Draft202012Validator(_SHAPE).iter_errors(document):
        at = pointer_to(*error.instance_path)
        types = getattr(error.kind, "types", None)
        yield at or "/", _wrong_kind(resolve(document, at), types) if types else _shown(error)


def without_extensions(entries: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    """The entries of paths or responses whose names belong to OpenAPI: those that begin with `x-` hold anything."""
    return [(name, value) for name, value in entries.items() if not str(name).startswith("x-")]


def follow(document: dict[str, Any], value: Any, at: str) -> tuple[Any, str]:
    """`value` and its pointer after following local `$ref`s. Raises `SpecError` where one leads nowhere."""
    for _ in range(50):
        if not (isinstance(value, dict) and isinstance(value.get("$ref"), str)):
            return value, at
        target = value["$ref"]
        if not target.startswith("#/"):
            raise SpecError(at, f"{target!r} is not a local reference")
        try:
            value, at = resolve(document, target_of(target)), target_of(target)
        except LookupError:
            raise SpecError(at, f"{target!r} leads nowhere") from None
    raise SpecError(at, "references run in a circle")


def fits(kind: str, value: Json) -> bool:
    """True if a value has the shape of a `parameter`, `header`, `requestBody`, `response` or `schema`."""
    return bool(_part(kind).is_valid(value))


def follow_part(document: dict[str, Any], value: Json, at: str, kind: str) -> tuple[Record, str]:
    """`value` and its pointer, as `follow` finds them. Raises `SpecError`, also for something of another kind in a
    place that nobody has looked at: an extension, or another file."""
    found, pointer = follow(document, value, at)
    if not pointer.startswith(_LOOKED_AT) and not fits(kind, found):
        raise SpecError(pointer, f"is no {kind}")
    return found, pointer


@cache
def _part(kind: str) -> Any:
    return jsonschema_rs.Draft202012Validator({"$ref": f"#/$defs/{kind}", "$defs": _SHAPE["$defs"]})


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any], str]]:
    """(path template, method, operation, pointer) of every operation, in document order."""
    for path, item in without_extensions(document.get("paths", {})):
        for method in METHODS:
            if method in item:
                yield path, method, item[method], pointer_to("paths", path, method)


def _from_json(text: str, path: Path) -> Json:
    try:
        return decode(text.encode())
    except orjson.JSONDecodeError as error:
        raise SpecError(f"{path}:{error.lineno}", f"is not JSON: {error.msg}") from None
    except ValueError as error:
        raise SpecError(str(path), f"has {error}") from None


def _wrong_kind(value: Json, types: Iterable[str]) -> str:
    kinds = {
        type(None): "null",
        bool: "boolean",
        int: "integer",
        float: "number",
        str: "string",
        list: "array",
    }
    wanted = " or ".join(_KINDS[name] for name in sorted(types, reverse=True))
    return f"is {_KINDS[kinds.get(type(value), 'object')]}; {wanted} belongs here"


def _shown(error: jsonschema_rs.ValidationError) -> str:
    name = getattr(error.kind, "property", None)
    return f"lacks {name!r}" if isinstance(name, str) else error.message[:_MESSAGE]
