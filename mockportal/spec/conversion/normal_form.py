"""A document in one file, as the rest of the package reads it.

References into other files below the document's folder are brought in, path items behind a reference are copied to
their paths, pointers are without percent-encoding, and maps that are null are left out. Nothing is ever fetched from
the network.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from mockportal.errors import SpecError
from mockportal.files.pointers import escape, pointer_to, resolve
from mockportal.spec.document import load_document
from mockportal.values import Json

FILES = "x-files"  # where the documents of other files stand: `#/x-files/common~1errors.yaml/Error`

_VALUES = frozenset(
    ("example", "examples", "default", "enum", "const", "value")
)  # any JSON, no part of the document
_MAPS = frozenset(
    (
        "allOf", "components", "content", "discriminator", "encoding", "headers", "items", "links", "mapping", "oneOf",
        "parameters", "paths", "patternProperties", "properties", "requestBodies", "requestBody", "required",
        "responses", "schema", "schemas", "security", "securitySchemes", "servers", "tags", "variables",
    )
)  # fmt: skip
_DEEPEST = 50
_CONTAINERS = (dict, list)


def load_openapi(path: Path) -> dict[str, Any]:
    """The document in a file, with all that it refers to. Raises `SpecError`."""
    document = load_document(path)
    brought = _bring_in(document, path)
    if brought:
        document[FILES] = brought
    _drop_nulls(document)
    _resolve_path_items(document)
    return document


def _bring_in(document: dict[str, Any], path: Path) -> dict[str, Json]:
    """The documents of other files, by their path below the folder of the document; all references are rewritten to
    lead to them."""
    root = path.resolve()
    folder = root.parent
    brought: dict[str, Json] = {}
    waiting: list[tuple[Json, Path]] = [(document, root)]
    while waiting:
        value, own = waiting.pop()
        for holder, target in _references(value):
            file, _, pointer = target.partition("#")
            if not file:
                holder["$ref"] = _local(own, folder, root) + unquote(pointer) if pointer else target
                continue
            other = _below(folder, own, file, target)
            if other is None:
                continue
            if other != root and _key(other, folder) not in brought:
                brought[_key(other, folder)] = loaded = load_document(other)
                waiting.append((loaded, other))
            holder["$ref"] = _local(other, folder, root) + unquote(pointer)
    return brought


def _local(file: Path, folder: Path, root: Path) -> str:
    """The beginning of a reference into a file: `#` for the document itself."""
    return "#" if file == root else f"#/{FILES}/{escape(_key(file, folder))}"


def _key(file: Path, folder: Path) -> str:
    return file.relative_to(folder).as_posix()


def _below(folder: Path, own: Path, file: str, target: str) -> Path | None:
    """The file of a reference; None for an address in the network. Raises `SpecError` for one that is not below the
    folder of the document, or does not exist."""
    if urlsplit(file).scheme or file.startswith("//"):
        return None
    other = (own.parent / unquote(file)).resolve()
    if not other.is_relative_to(folder):
        raise SpecError(str(own), f"{target!r} leads out of the folder of the document")
    if not other.is_file():
        raise SpecError(str(own), f"{target!r} leads to no file")
    return other


def _references(value: Json) -> Iterator[tuple[dict[str, Json], str]]:
    """(holder, target) of every reference; those in examples are no references."""
    waiting = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend([item for item in node if isinstance(item, _CONTAINERS)])
        else:
            if isinstance(node.get("$ref"), str):
                yield node, node["$ref"]
            waiting.extend(
                [item for key, item in node.items() if isinstance(item, _CONTAINERS) and key not in _VALUES]
            )


def _drop_nulls(document: Json) -> None:
    waiting = [document]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend([item for item in node if isinstance(item, _CONTAINERS)])
            continue
        if None in node.values():
            for key in [key for key, item in node.items() if item is None and key in _MAPS]:
                del node[key]
        waiting.extend(
            [
                item
                for key, item in node.items()
                if isinstance(item, _CONTAINERS) and key not in _VALUES and not key.startswith("x-")
            ]
        )


def _resolve_path_items(document: dict[str, Any]) -> None:
    """Copies path items that stand behind a reference to their paths; what stands beside the reference wins.

    Raises `SpecError`.
    """
    paths: Json = document.get("paths")
    for name, item in paths.items() if isinstance(paths, dict) else ():
        for _ in range(_DEEPEST):
            if not (isinstance(item, dict) and isinstance(item.get("$ref"), str)):
                break
            target = item["$ref"]
            try:
                behind = resolve(document, target.removeprefix("#"))
            except LookupError:
                raise SpecError(pointer_to("paths", name), f"{target!r} leads nowhere") from None
            rest = {key: value for key, value in item.items() if key != "$ref"}
            item = {**behind, **rest} if isinstance(behind, dict) else behind
        paths[name] = item
