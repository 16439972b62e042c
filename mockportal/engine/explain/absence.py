"""The reasons why a request did not find records that it names."""

import re
from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from mockportal.engine.call import Exchange
from mockportal.engine.world import World
from mockportal.files.pointers import pointer_to
from mockportal.json_tree import leaves
from mockportal.state.store import State
from mockportal.values import Record

# Tells of the record of a kind with a key what hides it from the caller; "" if nothing does.
Hiding = Callable[[str, str], str]
KEY = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9A-Z]{26}")
_LENGTHS = range(4, 101)
_MOST = 50


class Absent(NamedTuple):
    """A name in a request, at a pointer such as `/params/id`, that led to no record that the caller may see."""

    at: str
    id: str
    reason: str


def absences(
    named: Record, read: Collection[tuple[str, str]], exchange: Exchange, world: World, hiding: Hiding
) -> Iterator[Absent]:
    """Each name in a request whose record was looked up in vain, or is hidden from the caller.

    named: the parts of the request by place: `{"params": …, "body": …}`
    read:  the kinds and keys that were looked up for the answer
    """
    wanted = {id: kind for kind, id in read}
    for at, id in _texts(named):
        kinds, kind = kinds_of(exchange.before, id), wanted.get(id, "")
        if kind and kinds and kind not in kinds:
            yield Absent(at, id, f"it is a {kinds[0]}, no {kind}")
        elif not kinds and (kind or id in exchange.request.path_params.values()):
            yield from _gone(at, kind or "record", id, exchange, world)
        else:
            yield from (Absent(at, id, reason) for one in kinds if (reason := hiding(one, id)))


def alias_of(id: str, world: World) -> str:
    """`contract 1234…`: the kind and id that a text is the alias of; "" if it is none."""
    found = ((kind, ids[id]) for kind, ids in world.scenario.aliases.items() if ids.get(id, id) != id)
    return " ".join(next(found, ()))


def kinds_of(state: State, id: str) -> list[str]:
    """The collections that have a record with this key."""
    return [kind for kind, table in state.tables.items() if id in table]


def _gone(at: str, kind: str, id: str, exchange: Exchange, world: World) -> Iterator[Absent]:
    """The reason why no collection has a key; nothing for a text that is none."""
    reason = _reason(kind, id, exchange, world)
    if reason:
        yield Absent(at, id, reason)


def _reason(kind: str, id: str, exchange: Exchange, world: World) -> str:
    other = alias_of(id, world)
    if other:
        return f"it is the alias of the {other}; this API wants the id"
    for earlier in reversed([*world.journal]):
        if earlier.n < exchange.n and kinds_of(earlier.before, id) and not kinds_of(earlier.after, id):
            return f"it was deleted by entry {earlier.n}"
    elsewhere = [other.name for other in world.others() if other is not world and kinds_of(other.state, id)]
    if elsewhere:
        return f"it is in the world {elsewhere[0]}, not in {world.name}"
    return f"there has never been a {kind} with this id" if KEY.fullmatch(id) else ""


def _texts(named: Record) -> Iterator[tuple[str, str]]:
    """(pointer, text) of what may be a key, each text once."""
    seen: set[str] = set()
    for path, value in leaves(named):
        if isinstance(value, str) and len(value) in _LENGTHS and value not in seen and len(seen) < _MOST:
            seen.add(value)
            yield pointer_to(*path), value
