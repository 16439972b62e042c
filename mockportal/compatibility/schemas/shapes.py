"""Schemas in a normal form: references followed, `allOf` merged, and one way to allow null.

`nullable` beside a `$ref`, `allOf`, `oneOf` or `anyOf` is read as it is meant: null, or the rest. So is an alternative
that is nothing but null. A schema without `type` has the one that its keywords or its enum speak of.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from mockportal.compatibility.schemas.types import NULL, intersection, types_of_schema, union
from mockportal.compatibility.source import Source, is_prose
from mockportal.files.pointers import escape
from mockportal.values import Json, Record

COMPOSITION = ("$ref", "allOf", "oneOf", "anyOf")
_LISTING = frozenset(("type", "enum", "const", "nullable"))
_NUMBER = frozenset(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"))
_OF_KIND = {
    "string": frozenset(("minLength", "maxLength", "pattern")),
    "number": _NUMBER,
    "integer": _NUMBER,
    "array": frozenset(("items", "minItems", "maxItems", "uniqueItems", "prefixItems", "contains")),
    "object": frozenset(
        (
            "properties",
            "required",
            "additionalProperties",
            "minProperties",
            "maxProperties",
            "patternProperties",
        )
    ),
}


@dataclass(frozen=True, slots=True)
class Node:
    """All the schemas at `places` together, no place meaning anything; the choices at `without` do not count.

    `kind` is the type of the values that are looked at, apart from null; empty for all of them.
    """

    places: tuple[str, ...] = ()
    without: frozenset[str] = frozenset()
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A `oneOf` or `anyOf` at the pointer `at`, with the pointers of its alternatives that are not just null."""

    keyword: str
    at: str
    branches: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """The normal form of a node. `keywords` holds value and pointer of each occurrence; `types` is None for any.

    `derived` types are those of the alternatives. `nullable` is None where nothing restricts it.
    """

    source: Source
    node: Node
    keywords: Mapping[str, tuple[tuple[Json, str], ...]]
    choices: tuple[Choice, ...]
    types: frozenset[str] | None
    nullable: bool | None
    derived: bool = False

    @property
    def at(self) -> str:
        """The pointer to show for the node as a whole."""
        return self.source.real(self.node.places[-1]) if self.node.places else ""

    @property
    def says_nothing(self) -> bool:
        """True if every value is valid."""
        return self.types is None and not self.keywords and not self.choices

    def place(self, *keywords: str) -> str | None:
        """The pointer of the first of the keywords that occurs."""
        return next((self.keywords[name][0][1] for name in keywords if name in self.keywords), None)

    def values(self, keyword: str) -> list[Json]:
        """Every value of the keyword."""
        return [value for value, _ in self.keywords.get(keyword, ())]

    def below(self, keyword: str) -> Node:
        """The node of a keyword whose value is a schema."""
        return Node(tuple(at for value, at in self.keywords.get(keyword, ()) if not isinstance(value, bool)))

    def properties(self) -> dict[str, Node]:
        """The node of each property, in document order. Raises `SpecError`."""
        found: dict[str, tuple[str, ...]] = {}
        for _, at in self.keywords.get("properties", ()):
            for name, place in self.source.children(at).items():
                found[name] = (*found.get(name, ()), place)
        return {name: Node(places) for name, places in found.items()}

    def required(self) -> list[str]:
        """The names in `required`, in document order."""
        lists = [value for value in self.values("required") if isinstance(value, list)]
        return list(dict.fromkeys(str(name) for value in lists for name in value))

    def enum(self) -> dict[str, Json] | None:
        """The listed values, null left out, by how JSON spells them; None if any value will do."""
        lists = [value for value in self.values("enum") if isinstance(value, list)]
        lists += [[value] for value in self.values("const")]
        if not lists:
            return None
        spelled = [{spell(value): value for value in values} for values in lists]
        return {
            key: value
            for key, value in spelled[0].items()
            if value is not None and all(key in other for other in spelled)
        }


@dataclass(frozen=True, slots=True)
class _Collected:
    seen: set[str] = field(default_factory=set)
    parts: list[Record] = field(default_factory=list)
    keywords: dict[str, list[tuple[Json, str]]] = field(default_factory=dict)
    choices: list[Choice] = field(default_factory=list)
    nulls: list[str] = field(default_factory=list)


def shape_of(source: Source, node: Node) -> Shape:
    """The shape of a node, made once. Raises `SpecError`."""
    if node not in source.shapes:
        collected = _Collected()
        for at in node.places:
            _collect(source, at, node.without, collected)
        shape = _of_kind(_plain(source, node, collected))
        source.shapes[node] = shape  # what an alternative sees that leads back here
        if shape.types is None and shape.choices:
            source.shapes[node] = _with_types_of_choices(shape, bool(collected.nulls))
    found: Shape = source.shapes[node]
    return found


def spell(value: Json) -> str:
    """One text for each JSON value, whatever the order of its keys."""
    return json.dumps(value, sort_keys=True, default=str)


def _collect(source: Source, at: str, without: frozenset[str], found: _Collected) -> None:
    if at in found.seen:
        return
    found.seen.add(at)
    schema = _schema(source, at)
    refers = isinstance(schema.get("$ref"), str)
    if schema.get("nullable") is True and any(key in schema for key in COMPOSITION):
        found.nulls.append(f"{at}/nullable")
    if refers:
        source.real(at)  # raises where references lead to nothing but each other
        _collect(source, source.target(at, schema["$ref"]), without, found)
    if refers and not source.modern:
        return
    found.parts.append(schema)
    for key, value in schema.items():
        if key not in COMPOSITION and not is_prose(key):
            found.keywords.setdefault(key, []).append((value, f"{at}/{escape(key)}"))
    for part in source.items(f"{at}/allOf"):
        _collect(source, part, without, found)
    for keyword in ("oneOf", "anyOf"):
        _choose(source, keyword, f"{at}/{keyword}", without, found)


def _choose(source: Source, keyword: str, at: str, without: frozenset[str], found: _Collected) -> None:
    branches = source.items(at)
    real = tuple(branch for branch in branches if not _only_null(source, branch))
    if len(real) < len(branches):
        found.nulls.append(at)
    if at in without:
        return
    if len(real) == 1:
        _collect(source, real[0], without, found)
    elif listed := _listed_values(source, keyword, real):
        found.parts.append({"enum": listed})
        found.keywords.setdefault("enum", []).append((listed, at))
    elif real:
        found.choices.append(Choice(keyword, at, real))


def _listed_values(source: Source, keyword: str, branches: tuple[str, ...]) -> list[Json]:
    """The values of alternatives that are nothing but lists of values, which together are one list; none for others."""
    values: list[Json] = []
    for at in branches:
        schema = _schema(source, source.real(at))
        own = schema.get("enum", [schema["const"]] if "const" in schema else None)
        if not isinstance(own, list) or any(key not in _LISTING and not is_prose(key) for key in schema):
            return []
        values += own
    distinct = {spell(value): value for value in values}
    return [] if keyword == "oneOf" and len(distinct) < len(values) else [*distinct.values()]


def _schema(source: Source, at: str) -> Record:
    value = source.value(at)
    if value is None or value is True:
        return {}
    if value is False:
        return {"not": {}}
    if not isinstance(value, dict):
        raise source.error(at, "is not a schema")
    return {str(key): item for key, item in value.items()}


def _only_null(source: Source, at: str) -> bool:
    schema = source.value(source.real(at))
    if not isinstance(schema, dict):
        return False
    return schema.get("type") in (NULL, [NULL]) or schema.get("enum") == [None]


def _plain(source: Source, node: Node, found: _Collected) -> Shape:
    keywords = {key: tuple(values) for key, values in found.keywords.items()}
    if found.nulls:
        keywords.setdefault("nullable", ((True, found.nulls[0]),))
    types = intersection(map(types_of_schema, found.parts))
    shape = Shape(source, node, keywords, tuple(found.choices), types, None)
    if types is None:
        return shape
    if found.nulls:
        return replace(shape, types=types | {NULL}, nullable=True)
    listed = [value for value in shape.values("enum") if isinstance(value, list)]
    return replace(shape, nullable=NULL in types and all(None in values for values in listed))


def kinds_of(shape: Shape) -> list[str]:
    """The types that a shape allows, apart from null, `number` for integers as well; none if it allows any."""
    types = (shape.types or frozenset()) - {NULL}
    return sorted(types - {"integer"} if "number" in types else types)


def _of_kind(shape: Shape) -> Shape:
    """The shape for values of its node's kind, without the keywords that only matter to others."""
    kind = shape.node.kind
    if not kind or shape.types is None:
        return shape
    allowed = {kind, NULL, *(("integer",) if kind == "number" else ())}
    others = frozenset[str]().union(*_OF_KIND.values()) - _OF_KIND.get(kind, frozenset())
    kept = {name: values for name, values in shape.keywords.items() if name not in others}
    return replace(shape, types=shape.types & allowed, keywords=kept)


def _with_types_of_choices(shape: Shape, nulls: bool) -> Shape:
    """The shape with the types that its alternatives leave."""
    kinds, nullable = [], nulls
    for choice in shape.choices:
        branches = [shape_of(shape.source, Node((at,))) for at in choice.branches]
        kinds.append(union(branch.types for branch in branches))
        nullable = nullable or any(branch.nullable is not False for branch in branches)
    return replace(shape, types=intersection(kinds), nullable=nullable, derived=True)
