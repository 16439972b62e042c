"""Filters let pass what they name, all of it and nothing else."""

from collections.abc import Callable, Iterable
from functools import partial

from mockportal.judge.checks.lists.listings import Asker, ListedPage, askers, every, first, put_in
from mockportal.judge.context import Context
from mockportal.values import Json, Record, encode

_MOST_VALUES = 4
_REFUSED = (400, 422)
_BOUNDS: dict[str, Callable[[Json, Json], bool]] = {
    "since": lambda value, bound: value >= bound,
    "until": lambda value, bound: value <= bound,
    "after": lambda value, bound: value > bound,
    "before": lambda value, bound: value < bound,
}
_ALWAYS = ("id", "slug", "order")  # beside what begins with `_`, what a list names in any case


def filter_is_honoured(context: Context) -> None:
    """A list with a filter gives exactly those of its items that match it, nothing where nothing matches, and never
    more than without it; a filter by presence tells the items apart, a choice of fields gives only these."""
    for asker in askers(context, "filters"):
        whole = asker.whole()
        if whole is None:
            continue
        for rule in asker.listing.filters:
            _nothing(asker, rule)
            _HOW[rule.get("how", "equal")](asker, rule, whole)


def tried_values(rule: Record, whole: ListedPage) -> list[Json]:
    """The values that a filter is tried with: some that the items of the whole list have, and those of the rule."""
    how = rule.get("how", "equal")
    if how in _BOUNDS:
        values = _bounds(rule, whole)
        return _distinct(values[at] for at in (len(values) // 2, 0, -1) if values)
    if how == "fields":
        return [at.removeprefix("/") for at in rule["at"]]
    if how in ("has", "there", "absent"):
        return [True, False] if how == "has" else [True]
    values = _distinct(value for item in whole.items for value in _values(item, rule))
    return [*values[:_MOST_VALUES], *(one for one in rule.get("values", ()) if one not in values)]


def _equal(asker: Asker, rule: Record, whole: ListedPage) -> None:
    for value in tried_values(rule, whole):
        _exactly(asker, rule, whole, value, partial(_holds, rule, value))


def _bound(asker: Asker, rule: Record, whole: ListedPage) -> None:
    for value in tried_values(rule, whole):
        _exactly(asker, rule, whole, value, partial(_is, rule, value))


def _bounds(rule: Record, whole: ListedPage) -> list[Json]:
    """The values that items have, in order; none where they cannot be ordered."""
    known = [value for item in whole.items if (value := _value(item, rule)) is not None]
    if len({len(value) if isinstance(value, str) else type(value) for value in known}) > 1:
        return []
    return sorted(_distinct(known))


def _has(asker: Asker, rule: Record, whole: ListedPage) -> None:
    for value in (True, False):
        _exactly(asker, rule, whole, value, partial(_has_any, rule, value))


def _there(asker: Asker, rule: Record, whole: ListedPage) -> None:
    _exactly(asker, rule, whole, True, partial(_has_any, rule, True))


def _absent(asker: Asker, rule: Record, whole: ListedPage) -> None:
    _exactly(asker, rule, whole, True, partial(_has_any, rule, False))


def _finds(asker: Asker, rule: Record, whole: ListedPage) -> None:
    """A search for one of an item's values finds that item, and nothing that was not in the list."""
    for item, id in list(zip(whole.items, whole.ids, strict=True))[:_MOST_VALUES]:
        value = first(item, *rule["at"])
        settings = put_in(rule["to"], {"value": value})
        page = _narrowed(asker, rule, settings, whole) if value is not None else None
        if page is not None:
            good = id in page.ids and set(page.ids) <= set(whole.ids)
            if good or asker.same(whole):
                message = f"looking for {value} does not find the item that has it among {len(page.ids)}"
                asker.expect(good, _name(rule), message, whole.exchange, page.exchange)


def _widens(asker: Asker, rule: Record, whole: ListedPage) -> None:
    narrow, wide = (
        _narrowed(asker, rule, put_in(rule["to"], {"value": value}), whole) for value in (False, True)
    )
    if narrow is None or wide is None:
        return
    good = narrow.ids == whole.ids and set(narrow.ids) <= set(wide.ids)
    if good or asker.same(whole):
        message = (
            f"true gives {len(wide.ids)} items and false {len(narrow.ids)}, without it come {len(whole.ids)}"
        )
        asker.expect(good, _name(rule), message, whole.exchange, narrow.exchange, wide.exchange)


def _fields(asker: Asker, rule: Record, whole: ListedPage) -> None:
    for at in rule["at"]:
        name = at.removeprefix("/")
        page = _narrowed(asker, rule, put_in(rule["to"], {"field": name}), whole)
        if page is None:
            continue
        given = {key for item in page.items for key in item}
        more = sorted(key for key in given - {name, *_ALWAYS} if not key.startswith("_"))
        lost = any(name in item for item in whole.items) and name not in given
        good = len(page.items) == len(whole.items) and not more and not lost
        if good or asker.same(whole):
            message = f"of {len(page.items)} items only {name} was asked for, and {', '.join(more[:5]) or 'less'} came"
            asker.expect(good, f"{_name(rule)} {name}", message, whole.exchange, page.exchange)


_HOW: dict[str, Callable[[Asker, Record, ListedPage], None]] = {
    "equal": _equal,
    **dict.fromkeys(_BOUNDS, _bound),
    "has": _has,
    "there": _there,
    "absent": _absent,
    "finds": _finds,
    "widens": _widens,
    "fields": _fields,
}


def _nothing(asker: Asker, rule: Record) -> None:
    if "nothing" not in rule:
        return
    value = rule["nothing"]
    page = asker.whole(settings_of(rule, value))
    if page is not None:
        message = f"{value} matches nothing, and {len(page.items)} items came"
        asker.expect(not page.items, f"{_name(rule)} nothing", message, page.exchange)


def _exactly(
    asker: Asker, rule: Record, whole: ListedPage, value: Json, fits: Callable[[Json], bool]
) -> None:
    """The filtered list is what fits of the whole one."""
    page = _narrowed(asker, rule, settings_of(rule, value), whole)
    if page is None:
        return
    expected = sorted(id for item, id in zip(whole.items, whole.ids, strict=True) if fits(item))
    good = sorted(page.ids) == expected
    if good or asker.same(whole):
        strangers = len(set(page.ids) - set(expected))
        message = f"{value} gives {len(page.ids)} of {len(whole.ids)} items instead of {len(expected)}"
        message += f", {strangers} that do not match" if strangers else ""
        asker.expect(good, _name(rule), message, whole.exchange, page.exchange)


def _narrowed(asker: Asker, rule: Record, settings: Record, whole: ListedPage) -> ListedPage | None:
    """The filtered list; None if there is none, which is wrong where the filter is refused as if it were no filter."""
    page = asker.whole(settings)
    if page is None:
        exchange = asker.sent(settings)
        if exchange.status in _REFUSED:
            message = f"a filter of this list is answered with {exchange.status}"
            asker.expect(False, f"{_name(rule)} refused", message, whole.exchange, exchange)
    return page


def settings_of(rule: Record, value: Json) -> Record:
    """The filter for a value; `$day` is the day of one that is a time."""
    return dict(put_in(rule["to"], {"value": value, "day": str(value)[:10]}))


def _name(rule: Record) -> str:
    """The filter in a signature: its parameters, without values."""
    return encode(rule["to"]).decode().replace('"', "").removeprefix("{").removesuffix("}")


def _values(item: Json, rule: Record) -> list[Json]:
    return [value for at in rule["at"] for value in every(item, at)]


def _value(item: Json, rule: Record) -> Json:
    """The one value that is compared; its day where the filter knows only days."""
    value = first(item, *rule["at"])
    return value[:10] if isinstance(value, str) and "$day" in _name(rule) else value


def _distinct(values: Iterable[Json]) -> list[Json]:
    """Each value once, in order of appearance."""
    return list({encode(value): value for value in values if value is not None}.values())


def _holds(rule: Record, value: Json, item: Json) -> bool:
    return value in _values(item, rule)


def _has_any(rule: Record, wanted: bool, item: Json) -> bool:
    return bool(_values(item, rule)) is wanted


def _is(rule: Record, bound: Json, item: Json) -> bool:
    value = _value(item, rule)
    return value is not None and _BOUNDS[rule["how"]](value, bound)
