"""Named schemas that say the same of requests and of answers: each is converted, and kept, once for both."""

import re
from collections.abc import Mapping
from typing import Any

from mockportal.files.pointers import pointer_to, reference_to, target_of, tokens_of
from mockportal.spec.conversion.directions import Mode
from mockportal.values import Json

_REFERENCE = re.compile(r"#/components/schemas/([a-zA-Z0-9._-]+)")
_TURNING = frozenset(("readOnly", "writeOnly", "discriminator"))


def same_both_ways(document: dict[str, Any]) -> frozenset[str]:
    """The names of schemas that say the same of requests and answers: nothing in them goes one way only, nor in what
    they refer to, which has to have a name as well."""
    found: dict[str, frozenset[str]] = {}
    for name, schema in named(document).items():
        targets = _names_in(schema)
        if targets is not None:
            found[name] = targets
    while True:
        left = {name: targets for name, targets in found.items() if targets <= found.keys()}
        if len(left) == len(found):
            return frozenset(left)
        found = left


def _names_in(schema: Json) -> frozenset[str] | None:
    """The named schemas that a schema refers to; None for one with something in it that may differ by the way."""
    found, waiting = set(), [schema]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend([item for item in node if isinstance(item, dict | list)])
            continue
        if not isinstance(node, dict):
            continue
        for key, item in node.items():
            if key == "$ref" and isinstance(item, str):
                target = _REFERENCE.fullmatch(item)
                if target is None:
                    return None
                found.add(target[1])
            elif key in _TURNING or key.startswith("$"):
                return None
            elif isinstance(item, dict | list):
                waiting.append(item)
    return frozenset(found)


def named(document: Mapping[str, Any]) -> dict[str, Json]:
    """The named schemas of a document, or of its conversion."""
    schemas: dict[str, Json] = document.get("components", {}).get("schemas", {})
    return schemas


def name_in(pointer: str) -> str:
    """The name of the schema at a pointer, or around it; "" if it has none."""
    tokens = tokens_of(pointer)
    return tokens[2] if tokens[:2] == ("components", "schemas") and len(tokens) > 2 else ""


def reference_to_named(name: str) -> str:
    """`#/components/schemas/Order`"""
    return reference_to(pointer_to("components", "schemas", name))


def shared_names(shadows: Mapping[Mode, Mapping[str, Any]]) -> frozenset[str]:
    """The names of the converted schemas that are one and the same for requests and answers."""
    answered = named(shadows["response"])
    return frozenset(name for name, one in named(shadows["request"]).items() if one is answered.get(name))


def without_shared(shadow: dict[str, Any], shared: frozenset[str], address: str) -> dict[str, Any]:
    """The converted schemas of requests, in which references to those of answers, at `address`, stand in place of the
    shared ones. One that a reference enters, to a part of it, stays."""
    if not shared:
        return shadow
    schemas = named(shadow)
    own = {name: schemas[name] for name in schemas.keys() - shared}
    components = {**shadow["components"], "schemas": own}
    entered = _entered({**shadow, "components": components})
    for name in shared:
        elsewhere = {"$ref": address + reference_to_named(name)}
        own[name] = schemas[name] if name in entered else elsewhere
    return {**shadow, "components": components}


def _entered(value: Json) -> set[str]:
    """The names of the schemas that references lead into."""
    found, waiting = set(), [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            target = node.get("$ref")
            if isinstance(target, str) and target.startswith("#/") and not _REFERENCE.fullmatch(target):
                found.add(name_in(target_of(target)))
            waiting.extend(node.values())
    return found
