"""OpenAPI Overlay 1.0: what must be read differently in a document, applied as the overlay says."""

from pathlib import Path
from typing import Any

import jsonpath_rfc9535 as jsonpath

from mockportal.errors import SpecError
from mockportal.files.pointers import pointer_to
from mockportal.spec.document import load_document

Action = dict[str, Any]


def load_overlay(path: Path) -> list[Action]:
    """The actions of an overlay file, each `{target, description, update or remove}`. Raises `SpecError`."""
    document = load_document(path)
    if not str(document.get("overlay", "")).startswith("1."):
        raise SpecError(str(path), "is not an OpenAPI Overlay 1.x document")
    actions = document.get("actions")
    if not isinstance(actions, list):
        raise SpecError(f"{path}: /actions", "is not a list")
    for number, action in enumerate(actions):
        where = f"{path}: /actions/{number}"
        if not isinstance(action, dict) or not isinstance(action.get("target"), str):
            raise SpecError(where, "has no target")
        if ("update" in action) == ("remove" in action):
            raise SpecError(where, "needs one of update and remove")
        if not action.get("description"):
            raise SpecError(where, "gives no reason (description)")
    return actions


def apply_overlay(
    document: dict[str, Any], actions: list[Action], where: str = "overlay"
) -> dict[str, list[str]]:
    """Changes `document` in place; the answer maps each target to the pointers that it touched.

    Raises `SpecError` for an action that matches nothing: the document has moved on, or the target is wrong.
    """
    touched: dict[str, list[str]] = {}
    for number, action in enumerate(actions):
        at = f"{where}: /actions/{number}"
        try:
            nodes = jsonpath.find(action["target"], document)
        except jsonpath.JSONPathError as error:
            raise SpecError(at, f"target is no JSONPath: {error}") from None
        if not nodes:
            raise SpecError(at, f"{action['target']} matches nothing")
        for node in nodes:
            if action.get("remove"):
                _remove(document, node.location)
            elif "update" in action:
                _replace(document, node.location, _merged(node.value, action["update"]))
        touched.setdefault(action["target"], []).extend(pointer_to(*node.location) for node in nodes)
    return touched


def _merged(value: Any, update: Any) -> Any:
    if isinstance(value, dict) and isinstance(update, dict):
        return value | {key: _merged(value[key], new) if key in value else new for key, new in update.items()}
    if isinstance(value, list):
        return [*value, *(update if isinstance(update, list) else [update])]
    return update


def _remove(document: dict[str, Any], location: tuple[int | str, ...]) -> None:
    parent = _parent(document, location)
    del parent[location[-1]]


def _replace(document: dict[str, Any], location: tuple[int | str, ...], value: Any) -> None:
    _parent(document, location)[location[-1]] = value


def _parent(document: Any, location: tuple[int | str, ...]) -> Any:
    for step in location[:-1]:
        document = document[step]
    return document
