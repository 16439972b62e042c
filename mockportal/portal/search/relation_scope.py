"""`filters_context`: only what is related to the user, to the contact, or to a given entity."""

from mockportal.engine.call import Caller
from mockportal.errors import BadRequest
from mockportal.portal.collections import related_ids
from mockportal.portal.entity.paths import Lens
from mockportal.portal.entity.views import find_entity
from mockportal.portal.entity.visibility import scope_of
from mockportal.portal.search.filters import Predicate
from mockportal.state.store import Draft
from mockportal.values import Json, Record


def compile_relation_scope(
    caller: Caller, state: Draft, lens: Lens, contexts: list[Record]
) -> list[Predicate]:
    """A predicate for each of `{portal_user: true}`, `{contact: true}` and `{<slug>: <id>}`. Raises `BadRequest`."""
    predicates = []
    for number, context in enumerate(contexts):
        if len(context) != 1:
            raise BadRequest(f"filters_context[{number}]: this has to be an object with one key")
        [(slug, value)] = context.items()
        if value is not False:
            starts = _starts(caller, state, lens, slug, value, f"filters_context[{number}]")
            predicates.append(_related(_around(state, starts)))
    return predicates


def _starts(caller: Caller, state: Draft, lens: Lens, slug: str, value: Json, where: str) -> list[str]:
    """The ids that a context stands for; none for an entity that is not visible."""
    if isinstance(value, str):
        entity = lens.entity(value)
        return [value] if entity is not None and entity["_schema"] == slug else []
    if slug == "portal_user":
        return [caller.subject, *scope_of(caller, state)]
    if slug == "contact":
        return related_ids(caller.user.get("mapped_contact"))
    raise BadRequest(f"{where}: {slug[:100]!r} needs the id of an entity")


def _related(ids: set[str]) -> Predicate:
    return lambda lens, record: record["_id"] in ids


def _around(state: Draft, starts: list[str]) -> set[str]:
    """The starts, what their relations name, and all that hangs on them: contracts, their meters, files and so on."""
    found = set(starts)
    pending = list(starts)
    while pending:
        record = find_entity(state, pending.pop())
        if record is not None:
            below = {
                id
                for ids in state.inverses(str(record["_id"]), str(record["_schema"])).values()
                for id in ids
            }
            below.update(related_ids(record.get("_files")))
            pending.extend(below - found)
            found |= below
    for id in starts:
        for value in (find_entity(state, id) or {}).values():
            found.update(related_ids(value))
    return found
