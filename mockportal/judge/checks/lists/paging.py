"""Lists give what was asked for: pages that make up the whole, and numbers that are true."""

from collections.abc import Iterator

from mockportal.judge.checks.lists.listings import (
    FILE,
    MOST,
    Asker,
    ListedPage,
    Listing,
    askers,
    every,
    first,
    put_in,
)
from mockportal.judge.checks.reading import readable
from mockportal.judge.context import Context
from mockportal.judge.knowledge import knowledge
from mockportal.judge.model import Interaction, body_of
from mockportal.judge.wire.gate import variable
from mockportal.values import Json, Record

_PARTS = 3
_MOST_PAGES = 8


def paging_is_honoured(context: Context) -> None:
    """A list gives at most as many items as were asked for; its pages, one after another, are the whole list, nothing
    left out and nothing twice; the total is the same on every page, and behind the last one there is nothing."""
    for asker in askers(context, "page"):
        whole = asker.whole()
        if whole is None:
            continue
        _past_the_end(asker, whole)
        _default_size(asker, whole)
        _no_items(asker, whole)
        for size in _sizes(len(whole.items)):
            _pages(asker, whole, size)


def hits_agree(context: Context) -> None:
    """The numbers in a list are true: the total is that of everything the caller can get, the count of this answer is
    the length of its list, whether more follow is right, offset and size are those that were asked for, and two
    operations that count the same things, or add them up, come to the same number."""
    for asker in askers(context, "operation"):
        listing = asker.listing
        whole = asker.whole()
        if whole is not None:
            _counted(asker, whole, whole, MOST)
            if listing.page and len(whole.items) > 1:
                size = len(whole.items) - 1
                page = asker.ask({listing.page["from"]: 0, listing.page["size"]: size})
                if page is not None:
                    _counted(asker, whole, page, size)
    for rule in knowledge(FILE)["counts"]:
        if all(
            name in context.operations and readable(context, name)
            for name in (rule["list"], rule["operation"])
        ):
            _counted_twice(context, rule)
    for rule in knowledge(FILE)["totals"]:
        names = (rule["operation"], rule["of"])
        if all(name in context.operations and readable(context, name) for name in names):
            for token in (None, *(variable(one) for one in rule["askers"])):
                if token is None or token in context.sender.gate.tokens:
                    _totalled(context, rule, token)


def _sizes(length: int) -> list[int]:
    """Sizes of pages worth trying for a list of this length."""
    if length < 2:
        return [1] if length else []
    return sorted({1, -(-length // _PARTS), length - 1})


def _pages(asker: Asker, whole: ListedPage, size: int) -> None:
    """The pages of one size are the slices of the whole."""
    numbers = -(-len(whole.items) // size)
    exchanges: list[Interaction] = []
    for number in _chosen(numbers):
        page = asker.ask(_at(asker.listing, number, size))
        if page is None:
            return
        exchanges = [*exchanges[-1:], page.exchange]
        if not _is_page(asker, whole, page, number, size, exchanges):
            return
    asker.context.right(asker.listing.operation)


def _is_page(
    asker: Asker, whole: ListedPage, page: ListedPage, number: int, size: int, exchanges: list[Interaction]
) -> bool:
    expected = whole.ids[number * size : (number + 1) * size]
    if page.ids == expected or (len(page.ids) <= size and not asker.same(whole)):
        return _same_total(asker, whole, page)
    shown = (whole.exchange, *exchanges)
    if len(page.ids) > size:
        return asker.expect(False, "size", f"{len(page.ids)} items came where {size} were asked for", *shown)
    what = f"items {number * size} to {number * size + size - 1} of {len(whole.ids)}"
    seen = f"page {number} of size {size} holds {len(page.ids)} items"
    return asker.expect(False, "pages", f"{seen} that are not {what} of the whole list", *shown)


def _same_total(asker: Asker, whole: ListedPage, page: ListedPage) -> bool:
    total, here = whole.number(asker.listing.total), page.number(asker.listing.total)
    if total == here or not asker.same(whole):
        return True
    message = f"{asker.listing.total} is {here} on one page, and {total} on the whole list"
    return asker.expect(False, "total", message, whole.exchange, page.exchange)


def _chosen(numbers: int) -> Iterator[int]:
    """All pages where they are few, else the first ones and the last ones."""
    half = _MOST_PAGES // 2
    return (number for number in range(numbers) if number < half or number >= numbers - half)


def _at(listing: Listing, number: int, size: int) -> Record:
    offset = number if listing.page.get("counts") == "pages" else number * size
    return {listing.page["from"]: offset, listing.page["size"]: size}


def _past_the_end(asker: Asker, whole: ListedPage) -> None:
    length = max(len(whole.items), 1)
    offset = 1 if asker.listing.page.get("counts") == "pages" else length
    page = asker.ask({asker.listing.page["from"]: offset, asker.listing.page["size"]: length})
    if page is not None and (not page.items or asker.same(whole)):
        message = f"{len(page.items)} items came from behind the end of a list of {len(whole.items)}"
        asker.expect(not page.items, "past the end", message, whole.exchange, page.exchange)
        _same_total(asker, whole, page)


def _default_size(asker: Asker, whole: ListedPage) -> None:
    """Without a size comes the documented number of items, from the first on."""
    name = asker.listing.page["size"]
    operation = asker.context.spec.operations[asker.listing.operation]
    parameter = next((one for one in operation.parameters if one.name == name), None)
    default = (
        parameter.default if parameter else (operation.body.defaults.get(name) if operation.body else None)
    )
    if not isinstance(default, int) or (parameter and parameter.required):
        return
    page = asker.ask({name: None} if parameter else _without(asker, name))
    if page is not None and (page.ids == whole.ids[:default] or asker.same(whole)):
        message = f"{len(page.ids)} of {len(whole.ids)} items came without a size; documented is {default}"
        asker.expect(page.ids == whole.ids[:default], "default size", message, whole.exchange, page.exchange)


def _without(asker: Asker, name: str) -> Record:
    """Settings for a body without a field: none, if the body of the list does not have it."""
    body = (
        asker.context.case(asker.listing.operation).body if asker.listing.body is None else asker.listing.body
    )
    default = asker.context.spec.operations[asker.listing.operation].body
    return {name: default.defaults[name]} if default and name in body else {}


def _no_items(asker: Asker, whole: ListedPage) -> None:
    """A size of nothing, where the contract allows it, gives the total alone."""
    size = asker.listing.page["size"]
    if "zero" not in asker.listing.page:
        return
    page = asker.ask({size: 0})
    if page is not None:
        message = f"{len(page.items)} items came where none were asked for"
        if asker.expect(not page.items, "size 0", message, page.exchange):
            _same_total(asker, whole, page)


def _counted(asker: Asker, whole: ListedPage, page: ListedPage, size: int) -> None:
    """Every number of one answer, asked for from the first item on, is true."""
    listing, length, total = asker.listing, len(page.items), len(whole.items)
    true: list[tuple[str, Json]] = [
        (listing.total, total),
        (listing.shown, length),
        (listing.more, total > length),
    ]
    true += [(listing.echo.get("from", ""), 0), (listing.echo.get("size", ""), size)]
    for at, value in true:
        said = first(page.body, at) if at else value
        if at and (said == value or asker.same(whole)):
            message = f"{at} is {said}, and should be {value}: {length} of {total} items are listed"
            asker.expect(
                said == value, at, message, *((whole.exchange,) if page is not whole else ()), page.exchange
            )


def _counted_twice(context: Context, rule: Record) -> None:
    listed = context.call(rule["list"])
    for item in body_of(listed) if isinstance(body_of(listed), list) else []:
        settings = put_in(rule["to"], {"value": first(item, rule["id"])})
        other = context.call(rule["operation"], params=settings, world=f"{context.check}-{rule['list']}")
        if other.status != 200:
            continue
        total, count = first(body_of(other), rule["total"]), first(item, rule["count"])
        if total is None or count is None:
            continue
        if total != count and body_of(context.call(rule["list"])) != body_of(listed):
            return
        message = f"counts {count} where {rule['operation']} counts {total}"
        context.expect(total == count, rule["list"], "counted twice", message, other, listed)


def _totalled(context: Context, rule: Record, token: str | None) -> None:
    """A total is the sum of what another operation lists for the same caller."""
    world = f"{context.check}-{rule['operation']}"
    one = context.call(rule["operation"], token=token, world=world)
    parts = context.call(rule["of"], body=rule["body"], token=token, world=world)
    total, amounts = first(body_of(one), rule["total"]), every(body_of(parts), rule["amounts"])
    if one.status != 200 or parts.status != 200 or total is None or not amounts:
        return
    message = f"says {total}, and what {rule['of']} lists adds up to {sum(amounts)}"
    context.expect(total == sum(amounts), rule["operation"], "total", message, parts, one)
