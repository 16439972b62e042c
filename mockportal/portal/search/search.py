"""The generic reads of entities: `entity:get` and `entity:search`."""

import re
from collections.abc import Callable
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from mockportal.config import LIMITS
from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.errors import BadRequest, NotFound
from mockportal.portal.collections import COLLECTIONS, related_ids
from mockportal.portal.entity.numbers import whole
from mockportal.portal.entity.paths import Lens, lens_of, values_at
from mockportal.portal.entity.visibility import check_slug, visible, visible_entity
from mockportal.portal.search.filters import Predicate, comparable, compile_filters, path_of
from mockportal.portal.search.full_text import compile_words, fits
from mockportal.portal.search.grouping import ResultPage, grouped, paged
from mockportal.portal.search.relation_scope import compile_relation_scope
from mockportal.portal.search.result_view import compile_show
from mockportal.portal.search.saved_filters import compile_saved_filter
from mockportal.portal.search.stored_templates import asked_templates
from mockportal.state.store import Draft
from mockportal.values import Json, Record

_MAX_SIZE = 1000  # a larger page is cut down to this, not refused
_LISTS = ("slug", "targets", "fields", "q_fields", "filters_context")
_SORT = re.compile(r"(.+):(asc|desc)")


class _Part(NamedTuple):
    """The part of a search that concerns one slug."""

    slug: str
    targets: list[str]
    templates: Record | None


@operation("getPortalUserEntity")
def show_entity(call: Call, state: Draft) -> Json:
    """The entity with `entity_id`, or the oldest one, if it fits the filters."""
    query = call.fields
    _check_lists(query)
    part = _Part(query["slug"], query.get("targets", []), asked_templates(call, state, query))
    check_slug(call.caller, part.slug)
    lens = lens_of(call.caller, state)
    if "entity_id" in query:
        candidates = [visible_entity(call.caller, state, part.slug, query["entity_id"])]
    else:
        candidates = _candidates(call, state, part)
    wanted = _wanted(call, state, lens)
    found = _fitting(call, state, lens, part, candidates, wanted)
    if not found:
        raise NotFound(f"there is no such {part.slug}")
    show = compile_show(query, lens, _context(call, state), {part.slug: part.templates}, None)
    return {"result": show(found[0])}


@operation("searchPortalUserEntities")
def search_entities(call: Call, state: Draft) -> Json:
    """A page of what fits, oldest first unless `sort` says otherwise; with `group`, a page of each group."""
    query = call.fields
    parts = _parts(call, state)
    for part in parts:
        check_slug(call.caller, part.slug)
    lens = lens_of(call.caller, state)
    wanted = _wanted(call, state, lens)
    words = compile_words(query)
    if words:
        wanted.append(lambda lens, record: fits(words, lens, record))
    sort = compile_sort(query["sort"]) if "sort" in query else None
    fitting = (_fitting(call, state, lens, part, _candidates(call, state, part), wanted) for part in parts)
    found = [*chain.from_iterable(fitting)]
    if sort:
        found = sort(lens, found)
    context = _context(call, state)
    show = compile_show(query, lens, context, {part.slug: part.templates for part in parts}, words)
    page = ResultPage(whole(query["from"]), min(whole(query["size"]), _MAX_SIZE))
    if "group" in query:
        body = grouped(found, query, page, lens, context, show)
        items = [item for group in body["groups"] for item in group["results"]]
    else:
        items, pagination = paged(found, page, show)
        body = {"results": items, "hits": len(items), "pagination": pagination}
    if "active_workflow" in query.get("include", ()):
        body["includes"] = {"active_workflow": _active_workflows(state, items)}
    return body


def _parts(call: Call, state: Draft) -> list[_Part]:
    """One part for each slug. The targets and templates of a slug replace those of the query."""
    query = call.fields
    slugs = query["slug"] if isinstance(query["slug"], list) else [query["slug"]]
    _check_lists(query)
    parts: dict[str, _Part] = {}
    for one in slugs:
        own: Record = {**query, **one} if isinstance(one, dict) else {**query, "slug": one}
        parts[own["slug"]] = _Part(own["slug"], own.get("targets", []), asked_templates(call, state, own))
    return list(parts.values())


def _check_lists(query: Record) -> None:
    """Raises `BadRequest` for a list that is longer than anybody needs, and that every entity is held against."""
    lists = {name: query.get(name) for name in _LISTS}
    for number, one in enumerate(query["slug"] if isinstance(query["slug"], list) else ()):
        if isinstance(one, dict):
            lists[f"slug[{number}].targets"] = one.get("targets")
    for name, value in lists.items():
        if isinstance(value, list) and len(value) > LIMITS.search_fields:
            raise BadRequest(f"{name}: {LIMITS.said('search_fields')}")


def _candidates(call: Call, state: Draft, part: _Part) -> list[Record]:
    is_entity = COLLECTIONS.has_entity(part.slug)
    return visible(call.caller, state, part.slug) if is_entity else []


def _wanted(call: Call, state: Draft, lens: Lens) -> list[Predicate]:
    filters = compile_filters(call.fields.get("filters", []), state.now())
    contexts = compile_relation_scope(call.caller, state, lens, call.fields.get("filters_context", []))
    return [filters, *contexts]


def _fitting(
    call: Call, state: Draft, lens: Lens, part: _Part, candidates: list[Record], wanted: list[Predicate]
) -> list[Record]:
    predicates = [*wanted, *(compile_saved_filter(call.caller, state, id) for id in part.targets)]
    return [record for record in candidates if all(predicate(lens, record) for predicate in predicates)]


def compile_sort(text: str) -> Callable[[Lens, list[Record]], list[Record]]:
    """`field:asc` goes by the least value of each, `field:desc` by the greatest; what has none comes last."""
    written = _SORT.fullmatch(text)
    if written is None:
        raise BadRequest("sort: this has to be a field and a direction, such as _created_at:desc")
    path = path_of(written[1], "sort")
    is_falling = written[2] == "desc"
    choose = max if is_falling else min

    def ordered(lens: Lens, records: list[Record]) -> list[Record]:
        ranked = [(record, [_rank(value) for value in values_at(lens, record, path)]) for record in records]
        valued = [(choose(ranks), record) for record, ranks in ranked if ranks]
        valued.sort(key=itemgetter(0), reverse=is_falling)
        return [record for _, record in valued] + [record for record, ranks in ranked if not ranks]

    return ordered


def _rank(value: Json) -> tuple[int, Json]:
    """Numbers before texts; booleans are the numbers 0 and 1, and objects all alike."""
    return (0, value) if isinstance(value, int | float) else (1, comparable(value) or "")


def _context(call: Call, state: Draft) -> Record:
    """The values that templates may use besides the entity itself."""
    context: Record = {"portal_user": call.caller.user}
    for id in related_ids(call.caller.user.get("mapped_contact"))[:1]:
        context["contact"] = state.collection("contact").find(id)
    return context


def _active_workflows(state: Draft, items: list[Record]) -> dict[str, Record]:
    """The newest running execution of each item that has one."""
    workflows = state.collection("workflow")
    return {
        str(item["_id"]): running[-1]
        for item in items
        if (running := workflows.where(context_id=str(item["_id"]), status="STARTED"))
    }
