"""OpenAPI schemas as JSON Schema 2020-12, once for requests and once for responses.

OpenAPI 3.0 is its own dialect: `nullable`, boolean `exclusiveMinimum`, `$ref` beside which nothing counts.
3.1 is JSON Schema already. In both, `readOnly` belongs to responses, `writeOnly` to requests, and a
`discriminator` picks the branch. The converted document holds nothing but schemas, at the pointers they have in
the original, so that a violation's rule can be looked up there.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any

from mockportal.errors import SpecError
from mockportal.files.pointers import leads_somewhere, pointer_to, reference_to, resolve, target_of, tokens_of
from mockportal.spec.conversion.directions import Mode, Named, forbid, hidden_properties, named_schemas
from mockportal.spec.conversion.discriminators import discriminate
from mockportal.spec.document import fits, follow, operations, without_extensions
from mockportal.values import Json

_LISTS = ("anyOf", "oneOf", "prefixItems")
_SINGLES = ("items", "not", "additionalProperties", "if", "then", "else", "contains", "propertyNames")
_MAPS = ("properties", "patternProperties", "dependentSchemas", "$defs")
_INNER = {*_LISTS, *_SINGLES, *_MAPS}
_ANNOTATIONS = frozenset(
    ("description", "title", "example", "examples", "deprecated", "xml", "externalDocs", "nullable")
)
_NULL = {"type": "null"}
_COMPONENT = re.compile(r"#/components/[a-zA-Z]+/[^/]+")
_BITS = {"int32": 32, "int64": 64}
_DEEPEST = 100
_OTHERS = "x-others"  # schemas from places where none are looked for
_ORIGINS = "x-origins"  # the pointers that these have in the document
_NOTHING_NAMED = Named()
_NAMED = ("components", "schemas")


def convert_document(
    document: dict[str, Any], mode: Mode, known: Mapping[str, Any] = MappingProxyType({})
) -> dict[str, Any]:
    """Every schema of `document`, converted, in a nest of mappings and lists with the same pointers.

    Those of `components/schemas` that are `known` are taken as they are: they refer to nothing but others of these.
    """
    modern = not str(document["openapi"]).startswith("3.0")
    named = named_schemas(document, mode)
    shadow: dict[str, Any] = {}
    own: list[Any] = []
    for at, schema in schemas_of(document):
        is_known = at[:2] == _NAMED and at[2] in known
        made = known[at[2]] if is_known else convert(schema, mode, modern, named)
        _plant(shadow, at, made)
        if not is_known:
            own.append(made)
    _plant_others(document, shadow, own, lambda schema: convert(schema, mode, modern, named))
    return shadow


def _plant_others(
    document: dict[str, Any], shadow: dict[str, Any], own: list[Any], converted: Callable[[Any], Any]
) -> None:
    """Brings in the schemas that references lead to although they stand in no place for schemas, or inside of another
    schema. They stand apart, so that no schema changes by what is inside of it, and the references lead there."""
    places: dict[str, str] = {}
    waiting: list[Any] = [own]
    while waiting:
        for holder, at in _local_references(waiting.pop()):
            if at not in places and not leads_somewhere(shadow, at) and _is_schema(document, at):
                places[at] = pointer_to(_OTHERS, str(len(places)))
                schema = converted(resolve(document, at))
                _plant(shadow, (_OTHERS, str(len(places) - 1)), schema)
                _plant(shadow, (_ORIGINS, str(len(places) - 1)), at)
                waiting.append(schema)
            if at in places:
                holder["$ref"] = reference_to(places[at])


def _is_schema(document: dict[str, Any], at: str) -> bool:
    """True if a schema is there: nobody has looked at the shape of what stands in other places."""
    return leads_somewhere(document, at) and fits("schema", resolve(document, at))


def places_of_others(shadow: Mapping[str, Any]) -> dict[str, str]:
    """Pointer in the document -> pointer among the converted schemas, of those that stand apart."""
    return {at: pointer_to(_OTHERS, number) for number, at in shadow.get(_ORIGINS, {}).items()}


def _local_references(node: Any) -> list[tuple[dict[str, Any], str]]:
    """(holder, pointer) of every reference within the document."""
    found, waiting = [], [node]
    while waiting:
        here = waiting.pop()
        if isinstance(here, list):
            waiting.extend([item for item in here if isinstance(item, dict | list)])
        elif isinstance(here, dict):
            target = here.get("$ref")
            if isinstance(target, str) and target.startswith("#/"):
                found.append((here, target_of(target)))
            waiting.extend([item for item in here.values() if isinstance(item, dict | list)])
    return found


def schemas_of(document: dict[str, Any]) -> list[tuple[tuple[str, ...], Any]]:
    """(tokens of its pointer, schema) of every top-level schema in the document."""
    found = _Schemas(document)
    components = document.get("components", {})
    for name, schema in components.get("schemas", {}).items():
        found.add(schema, ("components", "schemas", name))
    for kind in ("responses", "requestBodies", "parameters", "headers"):
        for name, holder in components.get(kind, {}).items():
            found.add_held(holder, ("components", kind, name))
    for path, item in without_extensions(document.get("paths", {})):
        for number, parameter in enumerate(item.get("parameters", ())):
            found.add_held(parameter, ("paths", path, "parameters", str(number)))
    for path, method, operation, _ in operations(document):
        at = ("paths", path, method)
        for number, parameter in enumerate(operation.get("parameters", ())):
            found.add_held(parameter, (*at, "parameters", str(number)))
        found.add_held(operation.get("requestBody", {}), (*at, "requestBody"))
        for status, response in without_extensions(operation.get("responses", {})):
            found.add_held(response, (*at, "responses", str(status)))
    return list(found.places.items())


class _Schemas:
    """The schemas that were found so far, by their places."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.places: dict[tuple[str, ...], Any] = {}
        self._document = document

    def add(self, schema: Any, at: tuple[str, ...]) -> None:
        self.places[at] = schema

    def add_held(self, holder: Any, at: tuple[str, ...]) -> None:
        """Adds the schemas in a parameter, header, request body or response."""
        if "$ref" in holder:
            self._add_behind(holder, at)
        if "schema" in holder:
            self.add(holder["schema"], (*at, "schema"))
        for media_type, media in holder.get("content", {}).items():
            if "schema" in media:
                self.add(media["schema"], (*at, "content", media_type, "schema"))
        for name, header in holder.get("headers", {}).items():
            self.add_held(header, (*at, "headers", name))

    def _add_behind(self, holder: Any, at: tuple[str, ...]) -> None:
        """Adds those behind a reference; a component is found anyway. One that leads nowhere is told elsewhere."""
        if _COMPONENT.fullmatch(str(holder["$ref"])):
            return
        with suppress(SpecError):
            behind, pointer = follow(self._document, holder, pointer_to(*at))
            if fits("response", behind) and fits("header", behind):
                self.add_held(behind, tokens_of(pointer))


def convert(
    schema: Any, mode: Mode, modern: bool, named: Named = _NOTHING_NAMED, hidden: frozenset[str] = frozenset()
) -> Any:
    """One schema as JSON Schema 2020-12.

    `named` tells of the schemas that it refers to; `hidden` are the properties that its parent takes no value of.
    """
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema and not modern:
        return {"$ref": _reference(schema["$ref"])}
    out = {key: value for key, value in schema.items() if key not in _ANNOTATIONS}
    if "$ref" in out:
        out["$ref"] = _reference(out["$ref"])
    if "required" in out or "allOf" in out:
        hidden = hidden | hidden_properties(schema, mode, named)
    for key in _INNER & out.keys():
        out[key] = _inner(out[key], key, lambda item: convert(item, mode, modern, named))
    if "allOf" in out:
        out["allOf"] = [convert(item, mode, modern, named, hidden) for item in out["allOf"]]
    forbid(schema, out, mode, named)
    if hidden and "required" in out:
        out["required"] = [name for name in out["required"] if name not in hidden]
    if "discriminator" in out:
        discriminate(out, named)
    _width(out)
    return out if modern else _modernised(out, is_nullable=bool(schema.get("nullable")))


def _modernised(out: dict[str, Any], is_nullable: bool) -> dict[str, Any]:
    """A schema of OpenAPI 3.0 without the bounds and the null that only it writes so."""
    _bounds(out)
    return _nullable(out) if is_nullable else out


def _inner(value: Any, key: str, converted: Callable[[Any], Any]) -> Any:
    """The schemas at a keyword, each converted: one schema, a list or a map of them."""
    if key in _MAPS:
        return {name: converted(item) for name, item in value.items()}
    return [*map(converted, value)] if key in _LISTS else converted(value)


def _reference(target: Any) -> Any:
    """A reference as the libraries read it; one to another place than this document is left as it is."""
    return reference_to(target_of(target)) if isinstance(target, str) and target.startswith("#/") else target


def _bounds(out: dict[str, Any]) -> None:
    for exclusive, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(out.get(exclusive), bool) and out.pop(exclusive) and bound in out:
            out[exclusive] = out.pop(bound)


def _width(out: dict[str, Any]) -> None:
    """`int32` and `int64` are bounds of a number; JSON Schema itself has formats of texts only."""
    bits = _BITS.get(str(out.get("format")))
    if bits is not None:
        out["allOf"] = [
            *out.get("allOf", ()),
            {"minimum": -(2 ** (bits - 1)), "maximum": 2 ** (bits - 1) - 1},
        ]


def _nullable(out: dict[str, Any]) -> dict[str, Any]:
    """`nullable` opens the type, never the enum (OpenAPI 3.0.3): an enum without null forbids null."""
    if isinstance(out.get("type"), str):
        return out | {"type": [out["type"], "null"]}
    return {"anyOf": [out, _NULL]} if out else out


def _plant(shadow: dict[str, Any], tokens: tuple[str, ...], schema: Any) -> None:
    here = shadow
    for token in tokens[:-1]:
        here = here.setdefault(token, {})
    here[tokens[-1]] = schema


def check_circles(shadow: dict[str, Any]) -> None:
    """No converted schema holds itself for the same value, which would never come to an end. Raises `SpecError`."""
    heights: dict[int, int] = {}
    for at in sorted({at for _, at in _local_references(shadow)}):
        _height(shadow, at, frozenset(), heights)


def _height(shadow: Json, pointer: str, inside: frozenset[int], heights: dict[int, int]) -> int:
    """The number of schemas, one inside the other, that the schema at a pointer asks of one value.

    Raises `SpecError` for a circle, and for more than both validators could follow.
    """
    if not leads_somewhere(shadow, pointer):
        return 0
    schema = resolve(shadow, pointer)
    if id(schema) in inside:
        raise SpecError(pointer, "refers back to itself, so no value could ever be checked")
    if id(schema) not in heights and len(inside) <= _DEEPEST:
        outer = inside | {id(schema)}
        inner = [_height(shadow, one, outer, heights) for one in _beside(schema, pointer)]
        heights[id(schema)] = 1 + max(inner, default=0)
    height = heights.get(id(schema), len(inside))
    if height > _DEEPEST:
        raise SpecError(pointer, f"asks more than {_DEEPEST} schemas, one inside the other, of one value")
    return height


def _beside(schema: Json, pointer: str) -> list[str]:
    """The pointers of the schemas that are asked of the same value as `schema`."""
    if not isinstance(schema, dict):
        return []
    found = [target_of(schema["$ref"])] if str(schema.get("$ref", "")).startswith("#/") else []
    found += [f"{pointer}/{key}" for key in ("not", "if", "then", "else") if key in schema]
    for key in ("allOf", "anyOf", "oneOf"):
        found += [f"{pointer}/{key}/{number}" for number in range(len(schema.get(key, ())))]
    return found + [
        pointer + pointer_to("dependentSchemas", name) for name in schema.get("dependentSchemas", ())
    ]


def references(node: Any, at: tuple[object, ...]) -> Iterator[tuple[tuple[object, ...], str]]:
    """(place, target) of every `$ref`."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref" and isinstance(value, str):
                yield at, value
            else:
                yield from references(value, (*at, key))
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from references(value, (*at, number))
