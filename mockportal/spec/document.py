"""Reading a spec or overlay from disk, and JSON pointers into it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import yaml

from mockportal.errors import SpecError
from mockportal.files.pointers import pointer_to, resolve

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def load_document(path: Path) -> dict[str, Any]:
    """The mapping in a JSON or YAML file. Raises `SpecError` with file and line."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SpecError(str(path), f"cannot be read ({error.strerror})") from None
    try:
        document = orjson.loads(data) if path.suffix == ".json" else yaml.load(data, Loader=yaml.CSafeLoader)
    except orjson.JSONDecodeError as error:
        raise SpecError(f"{path}:{error.lineno}", f"is not JSON: {error.msg}") from None
    except yaml.YAMLError as error:
        raise SpecError(str(path), f"is not YAML: {' '.join(str(error).split())}") from None
    if not isinstance(document, dict):
        raise SpecError(str(path), "is not a mapping")
    return document


def follow(document: dict[str, Any], value: Any, at: str) -> tuple[Any, str]:
    """`value` and its pointer after following local `$ref`s. Raises `SpecError` where one leads nowhere."""
    for _ in range(50):
        if not (isinstance(value, dict) and isinstance(value.get("$ref"), str)):
            return value, at
        target = value["$ref"]
        if not target.startswith("#/"):
            raise SpecError(at, f"{target!r} is not a local reference")
        try:
            value, at = resolve(document, target[1:]), target[1:]
        except (LookupError, ValueError):
            raise SpecError(at, f"{target!r} leads nowhere") from None
    raise SpecError(at, "references run in a circle")


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any], str]]:
    """(path template, method, operation, pointer) of every operation, in document order."""
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method], pointer_to("paths", path, method)
