"""Changes from one schema to another, for a consumer that sends or receives what it describes.

Each pair of nodes is compared once; the result is its changes and the pairs below it. An operation then walks the
pairs that it can reach. So recursion ends, and schemas that many operations share are compared once.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from mockportal.compatibility.changes import PartChange, shown
from mockportal.compatibility.schemas.choices import choice_changes, is_one_sided, one_sided_changes
from mockportal.compatibility.schemas.limits import LIMITS, bound_changes, text_changes
from mockportal.compatibility.schemas.objects import additional_changes, property_changes
from mockportal.compatibility.schemas.pair import Below, SchemaPair, direction
from mockportal.compatibility.schemas.sameness import same
from mockportal.compatibility.schemas.shapes import Node, shape_of
from mockportal.compatibility.schemas.types import NULL
from mockportal.compatibility.schemas.witnesses import judged_together, witnesses
from mockportal.compatibility.source import Source
from mockportal.spec.conversion.directions import Mode
from mockportal.values import Json

_KNOWN = LIMITS | {"type", "nullable", "enum", "const", "properties", "required", "additionalProperties"}
_KNOWN |= {"items", "default", "deprecated", "readOnly", "writeOnly", "discriminator"}
_Key = tuple[Mode, Node, Node]
_LONGEST_WITNESS = 300
_DYNAMIC = frozenset(("$dynamicRef", "$recursiveRef"))
_WITNESSED: dict[Mode, tuple[str, str]] = {
    "request": ("value-refused", "was valid and is refused now"),
    "response": ("value-added", "was impossible and can occur now"),
}


@dataclass(frozen=True, slots=True, eq=False)
class SchemaComparison:
    """Two documents, with the results of all pairs of schemas compared so far."""

    old: Source
    new: Source
    known: dict[_Key, tuple[list[PartChange], list[Below]]] = field(default_factory=dict)

    def schema_changes(self, mode: Mode, old: str, new: str) -> Iterator[PartChange]:
        """Everything that changed from the schema at `old` to the one at `new`. Raises `SpecError`."""
        left, seen = [Below(Node((old,)), Node((new,)))], set()
        while left:
            nodes = left.pop()
            if nodes not in seen:
                seen.add(nodes)
                findings, below = self._local(mode, nodes)
                left += below
                yield from findings

    def _local(self, mode: Mode, nodes: Below) -> tuple[list[PartChange], list[Below]]:
        key = (mode, nodes.old, nodes.new)
        if key not in self.known:
            pair = SchemaPair(mode, shape_of(self.old, nodes.old), shape_of(self.new, nodes.new))
            found = list(_differences(pair))
            findings = [one for one in found if isinstance(one, PartChange)]
            self.known[key] = findings, [one for one in found if isinstance(one, Below)]
        return self.known[key]


def _differences(pair: SchemaPair) -> Iterator[PartChange | Below]:
    """The changes at this place, and the pairs to look at next. If the type changed, nothing below it is compared;
    nor is a schema whose reference depends on who refers to it."""
    if _DYNAMIC & {*pair.old.keywords, *pair.new.keywords}:
        yield from _other_changes(pair, _DYNAMIC)
        return
    if is_one_sided(pair):
        yield from one_sided_changes(pair)
        return
    yield from _type_changes(pair)
    if pair.old.says_nothing or pair.new.says_nothing or _apart(pair):
        return
    for check in _CHECKS:
        yield from check(pair)


def _apart(pair: SchemaPair) -> bool:
    if pair.old.types is None or pair.new.types is None:
        return False
    return pair.old.types != pair.new.types and not (pair.old.types & pair.new.types - {NULL})


def _type_changes(pair: SchemaPair) -> Iterator[PartChange]:
    old, new = pair.old.types, pair.new.types
    if _apart(pair) or not (pair.old.derived and pair.new.derived):
        gained = old is not None and (new is None or bool(new - old - {NULL}))
        lost = new is not None and (old is None or bool(old - new - {NULL}))
        if moved := direction(gained=gained, lost=lost):
            message = f"type was {_named(old)}, is {_named(new)}"
            yield pair.finding(f"type-{moved}", message, "type")
    nullable = pair.old.nullable, pair.new.nullable
    if nullable == (False, True):
        yield pair.finding("null-allowed", "can be null now", "nullable", "type", "enum")
    elif nullable == (True, False):
        yield pair.finding("null-forbidden", "can be null no longer", "nullable", "type", "enum")


def _named(types: frozenset[str] | None) -> str:
    if types is None:
        return "any"
    names = types - {NULL, "integer"} if "number" in types else types - {NULL}
    return " or ".join(sorted(names)) or NULL


def _enum_changes(pair: SchemaPair) -> Iterator[PartChange]:
    old, new = pair.old.enum(), pair.new.enum()
    if old is None and new is not None:
        yield pair.finding("enum-introduced", f"only {_listed(new.values())} now", "enum", "const")
    elif old is not None and new is None:
        yield pair.finding("enum-dropped", f"no longer only {_listed(old.values())}", "enum", "const")
    elif old is not None and new is not None:
        if lost := [value for key, value in old.items() if key not in new]:
            yield pair.finding("enum-value-removed", f"no longer {_listed(lost)}", "enum", "const")
        if gained := [value for key, value in new.items() if key not in old]:
            yield pair.finding("enum-value-added", f"also {_listed(gained)}", "enum", "const")


def _listed(values: Iterable[Json]) -> str:
    return ", ".join(map(shown, values))


def _item_changes(pair: SchemaPair) -> Iterator[Below]:
    if "items" in {*pair.old.keywords, *pair.new.keywords}:
        yield Below(pair.old.below("items"), pair.new.below("items"))


def _note_changes(pair: SchemaPair) -> Iterator[PartChange]:
    """Changes of defaults and deprecation, which do not affect what is valid."""
    old, new = pair.old.values("default")[-1:], pair.new.values("default")[-1:]
    at = pair.where("default")
    if old != new:
        before, after = (shown(values[0]) if values else "not there" for values in (old, new))
        yield PartChange("default-changed", at, f"default was {before}, is {after}")
    if True in pair.new.values("deprecated") and True not in pair.old.values("deprecated"):
        yield PartChange("schema-deprecated", pair.new.place("deprecated") or at, "is deprecated now")


def _other_changes(pair: SchemaPair, only: frozenset[str] = frozenset()) -> Iterator[PartChange]:
    """A change of a keyword for which a witness is found breaks; of any other, nothing is known."""
    keywords = [
        name
        for name in dict.fromkeys((*pair.new.keywords, *pair.old.keywords))
        if name not in _KNOWN and (not only or name in only)
    ]
    changed = [name for name in keywords if _keyword_differs(pair, name)]
    for group in judged_together(changed):
        for value in witnesses(pair, group):
            changed = [name for name in changed if name not in group]
            kind, told = _WITNESSED[pair.mode]
            names = " and ".join(map(repr, group)) + (" differ" if len(group) > 1 else " differs")
            message = f"{names}: {shown(value, _LONGEST_WITNESS)} {told}"
            yield pair.finding(kind, message, *group)
    for keyword in changed:
        yield PartChange("schema-keyword-changed", pair.where(keyword), f"{keyword!r} differs")


def _keyword_differs(pair: SchemaPair, keyword: str) -> bool:
    old, new = (shape.keywords.get(keyword, ()) for shape in (pair.old, pair.new))
    return len(old) != len(new) or not all(
        same(pair.old.source, before, pair.new.source, after)
        for (_, before), (_, after) in zip(old, new, strict=True)
    )


_CHECKS = (
    _enum_changes,
    bound_changes,
    text_changes,
    property_changes,
    additional_changes,
    _item_changes,
    choice_changes,
    _note_changes,
    _other_changes,
)
