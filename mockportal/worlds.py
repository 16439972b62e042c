"""The worlds of one mock: made on first use, bounded in number, in memory and in the time that nobody uses them."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator

from mockportal.config import LIMITS
from mockportal.engine.moments import Moment
from mockportal.engine.world import World
from mockportal.state.scenario import Scenario

MAIN = "main"


class Worlds:
    """The worlds by name; `main` is always there.

    Beyond the limit the one unused for longest goes, and so does one that nobody has used for the idle limit.
    All worlds share one limit on memory: beyond it the oldest entries of the fullest journal go.

    default:  the scenario that is served, with which a new world begins
    frontend: the address of the pages that use them
    """

    def __init__(self, default: Callable[[], Scenario], frontend: str = "") -> None:
        self.default = default
        self._frontend = frontend
        self._booked = 0
        self._worlds: OrderedDict[str, World] = OrderedDict()
        self.add(MAIN, default())

    def __iter__(self) -> Iterator[World]:
        return iter(self._worlds.values())

    def __contains__(self, name: str) -> bool:
        return name in self._worlds

    def world(self, name: str = MAIN) -> World:
        """The world called `name`, made from the served scenario if there is none."""
        self._forget_idle()
        world = self._worlds.get(name)
        if world is None:
            return self.add(name, self.default())
        self._note_use(world)
        return world

    def guest_world(self, name: str) -> World | None:
        """The same for somebody whose request may cost nobody their work: if there is no room, a new world takes the
        place of one that is as it was made. None if there is no such world."""
        if name not in self._worlds and len(self._worlds) >= LIMITS.worlds:
            spare = next((world.name for world in self if self._is_spare(world)), None)
            if spare is None:
                return None
            del self._worlds[spare]
        world = self.world(name)
        world.is_guest = True
        return world

    def find(self, name: str) -> World | None:
        """The world called `name`, if there is one."""
        return self._worlds.get(name)

    def add(self, name: str, scenario: Scenario, moment: Moment | None = None) -> World:
        """A new world, in place of an older one of this name. It goes on from a moment if one is given."""
        world = World(name, scenario, self._book, self._frontend, moment)
        world.others = lambda: [*self]
        self._worlds[name] = world
        self._note_use(world)
        while len(self._worlds) > LIMITS.worlds:
            oldest = next(other for other in self._worlds if other != MAIN)
            del self._worlds[oldest]
        self._booked += scenario.state.start if scenario is not self.default() else 0
        self._book(world)
        return world

    def _note_use(self, world: World) -> None:
        world.used_at = time.monotonic()
        self._worlds.move_to_end(world.name)

    def _forget_idle(self) -> None:
        """Forgets the worlds that nobody has used for too long."""
        while (world := self._longest_unused()) is not None:
            if world.used_at >= time.monotonic() - LIMITS.idle:
                return
            del self._worlds[world.name]

    def _longest_unused(self) -> World | None:
        return next((world for world in self if world.name != MAIN), None)

    def remove(self, name: str) -> bool:
        """Forgets a world; `main` starts afresh when it is next used."""
        return self._worlds.pop(name, None) is not None

    def _is_spare(self, world: World) -> bool:
        """True if a world is as a first request would make it again; its journal does not count."""
        untouched = world.state is world.scenario.state and world.clock == world.scenario.clock
        return untouched and world.scenario is self.default() and world.name != MAIN

    @property
    def bytes(self) -> int:
        """The memory that all worlds keep, roughly; worlds share their start, and nobody counts the served one."""
        starts = {id(world.scenario): world.scenario.state.start for world in self}
        starts.pop(id(self.default()), None)
        return sum(world.bytes for world in self) + sum(starts.values())

    def _book(self, world: World) -> None:
        """Books how much a world has grown, and makes room if all of them keep too much."""
        size = world.bytes
        self._booked += size - world.booked
        world.booked = size
        if self._booked > LIMITS.total_bytes:
            self._make_room(world)

    def _make_room(self, busy: World) -> None:
        """Forgets until the limit is kept, and settles the books, in which worlds that are gone may still stand."""
        while self.bytes > LIMITS.total_bytes and self._forget(busy):
            pass
        for world in self:
            world.booked = world.bytes
        self._booked = self.bytes

    def _forget(self, busy: World) -> bool:
        """Forgets some of the fullest journal, or once all journals are empty, a world. False if there is none."""
        fullest = max(self, key=lambda world: world.forgettable)
        if fullest.forgettable:
            fullest.forget()
            return True
        least_needed = self._least_needed(busy)
        return least_needed is not None and self.remove(least_needed.name)

    def _least_needed(self, busy: World) -> World | None:
        """The world unused for longest that keeps anything, guests first; a `busy` guest costs nobody else theirs."""
        others = [
            world
            for world in self
            if world.name != MAIN
            and world is not busy
            and (world.bytes or world.scenario is not self.default())
        ]
        guests = [world for world in others if world.is_guest]
        if busy.is_guest:
            return next(iter(guests), busy)
        return next(iter(guests or others), None)
