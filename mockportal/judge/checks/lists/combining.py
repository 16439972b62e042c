"""Two filters at once let pass what both of them let pass; a filter and an order, or a page, count both."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from mockportal.judge.checks.lists.filtering import settings_of, tried_values
from mockportal.judge.checks.lists.listings import Asker, ListedPage, askers, put_in
from mockportal.judge.context import Context
from mockportal.values import Json, Record, encode

_MOST_VALUES = 3
_NARROW = ("equal", "since", "until", "after", "before", "has", "there", "absent", "finds", "fields")


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A list under one filter. `shown` are the properties that its items have; None where the filter chooses none."""

    name: str
    settings: Record
    page: ListedPage
    shown: frozenset[str] | None


def filters_combine(context: Context) -> None:
    """A list with two filters at once gives the items that each of them lets pass alone, and of each item only the
    properties that were chosen; with a filter and an order, or a size, it gives the filtered items in this order, or so
    many of them."""
    for asker in askers(context, "filters"):
        whole = asker.whole()
        if whole is None:
            continue
        alone = [one for rule in asker.listing.filters if (one := [*_alone(asker, rule, whole)])]
        for ones, others in combinations(alone, 2):
            _pair(asker, ones, others, whole)
        for ones in alone:
            _ordered(asker, ones)
            _cut(asker, ones)
    for asker in askers(context, "sort"):
        _second(asker)


def _alone(asker: Asker, rule: Record, whole: ListedPage) -> Iterator[Narrowed]:
    """The filter with a few values, each by itself."""
    if rule.get("how", "equal") not in _NARROW:
        return
    for value in tried_values(rule, whole)[:_MOST_VALUES]:
        settings = settings_of(rule, value)
        page = asker.whole(settings)
        if page is not None:
            names = {name for item in page.items if isinstance(item, dict) for name in item}
            chosen = frozenset(names) if rule.get("how") == "fields" else None
            yield Narrowed(",".join(sorted(rule["to"])), settings, page, chosen)


def _pair(asker: Asker, ones: list[Narrowed], others: list[Narrowed], whole: ListedPage) -> None:
    """The two values under which it shows best if one of the filters is forgotten."""
    pairs = [
        (one, other, settings)
        for one in ones
        for other in others
        if (settings := _together(one.settings, other.settings)) is not None
    ]
    one, other, settings = max(
        pairs, key=lambda pair: _telling(pair[0], pair[1], whole), default=(None, None, None)
    )
    if one is None or other is None or settings is None or not _telling(one, other, whole):
        return
    page = asker.whole(settings)
    if page is None:
        return
    wanted = sorted({*one.page.ids} & {*other.page.ids})
    shown = {name for item in page.items if isinstance(item, dict) for name in item}
    more = sorted(shown - (one.shown if one.shown is not None else shown & (other.shown or shown)))
    good = sorted({*page.ids}) == wanted and not more
    if good or asker.same(whole):
        message = f"{len(page.items)} items come for both filters, {len(wanted)} pass each of them"
        message += f", and {', '.join(more[:3])} was not asked for" if more else ""
        name = " with ".join(sorted((one.name, other.name)))
        asker.expect(good, name, message, one.page.exchange, other.page.exchange, page.exchange)


def _telling(one: Narrowed, other: Narrowed, whole: ListedPage) -> int:
    """The greater, the better a forgotten filter would show; 0 if it would not."""
    first, second = {*one.page.ids}, {*other.page.ids}
    both = first & second
    chosen = one.shown is not None or other.shown is not None
    alone = (both != first or one.shown is not None) + (both != second or other.shown is not None)
    return (2 * alone + bool(both)) if alone == 2 or (chosen and alone) else alone


def _together(one: Record, other: Record) -> Record | None:
    """Both filters; None where they cannot be said at once."""
    merged: dict[str, Json] = {**one, **other}
    for name in one.keys() & other.keys():
        if not (isinstance(one[name], list) and isinstance(other[name], list)) or one[name] == other[name]:
            return None
        if not all(isinstance(item, dict) for item in (*one[name], *other[name])):
            return None  # a list of values means any of them
        merged[name] = [*one[name], *other[name]]
    return merged


def _ordered(asker: Asker, ones: list[Narrowed]) -> None:
    """The filtered list upwards and downwards: one is the other turned round, as far as the order tells."""
    sort: Mapping[str, Json] = asker.listing.sort
    for one in ones:
        if not sort or len({*one.page.ids}) < 2:
            continue
        field = sort["fields"][0]
        up, down = (
            asker.whole({**one.settings, **put_in(sort["to"], {"field": field, "direction": direction})})
            for direction in ("asc", "desc")
        )
        if up is None or down is None:
            return
        values = [[encode(item.get(field)) for item in page.items] for page in (up, down)]
        good = sorted(up.ids) == sorted(down.ids) == sorted(one.page.ids) and values[0] == values[1][::-1]
        message = f"with a filter, {field} upwards is not {field} downwards turned round"
        asker.expect(good, f"{one.name} with order", message, up.exchange, down.exchange)
        return


def _cut(asker: Asker, ones: list[Narrowed]) -> None:
    """The first of the filtered items, by a size of one."""
    size = asker.listing.page.get("size")
    for one in ones:
        if size and len(one.page.ids) > 1 and size not in one.settings:
            page = asker.ask({**one.settings, size: 1})
            if page is not None:
                message = f"with a filter and {size} 1, {len(page.ids)} items come, or not the first one"
                asker.expect(
                    page.ids == one.page.ids[:1],
                    f"{one.name} with {size}",
                    message,
                    one.page.exchange,
                    page.exchange,
                )
            return


def _second(asker: Asker) -> None:
    """The second item in an order, by a start and a size."""
    page, sort = asker.listing.page, asker.listing.sort
    if not page or page.get("counts") == "pages":
        return
    order = put_in(sort["to"], {"field": sort["fields"][0], "direction": "asc"})
    whole = asker.whole(order)
    part = asker.ask({**order, page["from"]: 1, page["size"]: 1})
    if whole is None or part is None or len(whole.ids) < 2:
        return
    values = [[encode(item.get(sort["fields"][0])) for item in one.items] for one in (whole, part)]
    message = f"in an order, {page['from']} 1 is not the second of {len(whole.ids)} items"
    asker.expect(values[1] == values[0][1:2], "order with page", message, whole.exchange, part.exchange)
