"""OpenAPI Overlay 1.0: changes to a document, each with a reason."""

import copy
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import jsonpath_rfc9535 as jsonpath

from mockportal.errors import SpecError
from mockportal.files.pointers import leads_somewhere, pointer_to
from mockportal.spec.document import load_document

Location = tuple[int | str, ...]
Action = dict[str, Any]

_LONGEST_TARGET = 2_000
_MOST_MATCHES = 300_000


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
        found = _locations(action["target"], document, at)
        if action.get("remove"):
            _remove(document, found, at)
        elif "update" in action:
            for location in found:
                _update(document, location, copy.deepcopy(action["update"]), at)
        touched.setdefault(action["target"], []).extend(pointer_to(*location) for location in found)
    return touched


def apply_fitting(document: dict[str, Any], actions: Iterable[Action]) -> None:
    """Changes `document` in place by the actions that match something in it and refer to nothing that it lacks.

    Raises `SpecError`.
    """
    for action in actions:
        matches = any(True for _ in jsonpath.finditer(action["target"], document))
        if matches and all(leads_somewhere(document, one[1:]) for one in _references(action.get("update"))):
            apply_overlay(document, [action])


def _references(value: Any) -> Iterator[str]:
    """Every local `$ref` in a value."""
    if isinstance(value, dict) and isinstance(value.get("$ref"), str):
        yield value["$ref"]
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _references(inner)


def _locations(target: str, document: dict[str, Any], at: str) -> list[Location]:
    """The places that a JSONPath matches, each once. Raises `SpecError`, also if there are none."""
    if len(target) > _LONGEST_TARGET:
        raise SpecError(at, f"target is longer than {_LONGEST_TARGET} characters")
    try:
        nodes = list(islice(jsonpath.finditer(target, document), _MOST_MATCHES + 1))
    except jsonpath.JSONPathError as error:
        raise SpecError(at, f"the target is not a JSONPath: {error}") from None
    except RecursionError:
        raise SpecError(at, "target is nested too deep to be followed") from None
    if len(nodes) > _MOST_MATCHES:
        raise SpecError(at, f"target matches more than {_MOST_MATCHES} times")
    if not nodes:
        raise SpecError(at, f"{target} matches nothing")
    return list(dict.fromkeys(node.location for node in nodes))


def _merged(value: Any, update: Any) -> Any:
    if isinstance(value, dict) and isinstance(update, dict):
        return value | {key: _merged(value[key], new) if key in value else new for key, new in update.items()}
    if isinstance(value, list):
        return [*value, *(update if isinstance(update, list) else [update])]
    return update


def _remove(document: dict[str, Any], found: list[Location], at: str) -> None:
    """Removes what the document has at these places, from the back, so that no index moves before its turn."""
    if () in found:
        raise SpecError(at, "cannot remove the whole document")
    places = frozenset(found)
    tops = [one for one in found if not any(one[:length] in places for length in range(1, len(one)))]
    for location in sorted(tops, key=lambda one: [(str(type(step)), step) for step in one], reverse=True):
        del _parent(document, location)[location[-1]]


def _update(document: dict[str, Any], location: Location, update: Any, at: str) -> None:
    """Merges `update` into the value at a place. The whole document takes an object only."""
    if location:
        parent = _parent(document, location)
        parent[location[-1]] = _merged(parent[location[-1]], update)
    elif isinstance(update, dict):
        document.update(_merged(document, update))
    else:
        raise SpecError(at, "the document can only be updated with an object")


def _parent(document: Any, location: Location) -> Any:
    for step in location[:-1]:
        document = document[step]
    return document
