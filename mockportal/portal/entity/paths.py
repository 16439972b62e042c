"""Follows a dotted path through an entity as its caller sees it: objects, lists, and relations in both directions."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from mockportal.config import LIMITS
from mockportal.engine.call import Caller
from mockportal.errors import BadRequest
from mockportal.portal.collections import related_ids
from mockportal.portal.entity.views import COMPUTED, entity_view, find_entity
from mockportal.portal.entity.visibility import hidden_attributes, is_shown
from mockportal.state.derived import derived
from mockportal.state.store import Draft
from mockportal.values import Json, Record


class Lens(NamedTuple):
    """Entities as somebody is shown them: one attribute, the whole, and the one with an id (None: not for them).

    `spend(steps, characters)` counts what templates do, and raises `BadRequest` once it is too much.
    """

    attribute: Callable[[Record, str], Json]
    view: Callable[[Record], Record]
    entity: Callable[[str], Record | None]
    spend: Callable[[int, int], None] = lambda steps, characters: None


class Item(NamedTuple):
    """One thing that a path has come to; `tags` are its own and those of the relation that led to it."""

    value: Json
    is_entity: bool = False
    tags: tuple[str, ...] = ()


PLAIN = Lens(lambda record, name: record.get(name), lambda record: record, lambda id: None)


def lens_of(caller: Caller, state: Draft) -> Lens:
    """The view of `caller` on this state."""

    def view(record: Record) -> Record:
        return entity_view(caller, state, record)

    def attribute(record: Record, name: str) -> Json:
        if name in hidden_attributes(caller.realm, str(record["_schema"])):
            return None
        return record[name] if name in record and name not in COMPUTED else view(record).get(name)

    def entity(id: str) -> Record | None:
        return _shown_entity(caller, state, id)

    return Lens(attribute, view, entity, _allowance())


@derived
def _shown_entity(caller: Caller, state: Draft, id: str) -> Record | None:
    record = find_entity(state, id)
    return record if record is not None and is_shown(caller, state, record) else None


def _allowance() -> Callable[[int, int], None]:
    """The budget of the templates of one request."""
    spent_steps = spent_characters = 0

    def spend(steps: int, characters: int) -> None:
        nonlocal spent_steps, spent_characters
        spent_steps += steps
        spent_characters += characters
        if spent_steps > LIMITS.template_steps:
            raise BadRequest(LIMITS.said("template_steps"))
        if spent_characters > LIMITS.template_output:
            raise BadRequest(LIMITS.said("template_output"))

    return spend


def values_at(lens: Lens, record: Record, path: tuple[str, ...]) -> list[Json]:
    """Everything that a path leads to: lists are flat, a relation at the end stands for its ids, null is nothing."""
    if len(path) == 1:
        value = lens.attribute(record, path[0])
        return (
            list(_leaves(lens, value)) if isinstance(value, list | dict) else [] if value is None else [value]
        )
    items = [Item(record, True)]
    for name in path[:-1]:
        items = follow(lens, items, name)
    return [leaf for item in items for leaf in _leaves(lens, _attribute(lens, item, path[-1]))]


def follow(lens: Lens, items: list[Item], name: str) -> list[Item]:
    """One step further; an entity that several relations name is visited once."""
    found: list[Item] = []
    visited: set[str] = set()
    for item in items:
        for next in spread(lens, _attribute(lens, item, name)):
            if next.is_entity:
                id = str(next.value["_id"])
                if id in visited:
                    continue
                visited.add(id)
            found.append(next)
    return found


def spread(lens: Lens, value: Json) -> Iterator[Item]:
    """The things that an attribute holds: the items of a list, the visible entities of a relation, or itself."""
    if isinstance(value, list):
        for one in value:
            yield from spread(lens, one)
    elif isinstance(value, dict) and "$relation" in value:
        for ref in refs(value["$relation"]):
            entity = lens.entity(str(ref.get("entity_id")))
            if entity is not None:
                yield Item(entity, True, (*_tags(ref), *_tags(entity)))
    elif isinstance(value, dict) and "$relation_ref" in value:
        for _, one in references(lens, value):
            yield Item(one, False, _tags(one))
    elif value is not None:
        yield Item(value, False, _tags(value))


def references(lens: Lens, value: Record) -> Iterator[tuple[Record, Json]]:
    """(reference, value) for each item of a visible entity's attribute that a `$relation_ref` points at."""
    for ref in refs(value["$relation_ref"]):
        entity = lens.entity(str(ref.get("entity_id")))
        held = lens.attribute(entity, str(ref.get("path"))) if entity is not None else None
        for one in held if isinstance(held, list) else [held]:
            if one is not None and (
                "_id" not in ref or (isinstance(one, dict) and one.get("_id") == ref["_id"])
            ):
                yield ref, one
                break


def refs(value: Json) -> Iterator[Record]:
    """The items of a `$relation` or `$relation_ref`, if it is one: users may have written anything there."""
    return (ref for ref in value if isinstance(ref, dict)) if isinstance(value, list) else iter(())


def _attribute(lens: Lens, item: Item, name: str) -> Json:
    if item.is_entity:
        return lens.attribute(item.value, name)
    return item.value.get(name) if isinstance(item.value, dict) else None


def _leaves(lens: Lens, value: Json) -> Iterator[Json]:
    if isinstance(value, dict) and "$relation" in value:
        yield from related_ids(value)
    else:
        for item in spread(lens, value):
            if item.value != {}:
                yield item.value


def _tags(value: Json) -> tuple[str, ...]:
    tags = value.get("_tags") if isinstance(value, dict) else None
    return tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else ()
