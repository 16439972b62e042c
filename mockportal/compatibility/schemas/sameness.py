"""Tells whether two parts mean the same, for keywords that no kind of change covers."""

from collections.abc import Iterator
from dataclasses import dataclass

from mockportal.compatibility.changes import PartChange
from mockportal.compatibility.schemas.shapes import spell
from mockportal.compatibility.source import Source, is_prose
from mockportal.files.pointers import escape
from mockportal.values import Json

_LITERALS = frozenset(("enum", "const", "default", "required", "type", "mapping"))
_NAMED = frozenset(("properties", "patternProperties", "dependentSchemas", "content", "headers", "responses"))


@dataclass(frozen=True, slots=True)
class _Spot:
    """Two pointers to compare; the keys below `named` ones are names, not keywords."""

    old: str
    new: str
    named: bool = False


def same(old: Source, old_at: str, new: Source, new_at: str) -> bool:
    """True if the values at two pointers differ in prose at most, references followed. Raises `SpecError`."""
    spots, seen = [_Spot(old_at, new_at)], set()
    while spots:
        spot = spots.pop()
        spot = _Spot(old.real(spot.old), new.real(spot.new), spot.named)
        if spot in seen:
            continue
        seen.add(spot)
        below = _below(old.value(spot.old), new.value(spot.new), spot)
        if below is None:
            return False
        spots += below
    return True


def keyword_changes(
    old: Source, old_at: str, new: Source, new_at: str, known: frozenset[str]
) -> Iterator[PartChange]:
    """Changes between two objects other than schemas, in keywords that are not `known`.

    A missing value, null, false and an empty value count as the same. Raises `SpecError`.
    """
    before, after = old.mapping(old_at), new.mapping(new_at)
    for key in dict.fromkeys((*after, *before)):
        if key in known or is_prose(key) or not (before.get(key) or after.get(key)):
            continue
        places = f"{old.real(old_at)}/{escape(key)}", f"{new.real(new_at)}/{escape(key)}"
        if not same(old, places[0], new, places[1]):
            yield PartChange("keyword-changed", places[key in after], f"{key!r} differs")


def _below(old: Json, new: Json, spot: _Spot) -> list[_Spot] | None:
    """The pairs that are left to compare, or None if the two already differ here."""
    if isinstance(old, dict) and isinstance(new, dict):
        names = [{str(key) for key in side if spot.named or not is_prose(str(key))} for side in (old, new)]
        if names[0] != names[1]:
            return None
        literals = names[0] & _LITERALS if not spot.named else set()
        if any(_literal(old[name]) != _literal(new[name]) for name in literals):
            return None
        return [
            _Spot(
                f"{spot.old}/{escape(name)}", f"{spot.new}/{escape(name)}", not spot.named and name in _NAMED
            )
            for name in sorted(names[0] - literals)
        ]
    if isinstance(old, list) and isinstance(new, list):
        if len(old) != len(new):
            return None
        return [_Spot(f"{spot.old}/{number}", f"{spot.new}/{number}") for number in range(len(old))]
    return [] if spell(old) == spell(new) else None


def _literal(value: Json) -> Json:
    """Lists in these places are sets."""
    return sorted(map(spell, value)) if isinstance(value, list) else spell(value)
