"""Lists come in order: the documented one, and the one that was asked for."""

from itertools import pairwise

from mockportal.judge.checks.lists.listings import Asker, askers, first, put_in
from mockportal.judge.context import Context
from mockportal.values import Json

_DIRECTIONS = ("asc", "desc")


def order_is_as_documented(context: Context) -> None:
    """A list that says nothing else comes in its documented order, for example the newest first."""
    for asker in askers(context, "order"):
        whole = asker.whole()
        if whole is None:
            continue
        for rule in asker.listing.order:
            if rule.get("chosen") and not context.populated:
                continue
            values = [first(item, *rule["by"]) for item in whole.items]
            wrong = _out_of_order(values, rule["direction"])
            message = f"by default {rule['by'][0]} {rule['direction']}, but {wrong}"
            asker.expect(not wrong, f"default {rule['by'][0]}", message, whole.exchange)


def sort_is_honoured(context: Context) -> None:
    """A list that is asked for in an order by one of its attributes comes in that order, upwards and downwards, with
    the same items as without an order."""
    for asker in askers(context, "sort"):
        for name in asker.listing.sort["fields"]:
            _sorted_by(asker, name)


def _sorted_by(asker: Asker, name: str) -> None:
    plain = asker.whole()
    if plain is None:
        return
    for direction in _DIRECTIONS:
        page = asker.whole(put_in(asker.listing.sort["to"], {"field": name, "direction": direction}))
        if page is None:
            return
        if sorted(page.ids) != sorted(plain.ids):
            if asker.same(plain):
                message = f"sorted by {name} {direction} there are {len(page.ids)} items instead of {len(plain.ids)}"
                asker.expect(False, f"{name} {direction} set", message, plain.exchange, page.exchange)
            return
        values = [first(item, f"/{name}") for item in page.items]
        wrong = _out_of_order(values, direction) or _missing_amid(asker, values)
        message = f"sorted by {name} {direction}, but {wrong}"
        asker.expect(not wrong, f"{name} {direction}", message, page.exchange)


def _missing_amid(asker: Asker, values: list[Json]) -> str:
    """Says which item without a value is out of place: such items come last."""
    missing = [value is None for value in values]
    if asker.context.populated and missing != sorted(missing):
        return "an item without a value does not come last"
    return ""


def _out_of_order(values: list[Json], direction: str) -> str:
    """The first two neighbours in the wrong order, or "" if there are none. Items without a value do not count."""
    for one, other in pairwise(value for value in values if value is not None):
        low, high = (one, other) if direction == "asc" else (other, one)
        if _is_above(low, high):
            return f"{one} comes before {other}"
    return ""


def _is_above(one: Json, other: Json) -> bool:
    """True if a value is certainly greater. Texts count only if every usual way to compare them agrees."""
    if isinstance(one, str) and isinstance(other, str):
        return one.isascii() and other.isascii() and one > other and one.casefold() > other.casefold()
    numbers = all(isinstance(value, int | float) for value in (one, other))
    return bool(numbers and one > other)
