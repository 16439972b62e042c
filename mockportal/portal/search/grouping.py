"""Search results in groups by the value of a path; those without one come last, in the group `""`."""

import re
from typing import NamedTuple

from mockportal.errors import BadRequest
from mockportal.portal.entity.numbers import whole
from mockportal.portal.entity.paths import Lens, values_at
from mockportal.portal.entity.templates import compile_template
from mockportal.portal.search.filters import comparable, path_of
from mockportal.portal.search.result_view import Show
from mockportal.values import Json, Record

AFTER = "group"  # the key of `group_after_key`
_NUMBER = re.compile(r"-?\d{1,300}(\.\d{1,300})?", re.ASCII)


class ResultPage(NamedTuple):
    """`start` and `size` of what is shown of a list."""

    start: int
    size: int


def paged(records: list[Record], page: ResultPage, show: Show) -> tuple[list[Record], Record]:
    """The items of a page, and its `pagination`."""
    items = [show(record) for record in records[page.start : page.start + page.size]]
    has_more = page.start + len(items) < len(records)
    return items, {"from": page.start, "size": page.size, "total": len(records), "has_more": has_more}


def grouped(
    records: list[Record], query: Record, page: ResultPage, lens: Lens, context: Record, show: Show
) -> Record:
    """The groups after `group_after_key`; a record with several values is in several groups."""
    groups = _groups(records, path_of(query["group"], "group"), lens)
    is_falling = query["group_sort"] == "desc"
    names = sorted((name for name in groups if name), key=_rank, reverse=is_falling) + [""] * ("" in groups)
    if "group_after_key" in query:
        names = _after(names, _cursor(query["group_after_key"]), is_falling)
    shown = names[: whole(query["group_size"])]
    title = compile_template(query["group_title"], lens) if "group_title" in query else None
    body = []
    for name in shown:
        first = groups[name][0]
        items, pagination = paged(groups[name], page, show)
        body.append(
            {
                "group": name,
                "group_title": title({**context, str(first["_schema"]): first}, lens) if title else name,
                "count": len(groups[name]),
                "results": items,
                "pagination": pagination,
            }
        )
    pagination = {"has_more": len(shown) < len(names)}
    if shown:
        pagination["after_key"] = {AFTER: shown[-1]}
    return {"groups": body, "groups_pagination": pagination, "hits": len(body)}


def _groups(records: list[Record], path: tuple[str, ...], lens: Lens) -> dict[str, list[Record]]:
    groups: dict[str, list[Record]] = {}
    for record in records:
        names = {comparable(value) or "" for value in values_at(lens, record, path)}
        for name in sorted(names - {""}) or [""]:
            groups.setdefault(name, []).append(record)
    return groups


def _cursor(key: Json) -> str:
    if set(key) != {AFTER}:
        raise BadRequest(f"group_after_key: this has to be an after_key, such as {{{AFTER!r}: …}}")
    return comparable(key[AFTER]) or ""


def _after(names: list[str], cursor: str, is_falling: bool) -> list[str]:
    if not cursor:
        return []
    last = _rank(cursor)
    return [name for name in names if not name or (_rank(name) < last if is_falling else _rank(name) > last)]


def _rank(name: str) -> tuple[int, float, str]:
    """Numbers by their value, before texts."""
    return (0, float(name), name) if _NUMBER.fullmatch(name) else (1, 0.0, name)
