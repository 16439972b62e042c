"""Targets: saved filters over one schema, by which pages pick their readers and searches their entities."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from mockportal.engine.call import Caller
from mockportal.portal.collections import COLLECTIONS, related_ids
from mockportal.portal.entity.paths import PLAIN, lens_of
from mockportal.portal.entity.visibility import visible
from mockportal.portal.search.filters import Predicate, compile_filters
from mockportal.state.store import Draft
from mockportal.values import Record


def saved_filter_matches(
    caller: Caller, state: Draft, target_id: str, extra_entities: Iterable[Record] = ()
) -> bool:
    """True if a saved filter matches the user, the contact, a context entity, or an entity that the user sees.

    An unknown saved filter matches nobody. A user who represents contacts is judged by those, not by their own contact.
    """
    target = state.collection("target").find(target_id)
    if target is None:
        return False
    matches = compile_saved_filter(caller, state, target_id)
    candidates = [*extra_entities, *_own(caller, state, str(target.get("schema")))]
    return any(matches(PLAIN, record) for record in candidates)


def compile_saved_filter(caller: Caller, state: Draft, target_id: str) -> Predicate:
    """The filters of a target, for entities of its schema; an unknown target lets nothing pass.

    They look at what is in the user's scope, whatever the portal hides: the filters are not the user's own.
    """
    target = state.collection("target").find(target_id)
    if target is None:
        return lambda lens, record: False
    matches = compile_filters(target.get("filters", []), state.now(), f"target {target_id}")
    own = lens_of(replace(caller, realm={}), state)
    return lambda lens, record: record.get("_schema") == target.get("schema") and matches(own, record)


def _own(caller: Caller, state: Draft, slug: str) -> Iterator[Record]:
    if caller.kind != "portal" or not COLLECTIONS.has_entity(slug):
        return
    if slug == "contact":
        user = caller.user
        ids = related_ids(user.get("represents")) or related_ids(user.get("mapped_contact"))
        yield from (contact for id in ids if (contact := state.collection("contact").find(id)) is not None)
    else:
        yield from visible(caller, state, slug)
