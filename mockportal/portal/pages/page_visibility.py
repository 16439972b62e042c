"""Pages as a reader sees them: by schedule, targets and hidden parents, with the templates in their texts resolved.

`hidden_on_mobile`, `hidden_on_desktop` and `hidden_in_app` are for the client to judge. `templates` inside a block
are written for each entity of a list, which is searched for later, so they go out as they are stored.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import NamedTuple

from mockportal.engine.call import Caller
from mockportal.portal.collections import related_ids
from mockportal.portal.entity.paths import lens_of
from mockportal.portal.entity.templates import render
from mockportal.portal.search.saved_filters import saved_filter_matches
from mockportal.state.clock import instant
from mockportal.state.store import Draft
from mockportal.values import Json, Record

_FOR_EACH_ENTITY = "templates"
_EARLIEST = datetime.min.replace(tzinfo=UTC)
_LATEST = datetime.max.replace(tzinfo=UTC)
_OPERATORS: Mapping[str, Callable[[Iterable[bool]], bool]] = MappingProxyType({"and": all, "or": any})


class Reader(NamedTuple):
    """Somebody who looks at pages: whether they see a thing with this `visibility`, and any JSON as they read it."""

    sees: Callable[[Record], bool]
    reads: Callable[[Json], Json]


def reader_of(caller: Caller, state: Draft, references: Iterable[Record] = ()) -> Reader:
    """The reader that `caller` is; `references` name context entities, and those that are not for them do not count."""
    lens = lens_of(caller, state)
    entities = [
        entity
        for reference in references
        if (entity := lens.entity(str(reference.get("entity_id")))) is not None
        and entity["_schema"] == reference.get("entity_schema")
        and entity["_org"] == caller.org
    ]
    context = _context(caller, state, entities)
    known: dict[str, bool] = {}

    def matches(target: str) -> bool:
        if target not in known:
            known[target] = saved_filter_matches(caller, state, target, entities)
        return known[target]

    def sees(visibility: Record) -> bool:
        wanted = visibility.get("visible_for_targets")
        unwanted = visibility.get("hidden_for_targets")
        if visibility.get("is_hidden") or not _is_scheduled(visibility, state.now()):
            return False
        if wanted and not _combined(visibility.get("visible_for_operator"), map(matches, wanted)):
            return False
        return not (unwanted and _combined(visibility.get("hidden_for_operator"), map(matches, unwanted)))

    return Reader(sees, lambda value: _resolved(value, lambda template: render(template, context, lens)))


def shown_pages(reader: Reader, pages: Iterable[Record]) -> list[Record]:
    """Those of a portal's pages that the reader sees, raw; `pages` are all of them, for their parents count too."""
    nodes = {str(page["id"]): page for page in pages}
    return _shown(nodes, lambda page: reader.sees(page.get("visibility", {})))


def page_as_read(reader: Reader, page: Record) -> Record:
    """A page with the blocks that the reader sees, its templates resolved."""
    blocks: Record = page.get("blocks", {})
    shown = {id: {**block, "id": id} for id, block in blocks.items()}
    kept = _shown(shown, lambda block: reader.sees(block_visibility(block)))
    return dict(reader.reads({**page, "blocks": {block["id"]: blocks[block["id"]] for block in kept}}))


def block_visibility(block: Record) -> Record:
    """A block's visibility lies in its props; empty if there is none."""
    visibility: Record = block.get("props", {}).get("visibility", {})
    return visibility


def with_targeting_status(reader: Reader, page: Record) -> Record:
    """The page with a `_targeting_status` in its visibility and in that of each block."""
    blocks = {
        id: {
            **block,
            "props": {**block.get("props", {}), "visibility": _judged(reader, block_visibility(block))},
        }
        for id, block in page.get("blocks", {}).items()
    }
    judged = {**page, "visibility": _judged(reader, page.get("visibility", {}))}
    return {**judged, "blocks": blocks} if "blocks" in page else judged


def _context(caller: Caller, state: Draft, entities: Iterable[Record]) -> dict[str, Record]:
    """slug → entity: the context entities, the first of each slug, then the user and the contact."""
    own = [caller.user] if caller.user else []
    for id in related_ids(caller.user.get("mapped_contact")):
        contact = state.collection("contact").find(id)
        own += [contact] if contact is not None else []
    context: dict[str, Record] = {}
    for entity in [*entities, *own]:
        context.setdefault(str(entity["_schema"]), entity)
    return context


def _shown(nodes: Mapping[str, Record], is_seen: Callable[[Record], bool]) -> list[Record]:
    """The nodes that are seen themselves and whose ancestors all are; a parent that is no node is the top."""
    seen = {id for id, node in nodes.items() if is_seen(node)}

    def is_shown(id: str) -> bool:
        visited: set[str] = set()
        at: str | None = id
        while at in nodes and at not in visited:
            if at not in seen:
                return False
            visited.add(at)
            at = nodes[at].get("parentId")
        return True

    return [node for id, node in nodes.items() if is_shown(id)]


def _judged(reader: Reader, visibility: Record) -> Record:
    has_targets = visibility.get("visible_for_targets") or visibility.get("hidden_for_targets")
    status = "no_targeting" if not has_targets else "visible"
    return {**visibility, "_targeting_status": status if reader.sees(visibility) else "hidden"}


def _combined(operator: str | None, matches: Iterable[bool]) -> bool:
    return _OPERATORS[operator or "or"](matches)


def _is_scheduled(visibility: Record, now: datetime) -> bool:
    start, end = visibility.get("start_date"), visibility.get("end_date")
    return (start is None or _moment(start) <= now) and (end is None or now < _moment(end))


def _moment(text: str) -> datetime:
    """An instant; the year 0 and the last hours of 9999 are valid in RFC 3339, and beyond what Python counts."""
    try:
        return instant(text)
    except (ValueError, OverflowError):
        return _EARLIEST if text.startswith("0") else _LATEST


def _resolved(value: Json, resolve: Callable[[str], str]) -> Json:
    if isinstance(value, str):
        return resolve(value) if "{{" in value else value
    if isinstance(value, dict):
        return {k: v if k == _FOR_EACH_ENTITY else _resolved(v, resolve) for k, v in value.items()}
    if isinstance(value, list):
        return [_resolved(item, resolve) for item in value]
    return value
