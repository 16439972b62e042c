"""Changes of the properties of an object."""

from collections.abc import Iterator
from dataclasses import dataclass

from mockportal.compatibility.changes import PartChange
from mockportal.compatibility.schemas.pair import Below, SchemaPair
from mockportal.compatibility.schemas.shapes import Node, Shape, shape_of
from mockportal.spec.conversion.directions import Mode

_OTHERS = "additionalProperties"
_ONE_WAY = {"request": "readOnly", "response": "writeOnly"}
_BECAME_ONE_WAY = {"request": "property-became-read-only", "response": "property-became-write-only"}


@dataclass(frozen=True, slots=True)
class _Members:
    """The properties that can be there, those that only go the other way, and those that must be there."""

    known: dict[str, Node]
    hidden: dict[str, Node]
    required: frozenset[str]
    closed: bool


def property_changes(pair: SchemaPair) -> Iterator[PartChange | Below]:
    """Properties that came, went, or became required or optional; a map's value may be one. Raises `SpecError`."""
    old, new = _members(pair.old, pair.mode), _members(pair.new, pair.mode)
    for name, node in old.known.items():
        if name in new.known:
            yield Below(node, new.known[name])
            yield from _required_changes(pair, name, old, new)
        elif name in new.hidden:
            kind = f"{pair.mode}-{_BECAME_ONE_WAY[pair.mode]}"
            yield PartChange(
                kind, _place(pair.new, new.hidden[name]), f"{name!r} is {_ONE_WAY[pair.mode]} now"
            )
        else:
            kind = "forbidden" if pair.mode == "request" and new.closed else "removed"
            yield PartChange(f"{pair.mode}-property-{kind}", _place(pair.old, node), f"{name!r} is gone")
            if pair.new.below(_OTHERS).places:
                yield Below(node, pair.new.below(_OTHERS))
    for name, node in new.known.items():
        if name not in old.known:
            yield _added(pair, name, node, old, new)
            if pair.old.below(_OTHERS).places:
                yield Below(pair.old.below(_OTHERS), node)


def additional_changes(pair: SchemaPair) -> Iterator[PartChange | Below]:
    """Changes of `additionalProperties`: whether other properties than the listed ones may appear, and which."""
    closed = _closed(pair.old), _closed(pair.new)
    if closed == (False, False):
        old, new = pair.old.below(_OTHERS), pair.new.below(_OTHERS)
        if old.places or new.places:
            yield Below(old, new)
    elif closed == (True, False):
        yield pair.finding("additional-properties-opened", "other properties are possible now", _OTHERS)
    elif closed == (False, True):
        named = pair.mode == "response" and pair.old.values(_OTHERS)
        kind = "removed" if named else "closed"
        yield pair.finding(f"additional-properties-{kind}", "other properties are impossible now", _OTHERS)


def _required_changes(pair: SchemaPair, name: str, old: _Members, new: _Members) -> Iterator[PartChange]:
    required = name in old.required, name in new.required
    if required[0] != required[1]:
        kind = "required" if required[1] else "optional"
        at = _place(pair.new, new.known[name]) or _place(pair.old, old.known[name])
        yield PartChange(f"{pair.mode}-property-became-{kind}", at, f"{name!r} is {kind} now")


def _added(pair: SchemaPair, name: str, node: Node, old: _Members, new: _Members) -> PartChange:
    kind = f"{pair.mode}-property-added"
    if pair.mode == "request" and name in new.required:
        kind = "request-required-property-added"
    elif pair.mode == "response" and old.closed:
        kind = "response-property-added-to-closed"
    return PartChange(kind, _place(pair.new, node), f"{name!r} is new")


def _members(shape: Shape, mode: Mode) -> _Members:
    """The members of an object. A property that is only listed in `required` may have any value."""
    nodes = shape.properties()
    hidden = {
        name: node
        for name, node in nodes.items()
        if True in shape_of(shape.source, node).values(_ONE_WAY[mode])
    }
    required = [name for name in shape.required() if name not in hidden]
    known = {name: node for name, node in nodes.items() if name not in hidden}
    known |= {name: Node() for name in required if name not in known}
    return _Members(known, hidden, frozenset(required), _closed(shape))


def _closed(shape: Shape) -> bool:
    return False in shape.values(_OTHERS)


def _place(shape: Shape, node: Node) -> str:
    return node.places[-1] if node.places else shape.place("required") or shape.at
