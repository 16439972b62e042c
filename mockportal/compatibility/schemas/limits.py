"""Changes of limits: bounds, steps, patterns, formats."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite
from types import MappingProxyType

from mockportal.compatibility.changes import PartChange, shown
from mockportal.compatibility.schemas.pair import SchemaPair, direction
from mockportal.compatibility.schemas.shapes import Shape
from mockportal.compatibility.schemas.witnesses import witnesses
from mockportal.values import Json

Tightness = tuple[Fraction, bool]
_WIDER = frozenset({("int32", "int64"), ("float", "double")})
_NO_LIMIT = frozenset(
    ("int64", "float", "double")
)  # they tell how to hold a number, which JSON can always spell
_KINDS = MappingProxyType({"changed": "changed", "widened": "loosened", "narrowed": "tightened"})


@dataclass(frozen=True, slots=True)
class _Bound:
    """A bound and its exclusive twin; `sign` is 1 where a greater value is the tighter one."""

    keyword: str
    sign: int
    exclusive: str = ""
    nothing: Json = None


_BOUNDS = (
    _Bound("minimum", 1, "exclusiveMinimum"),
    _Bound("maximum", -1, "exclusiveMaximum"),
    _Bound("minLength", 1, nothing=0),
    _Bound("maxLength", -1),
    _Bound("minItems", 1, nothing=0),
    _Bound("maxItems", -1),
    _Bound("minProperties", 1, nothing=0),
    _Bound("maxProperties", -1),
)
LIMITS = frozenset(name for bound in _BOUNDS for name in (bound.keyword, bound.exclusive) if name)
LIMITS |= {"multipleOf", "uniqueItems", "pattern", "format"}


def bound_changes(pair: SchemaPair) -> Iterator[PartChange]:
    """Minima, maxima, steps and uniqueness that are tighter or looser."""
    for bound in _BOUNDS:
        old, new = _tightness(pair.old, bound), _tightness(pair.new, bound)
        if old != new:
            tightened = old is None or (new is not None and new > old)
            yield _moved(pair, tightened, *filter(None, (bound.keyword, bound.exclusive)))
    old_unique, new_unique = (True in shape.values("uniqueItems") for shape in (pair.old, pair.new))
    if old_unique != new_unique:
        yield _moved(pair, new_unique, "uniqueItems")
    yield from _step_changes(pair)


def text_changes(pair: SchemaPair) -> Iterator[PartChange]:
    """Patterns and formats that came, went or were replaced."""
    for keyword in ("pattern", "format"):
        old, new = (set(map(str, shape.values(keyword))) for shape in (pair.old, pair.new))
        gained, lost = new - old, old - new
        if keyword == "format" and not (gained and lost):
            gained, lost = gained - _NO_LIMIT, lost - _NO_LIMIT
        if (*lost, *gained) in _WIDER:
            gained = set()
        elif (*gained, *lost) in _WIDER:
            lost = set()
        if moved := direction(gained=bool(lost), lost=bool(gained)):  # fewer demands, more values
            kind, told = f"{keyword}-{_KINDS[moved]}", _told(pair, keyword)
            if (pair.mode, kind) == ("request", "pattern-changed"):
                kind, told = _other_pattern(pair, told)
            yield pair.finding(kind, told, keyword)


def _other_pattern(pair: SchemaPair, told: str) -> tuple[str, str]:
    """The change from one pattern to another: whether it refuses a text that the old one accepted."""
    for text in witnesses(pair, ["pattern"]):
        return "pattern-changed", f"{told}: {shown(text)} was valid and is refused now"
    return "pattern-rewritten", told


def _step_changes(pair: SchemaPair) -> Iterator[PartChange]:
    old, new = (list(filter(None, _numbers(shape, "multipleOf"))) for shape in (pair.old, pair.new))
    if old == new:
        return
    looser = not new or (old and all(any(step % wider == 0 for step in old) for wider in new))
    tighter = not old or (new and all(any(step % wider == 0 for step in new) for wider in old))
    yield _moved(pair, tighter or (pair.mode == "request" and not looser), "multipleOf")


def _moved(pair: SchemaPair, tightened: object, *keywords: str) -> PartChange:
    kind = "bound-tightened" if tightened else "bound-loosened"
    return pair.finding(kind, _told(pair, *keywords), *keywords)


def _told(pair: SchemaPair, *keywords: str) -> str:
    stated = [name for name in keywords if pair.old.values(name) != pair.new.values(name)]
    return "; ".join(f"{name} was {_all(pair.old, name)}, is {_all(pair.new, name)}" for name in stated)


def _all(shape: Shape, keyword: str) -> str:
    return " and ".join(map(shown, shape.values(keyword))) or shown(None)


def _tightness(shape: Shape, bound: _Bound) -> Tightness | None:
    """A number that is greater the tighter the bound is; None without a bound."""
    wide = [
        (bound.sign * value, True in shape.values(bound.exclusive))
        for value in _numbers(shape, bound.keyword)
    ]
    narrow = [(bound.sign * value, True) for value in _numbers(shape, bound.exclusive)]
    found = max(wide + narrow, default=None)
    return None if found == (bound.nothing, False) else found


def _numbers(shape: Shape, keyword: str) -> list[Fraction]:
    return [
        Fraction(str(value))
        for value in shape.values(keyword)
        if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
    ]
