"""The exchanges that have led a world to where it is: what was undone is left out."""

from dataclasses import dataclass

from mockportal.engine.call import Exchange
from mockportal.engine.moments import Moment
from mockportal.engine.world import World

_RESET = "mockportal.reset"
_BACK = ("mockportal.rewind", "mockportal.restore")


@dataclass(frozen=True, slots=True)
class Happening:
    """An exchange, and the moments right before and after it."""

    exchange: Exchange
    before: Moment
    after: Moment


@dataclass(frozen=True, slots=True)
class Past:
    """Events since a moment, of a world whose journal has lost its oldest entries, or not."""

    start: Moment
    events: tuple[Happening, ...]
    is_whole: bool


def history(world: World) -> Past:
    """The events since the last reset of a world, without those that it has gone back behind."""
    start, events, is_whole = world.start, list[Happening](), True
    before: Moment | None = world.start
    for exchange in world.journal:
        if before is world.start and exchange.n > 1 and not events:
            is_whole = False
        after = world.journal.moment_after(exchange.n)
        assert after is not None  # the journal keeps it with its entry
        if exchange.operation == _RESET:
            start, events, is_whole = after, [], True
        elif exchange.operation in _BACK:
            start, events = _back(start, events, after)
        else:
            events.append(Happening(exchange, before or after, after))
        before = after
    return Past(start, tuple(events), is_whole)


def _back(start: Moment, events: list[Happening], there: Moment) -> tuple[Moment, list[Happening]]:
    """The history up to a moment; one that begins there if the moment is not in it."""
    for number in range(len(events), 0, -1):
        if _is(events[number - 1].after, there):
            return start, events[:number]
    return (start, []) if _is(start, there) else (there, [])


def _is(one: Moment, other: Moment) -> bool:
    return one.state is other.state and one.rules == other.rules and one.scenario is other.scenario
