"""Media types of two documents, paired as media types and not as texts."""

from collections.abc import Iterable

from mockportal.media_types import MediaType, media_type_of
from mockportal.spec.conversion.directions import Mode


def partner(name: str, others: Iterable[str]) -> str | None:
    """The name of the same media type, else of the most precise range that covers it, among the others."""
    own = media_type_of(name)
    covering = [(other, media_type_of(other)) for other in others]
    covering = [(other, one) for other, one in covering if one.covers(own)]
    found = max(covering, key=lambda pair: (own.covers(pair[1]), pair[1].precision()), default=None)
    return found[0] if found else None


def media_pairs(
    mode: Mode, old: Iterable[str], new: Iterable[str]
) -> tuple[dict[str, str], list[str], list[str]]:
    """The new name of each old media type, the old ones that are gone, and the new ones that are more than before.

    A range that became narrower is gone in a request, and only promises less variety in an answer.
    """
    before, after = [*old], [*new]
    kept = {name: other for name in before if (other := partner(name, after)) is not None}
    narrowed = {other: name for other in after if (name := partner(other, before)) is not None}
    if mode == "response":
        kept = {**{name: other for other, name in narrowed.items()}, **kept}
    gone = [name for name in before if name not in kept]
    return kept, gone, [name for name in after if name not in narrowed]


def normal_name(name: str) -> str:
    """One text for all the spellings of a media type."""
    found = media_type_of(name)
    return "; ".join([found.name, *(f"{key}={value}" for key, value in sorted(_parameters(found)))])


def _parameters(found: MediaType) -> frozenset[tuple[str, str]]:
    """The parameters that count: JSON has no charset."""
    return frozenset(pair for pair in found.parameters if not (found.is_json and pair[0] == "charset"))
