"""Changes of `oneOf`, `anyOf` and their discriminators.

A schema without a choice counts as one with itself as the only alternative: that is how most choices begin. One that
allows several types has an alternative for each.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from mockportal.compatibility.changes import PartChange
from mockportal.compatibility.schemas.pair import Below, SchemaPair
from mockportal.compatibility.schemas.sameness import same
from mockportal.compatibility.schemas.shapes import Choice, Node, Shape, kinds_of, shape_of
from mockportal.compatibility.schemas.witnesses import is_covered
from mockportal.values import Json, Record

_Match = Callable[[Shape, Shape], bool]


def is_one_sided(pair: SchemaPair) -> bool:
    """True if only one of the two has a choice, and the other restricts its values."""
    if pair.old.says_nothing or pair.new.says_nothing:
        return False
    return bool(pair.old.choices) != bool(pair.new.choices)


def one_sided_changes(pair: SchemaPair) -> Iterator[PartChange | Below]:
    """The first choice of the one side against the other side as a whole. Raises `SpecError`."""
    return _alternative_changes(pair, _alternatives(pair.old), _alternatives(pair.new))


def choice_changes(pair: SchemaPair) -> Iterator[PartChange | Below]:
    """Choices in the order in which they stand, and the discriminator. Raises `SpecError`."""
    both = list(zip(pair.old.choices, pair.new.choices, strict=False))
    for old, new in both:
        if old.keyword != new.keyword and not (_disjoint(pair.old, old) and _disjoint(pair.new, new)):
            message = f"{old.keyword!r} became {new.keyword!r}"
            yield PartChange("schema-keyword-changed", new.at, message)
        yield from _alternative_changes(pair, _branches(old), _branches(new))
    for extra in (*pair.old.choices[len(both) :], *pair.new.choices[len(both) :]):
        yield PartChange("schema-keyword-changed", extra.at, f"{extra.keyword!r} differs")
    yield from _discriminator_changes(pair)


def _disjoint(shape: Shape, choice: Choice) -> bool:
    """True if no value is valid by two alternatives, so that `oneOf` and `anyOf` are the same."""
    seen: set[str] = set()
    for at in choice.branches:
        types = shape_of(shape.source, Node((at,))).types
        if types is None or types & seen:
            return False
        seen |= types
    return True


def _alternatives(shape: Shape) -> list[Node]:
    kinds = kinds_of(shape)
    if not shape.choices and len(kinds) > 1:
        return [replace(shape.node, kind=kind) for kind in kinds]
    if not shape.choices:
        return [shape.node]
    first, node = shape.choices[0], shape.node
    return [Node((*node.places, at), node.without | {first.at}) for at in first.branches]


def _branches(choice: Choice) -> list[Node]:
    return [Node((at,)) for at in choice.branches]


def _alternative_changes(pair: SchemaPair, old: list[Node], new: list[Node]) -> Iterator[PartChange | Below]:
    before = [shape_of(pair.old.source, node) for node in old]
    after = [shape_of(pair.new.source, node) for node in new]
    for match in _MATCHES:
        for one in list(before):
            other = next((shape for shape in after if match(one, shape)), None)
            if other is not None:
                before.remove(one)
                after.remove(other)
                yield Below(one.node, other.node)
    for shape in before:
        covered = pair.mode == "request" and not _component(shape) and is_covered(pair, shape)
        kind = "covered" if covered else "removed"
        yield PartChange(f"{pair.mode}-alternative-{kind}", shape.at, f"no longer {_called(shape)}")
    for shape in after:
        yield PartChange(f"{pair.mode}-alternative-added", shape.at, f"also {_called(shape)}")


def _named_alike(old: Shape, new: Shape) -> bool:
    return _component(old) != "" and _component(old) == _component(new)


def _equal(old: Shape, new: Shape) -> bool:
    return same(old.source, old.at, new.source, new.at)


def _tags(shape: Shape) -> Record:
    """The properties that have one value only: by them, people and programs tell alternatives apart."""
    shapes = {name: shape_of(shape.source, node) for name, node in shape.properties().items()}
    listed = {name: one.enum() for name, one in shapes.items()}
    return {name: next(iter(values)) for name, values in listed.items() if values and len(values) == 1}


def _tagged_alike(old: Shape, new: Shape) -> bool:
    """True for the same values of all such properties that both have, if there is one."""
    before, after = _tags(old), _tags(new)
    common = before.keys() & after.keys()
    return bool(common) and all(before[name] == after[name] for name in common)


def _similar(old: Shape, new: Shape) -> bool:
    """Of the same types, and objects with a property in common, if they name any; but not tagged differently."""
    if old.types is None or old.types != new.types or (_component(old) and _component(new)):
        return False
    before, after = _tags(old), _tags(new)
    if any(before[name] != after[name] for name in before.keys() & after.keys()):
        return False
    names = set(old.properties()), set(new.properties())
    return bool(names[0] & names[1]) or not (names[0] or names[1])


_MATCHES: tuple[_Match, ...] = (_named_alike, _equal, _tagged_alike, _similar)


def _component(shape: Shape) -> str:
    """The name of the schema, empty for one that has none."""
    name = shape.at.removeprefix("/components/schemas/")
    return "" if name == shape.at or "/" in name else name


def _called(shape: Shape) -> str:
    return _component(shape) or (" or ".join(sorted(shape.types)) if shape.types else "anything")


def _discriminator_changes(pair: SchemaPair) -> Iterator[PartChange]:
    old, new = (_discriminator(shape.values("discriminator")) for shape in (pair.old, pair.new))
    if old == new:
        return
    at = pair.where("discriminator")
    names = old.get("propertyName"), new.get("propertyName")
    if old and new and names[0] != names[1]:
        message = f"the property was {names[0]!r}, is {names[1]!r}"
        yield PartChange("discriminator-property-changed", at, message)
    else:
        yield PartChange("discriminator-changed", at, "the discriminator differs")


def _discriminator(values: list[Json]) -> Record:
    """The last of several, its mapping by the names of components."""
    found = next((value for value in reversed(values) if isinstance(value, dict)), {})
    mapping = found.get("mapping") or {}
    return (
        {**found, "mapping": {key: str(at).rsplit("/", 1)[-1] for key, at in mapping.items()}}
        if found
        else {}
    )
