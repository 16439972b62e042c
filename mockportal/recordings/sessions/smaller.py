"""A session without what its last answer does not depend on."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mockportal.engine.call import Exchange, Request
from mockportal.engine.explain.explanation import play_again
from mockportal.engine.world import World
from mockportal.expectations import MockStage, Play
from mockportal.mock import Mock
from mockportal.recordings.sessions.export import export, loaded
from mockportal.recordings.sessions.steps import uses
from mockportal.state.changes import changed_records
from mockportal.state.scenario import Scenario
from mockportal.values import Record

_INSTANT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_MOST = 10_000  # entries that are played to find the smallest session, each in about a millisecond

_Keys = set[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Part:
    """The records that an entry reads and writes; `exchange` is None for a change from outside."""

    entry: Record
    reads: _Keys
    writes: _Keys
    gone: set[str]
    exchange: Exchange | None


def minimised(mock: Mock, world: World) -> World:
    """A world with a smaller session that ends with the same answer, apart from instants and made ids.

    The requests that the last answer does not depend on, by the records that were read and written, are left out first,
    and then whatever else can be left out without changing that answer.
    """
    scenario = loaded(export(mock, world), mock)
    last = max((number for number, entry in enumerate(scenario.expect) if "as" in entry), default=-1)
    entries = scenario.expect[: last + 1]
    if not entries:
        return world
    whole, played = _played(entries, scenario, mock)
    wanted = _answer(whole)
    kept = _needed(_parts(entries, played, whole, mock))
    if not _ends_like(wanted, entries, kept, scenario, mock):
        kept = [*range(len(entries))]
    kept = _shrunk(wanted, entries, kept, scenario, mock)
    return _played([entries[number] for number in kept], world.start.scenario, mock)[0]


def _played(entries: Sequence[Record], scenario: Scenario, mock: Mock) -> tuple[World, list[Exchange]]:
    """A fresh world in which the entries were played, and the journal's entry of each."""
    world = World("smaller", scenario)
    play, exchanges = Play(MockStage(world, mock.engine), mock.spec), list[Exchange]()
    for entry in entries:
        before = world.state
        play.difference(entry)
        if "as" not in entry:
            world.note("mockportal.state", Request("", ""), 200, b"", before)
        exchanges += [exchange] if (exchange := world.journal.find(world.journal.last)) else []
    return world, exchanges


def _parts(
    entries: Sequence[Record], played: Sequence[Exchange], world: World, mock: Mock
) -> Iterator[_Part]:
    for entry, exchange in zip(entries, played, strict=True):
        writes = {*changed_records(exchange.before, exchange.after)}
        gone = {kind for kind, id in writes if id not in (exchange.after.tables.get(kind) or ())}
        again = play_again(mock.engine, world, exchange) if "as" in entry else None
        yield _Part(entry, {*again.read} if again else set(), writes, gone, exchange if again else None)


def _needed(parts: Iterator[_Part]) -> list[int]:
    """The numbers of the last entry and of all that it depends on: what wrote the records that it reads, what told the
    ids that it names, and what has changed time or rules."""
    listed = [*parts]
    *earlier, last = listed
    kept, reads, names = [len(earlier)], {*last.reads}, uses(last.entry)
    for number in range(len(earlier) - 1, -1, -1):
        part = earlier[number]
        is_read = part.writes & reads or part.gone & {kind for kind, _ in reads}
        told = names & {*part.entry.get("save", ())}
        if is_read or told or (part.exchange is None and not part.writes):
            kept.append(number)
            reads |= part.reads
            names |= uses(part.entry)
    return sorted(kept)


def _shrunk(
    wanted: tuple[int, bytes], entries: Sequence[Record], kept: list[int], scenario: Scenario, mock: Mock
) -> list[int]:
    """The numbers without any run of entries, and then any single one, that makes no difference to the last answer."""
    size, left = max(len(kept) // 2, 1), _MOST
    while size and left > 0:
        at = len(kept) - 1 - size
        while at > -size and left > 0:
            fewer = kept[: max(at, 0)] + kept[at + size :]
            left -= len(fewer)
            if _ends_like(wanted, entries, fewer, scenario, mock):
                kept = fewer
            at -= size
        size //= 2
    return kept


def _ends_like(
    wanted: tuple[int, bytes], entries: Sequence[Record], kept: Sequence[int], scenario: Scenario, mock: Mock
) -> bool:
    return _answer(_played([entries[number] for number in kept], scenario, mock)[0]) == wanted


def _answer(world: World) -> tuple[int, bytes]:
    """Status and body of the last answer, with a word in place of each instant and of each id that the session made."""
    exchange = world.journal.find(world.journal.last)
    assert exchange is not None  # the last entry sends a request
    content = _INSTANT.sub(b"<instant>", exchange.content)
    start = world.scenario.state
    for kind, id in changed_records(start, exchange.after):
        if id not in (start.tables.get(kind) or ()):
            content = content.replace(id.encode(), f"<{kind}>".encode())
    return exchange.reply.status, content
