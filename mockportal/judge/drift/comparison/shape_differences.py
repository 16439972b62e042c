"""Finds the differences between two shapes of one answer, with a function for each kind of difference."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from mockportal.judge.drift.comparison.documented import ID_KEY, ITEM, Documented, Steps
from mockportal.judge.drift.comparison.shapes import ObservedValues, Shape

_STRUCTURED = frozenset(("uuid", "ulid", "date", "date-time", "date-time without zone"))
_CHECKED = frozenset(("uuid", "date", "date-time", "email", "uri"))
_NULL = frozenset(("null",))
_SAYABLE = re.compile(r"[\w .:/-]{1,40}")
_NOTHING = ObservedValues()
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Difference:
    """`left` and `right` say what was seen, in words that are the same in every run; `facts` name what in the `first`
    values of each side shows it (at `shown_at`)."""

    kind: str
    steps: Steps
    left: str
    right: str
    facts: tuple[str, str] = ("", "")
    shown_at: Steps | None = None


@dataclass(frozen=True, slots=True)
class ShapePair:
    """One place in two shapes. `same_data` says that both targets hold the same records, so that every difference
    counts."""

    steps: Steps
    left: ObservedValues
    right: ObservedValues
    documented: Documented
    same_data: bool


def differences(left: Shape, right: Shape, documented: Documented, same_data: bool) -> Iterator[Difference]:
    """Every difference, at the topmost place where it shows."""
    for steps in sorted(left.keys() | right.keys()):
        if steps:
            parents = (left.get(steps[:-1], _NOTHING), right.get(steps[:-1], _NOTHING))
            yield from _absent(steps, parents, (left.get(steps), right.get(steps)), documented, same_data)
        if steps in left and steps in right:
            both = ShapePair(steps, left[steps], right[steps], documented, same_data)
            for rule in _RULES:
                yield from rule(both)


def _absent(
    steps: Steps,
    parents: tuple[ObservedValues, ObservedValues],
    children: tuple[ObservedValues | None, ObservedValues | None],
    documented: Documented,
    same_data: bool,
) -> Iterator[Difference]:
    """A key, or the elements of a list, that one side has and the other has not, or not always."""
    kind = "array" if steps[-1] == ITEM else "object"
    held = parents[0].types[kind], parents[1].types[kind]
    if not all(held):
        return
    shares = tuple(
        _share(child.types.total() if child else 0, total)
        for child, total in zip(children, held, strict=True)
    )
    if steps[-1] in (ITEM, ID_KEY):
        yield from _empty(steps, shares, same_data)
        return
    if shares[0] == shares[1] and (not same_data or _equal(children, held)):
        return
    required = bool(documented.with_key(steps[:-1], steps[-1]))
    firm = required or same_data or {"always", "never"} == set(shares)
    if "never" in shares and firm:
        name = "missing_key" if shares[1] == "never" else "extra_key"
    elif required and "always" in shares:
        name = "missing_key" if shares[0] == "always" else "extra_key"
    elif same_data or ("always" in shares and min(held) >= _FEWEST) or "never" in shares:
        name = "presence"
    else:
        return
    said = shares if shares[0] != shares[1] else ("sometimes", "sometimes, not as often")
    yield Difference(name, steps, said[0], said[1], ("type object", "type object"), steps[:-1])


def _share(present: int, total: int) -> str:
    return "never" if not present else "always" if present >= total else "sometimes"


def _equal(children: tuple[ObservedValues | None, ObservedValues | None], held: tuple[int, int]) -> bool:
    left, right = (child.types.total() if child else 0 for child in children)
    return left * held[1] == right * held[0]


def _empty(steps: Steps, shares: tuple[str, ...], same_data: bool) -> Iterator[Difference]:
    """A list or map that has elements at one side only: with the same data they are missing, else there are no data."""
    empty = tuple(share == "never" for share in shares)
    if empty[0] == empty[1]:
        return
    name = ("missing_key" if empty[1] else "extra_key") if same_data else "needs_scenario"
    said = ["no elements" if nothing else "elements" for nothing in empty]
    kind = "type array" if steps[-1] == ITEM else "type object"
    yield Difference(name, steps, said[0], said[1], (kind, kind), steps[:-1])


def _types(both: ShapePair) -> Iterator[Difference]:
    """Other JSON types; where the contract allows each of them, the data may be why."""
    allowed = both.documented.types(both.steps)
    whole = "integer" in allowed and "number" not in allowed
    left, right = (_kinds(seen, whole) for seen in (both.left, both.right))
    plain = left - _NULL, right - _NULL
    if plain[0] != plain[1] and all(plain):
        free = plain[0] | plain[1] <= allowed and not both.same_data
        yield _typed("presence" if free else "type", both, left, right, plain[0] ^ plain[1])
    elif ("null" in left) != ("null" in right):
        free = "null" in allowed and not both.same_data
        yield _typed("presence" if free else "type", both, left, right, _NULL)


def _typed(
    kind: str, both: ShapePair, left: frozenset[str], right: frozenset[str], odd: frozenset[str]
) -> Difference:
    facts = [_fact(f"type {name}" for name in [*sorted(seen & odd), *sorted(seen)]) for seen in (left, right)]
    return Difference(kind, both.steps, _listed(left), _listed(right), (facts[0], facts[1]))


def _kinds(seen: ObservedValues, whole: bool) -> frozenset[str]:
    """The types; a whole number is just a number where the contract does not say `integer`."""
    return frozenset("number" if name == "integer" and not whole else name for name in seen.types)


def _formats(both: ShapePair) -> Iterator[Difference]:
    """Texts of another kind: a date for an instant, a number for a UUID."""
    left, right = (frozenset(seen.formats) - {"empty"} for seen in (both.left, both.right))
    if not left or not right or left == right:
        return
    declared = both.documented.format(both.steps)
    broken = declared in _CHECKED and (left <= {declared}) != (right <= {declared})
    apart = not left & right and (left <= _STRUCTURED or right <= _STRUCTURED)
    if broken or apart or (both.same_data and (left | right) & _STRUCTURED):
        facts = [
            _fact(f"format {name}" for name in [*sorted(mine - other), *sorted(mine)])
            for mine, other in ((left, right), (right, left))
        ]
        yield Difference("format", both.steps, _listed(left), _listed(right), (facts[0], facts[1]))


def _enums(both: ShapePair) -> Iterator[Difference]:
    """Values that the enum does not have, at one side only."""
    left, right = set(both.left.outside), set(both.right.outside)
    if left == right:
        return
    facts = [
        _fact([*(f"outside {value}" for value in sorted(mine - other)), "type string"])
        for mine, other in ((left, right), (right, left))
    ]
    yield Difference("enum", both.steps, _outside(left), _outside(right), (facts[0], facts[1]))


def _outside(values: set[str]) -> str:
    said = [value if _SAYABLE.fullmatch(value) else f"a text of {len(value)} characters" for value in values]
    return ", ".join(sorted(said)) if said else "in the enum"


_RULES: tuple[Callable[[ShapePair], Iterator[Difference]], ...] = (_types, _formats, _enums)


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))


def _fact(names: Iterable[str]) -> str:
    return next(iter(names), "")
