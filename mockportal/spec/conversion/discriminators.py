"""A `discriminator` names the property whose value picks the branch of a choice (OpenAPI 3, Discriminator Object)."""

from collections.abc import Mapping
from typing import Any

from mockportal.files.pointers import pointer_to, reference_to, target_of
from mockportal.spec.conversion.directions import Named
from mockportal.values import Json

_CHOICES = ("oneOf", "anyOf")


def discriminate(out: dict[str, Any], named: Named) -> None:
    """Puts conditions in place of a choice with a discriminator, so that a violation is one of the branch it picks.

    Names count as the mapping has them, and each schema by its own name, too. Branches that the property cannot pick,
    such as null, stay alternatives.
    """
    discriminator = out.pop("discriminator")
    key = next((key for key in _CHOICES if key in out), "")
    branches = [item for item in out.get(key, ()) if _can_be_picked(item, named)]
    if not branches or not _is_usable(discriminator):
        return
    others = [item for item in out.pop(key) if item not in branches]
    picked = _conditions(discriminator["propertyName"], _mapping(discriminator, branches, named))
    if others:
        out["anyOf"] = [*others, picked]
        return
    out["required"] = sorted({*out.get("required", ()), *picked["required"]})
    out["allOf"] = [*out.get("allOf", ()), *picked["allOf"]]


def _is_usable(discriminator: Json) -> bool:
    """True if a discriminator names, in its mapping, schemas of this document only."""
    targets = (discriminator.get("mapping") or {}).values()
    return all(target.startswith("#/") or not {*"/.#"} & {*target} for target in targets)


def _conditions(name: str, mapping: Mapping[str, str]) -> dict[str, Any]:
    chosen: list[Json] = [{"properties": {name: {"enum": sorted(mapping)}}}]
    for value, target in mapping.items():
        chosen.append(
            {
                "if": {"properties": {name: {"const": value}}},
                "then": {"$ref": reference_to(target_of(target))},
            }
        )
    return {"required": [name], "allOf": chosen}


def _mapping(discriminator: dict[str, Any], branches: list[Json], named: Named) -> dict[str, str]:
    """value -> the branch that it picks."""
    mapping: dict[str, str] = {}
    for branch in branches:
        target = _plain(branch["$ref"])
        mapping |= dict.fromkeys(_names_within(target, named, ()), target)
        mapping[_name_of(target)] = target
    for value, target in (discriminator.get("mapping") or {}).items():
        mapping[str(value)] = (
            target if target.startswith("#") else "#" + pointer_to("components", "schemas", target)
        )
    return mapping


def _names_within(target: str, named: Named, inside: tuple[str, ...]) -> list[str]:
    """The values that a branch with a discriminator of its own tells apart."""
    schema = named.schemas.get(target)
    if target in inside or not isinstance(schema, dict) or "discriminator" not in schema:
        return []
    own = [*(schema["discriminator"].get("mapping") or {})]
    branches = [_plain(item["$ref"]) for key in _CHOICES for item in schema.get(key, ()) if "$ref" in item]
    deeper = [name for branch in branches for name in _names_within(branch, named, (*inside, target))]
    return [*own, *map(_name_of, branches), *deeper]


def _plain(reference: str) -> str:
    """The reference without percent-encoding, as the schemas are known by."""
    return "#" + target_of(reference)


def _name_of(target: str) -> str:
    return target.rsplit("/", 1)[-1]


def _can_be_picked(item: Json, named: Named) -> bool:
    """True for a reference to a schema whose values may be objects."""
    if not (isinstance(item, dict) and isinstance(item.get("$ref"), str)):
        return False
    schema = named.schemas.get(_plain(item["$ref"]))
    kinds = schema.get("type", "object") if isinstance(schema, dict) else "object"
    return "object" in (kinds if isinstance(kinds, list) else [kinds])
