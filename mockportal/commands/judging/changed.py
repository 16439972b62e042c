"""The operations that a change of the document touches, for `--operation-changed-since`."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from mockportal.errors import UsageError
from mockportal.files.pointers import target_of
from mockportal.json_tree import value_at
from mockportal.mock import Setup, read_contract
from mockportal.spec.document import load_document, operations
from mockportal.values import Json, Record

_FLAG = "--operation-changed-since"
_PROSE = frozenset(("description", "summary", "title", "termsOfService"))
_NAMED = 12


def changed_operations(setup: Setup, old: Path) -> frozenset[str]:
    """The ids of the operations that are not in the older document, or were something else there: their own definition,
    what their path gives them, a security scheme, or anything that a `$ref` reaches. Prose does not count.

    Raises `SpecError`, and `UsageError` for a file that is no OpenAPI document.
    """
    before = load_document(old)
    if "paths" not in before:
        raise UsageError(f"{_FLAG} {old}", "is not an OpenAPI document: it has no paths")
    then, now = _digests(before), _digests(read_contract(setup)[1])
    return frozenset(name for name, digest in now.items() if then.get(name) != digest)


def told(names: frozenset[str], old: Path) -> str:
    """`3 operations changed since old.json: getOrder, getOrders, updateOrder`."""
    if not names:
        return f"no operation has changed since {old}"
    listed = sorted(names)
    more = f" and {len(listed) - _NAMED} more" if len(listed) > _NAMED else ""
    many = "1 operation" if len(listed) == 1 else f"{len(listed)} operations"
    return f"{many} changed since {old}: {', '.join(listed[:_NAMED])}{more}"


def _digests(document: Record) -> dict[str, str]:
    """A digest of all that an operation depends on, by operationId."""
    made = {}
    shared = {name: document.get(name) for name in ("security", "servers")}
    for path, method, operation, _ in operations(document):
        item = {
            name: value
            for name, value in document["paths"][path].items()
            if name in ("parameters", "servers")
        }
        used = [path, method, shared, item, operation, _schemes(document, operation)]
        whole = [used, _reached(document, used)]
        text = json.dumps(_without_prose(whole), sort_keys=True, default=str)
        made[operation.get("operationId") or f"{method}{path}"] = hashlib.sha256(text.encode()).hexdigest()
    return made


def _schemes(document: Record, operation: Record) -> Json:
    """The security schemes that an operation names, or the document for all."""
    alternatives = operation.get("security", document.get("security")) or []
    names = {name for one in alternatives if isinstance(one, dict) for name in one}
    return {name: value_at(document, f"/components/securitySchemes/{name}") for name in sorted(names)}


def _reached(document: Record, value: Json) -> dict[str, Json]:
    """Everything in the document to which references lead from a value, by pointer, directly or not."""
    found: dict[str, Json] = {}
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += one.values()
            reference = one.get("$ref")
            if (
                isinstance(reference, str)
                and reference.startswith("#/")
                and target_of(reference) not in found
            ):
                found[target_of(reference)] = target = value_at(document, target_of(reference))
                waiting.append(target)
        elif isinstance(one, list):
            waiting += one
    return found


def _without_prose(value: Json) -> Json:
    """The value without texts for people; a property that is called `title` is an object, and stays."""
    if isinstance(value, Mapping):
        return {
            str(name): _without_prose(item)
            for name, item in value.items()
            if not (name in _PROSE and isinstance(item, str))
        }
    return [_without_prose(item) for item in value] if isinstance(value, list) else value
