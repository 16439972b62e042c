"""The stage on which expectations are played: a world in this process, or whatever else answers like one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from mockportal.engine.call import Reply, Request
from mockportal.engine.engine import Engine
from mockportal.engine.world import World
from mockportal.errors import FileError, hint
from mockportal.spec.operations import Operation
from mockportal.state.clock import BadClock, described_clock, duration
from mockportal.state.record_change import BadChange, change_record, put_record
from mockportal.state.rules.adding import added_rule
from mockportal.state.scenario import Scenario
from mockportal.state.store import Draft
from mockportal.values import Json, Record


class Impossible(Exception):
    """A step cannot be taken; `str()` says why."""


class Stage(Protocol):
    """Takes the steps of a play. Each may raise `Impossible`."""

    def answer(self, operation: Operation, request: Request) -> tuple[Reply, bytes]:
        """The answer to a request, and its body as bytes."""

    def count(self, operation: str, status: int) -> int:
        """The number of exchanges of an operation so far that had this status."""

    def advance(self, by: str) -> None:
        """Moves the clock on."""

    def set_clock(self, clock: Json) -> None:
        """Sets the clock as a scenario does."""

    def edit(self, name: str, patch: Record | None) -> None:
        """Merges into the record `kind/alias-or-id`, or removes it for None."""

    def put(self, name: str, record: Record) -> None:
        """Keeps a whole record."""

    def add_rule(self, rule: Record) -> None:
        """Adds a rule, which is tried first."""

    def drop_rule(self, id: str) -> None:
        """Takes a rule away."""


@dataclass(frozen=True, slots=True)
class MockStage:
    """A world of this process."""

    world: World
    engine: Engine

    def answer(self, operation: Operation, request: Request) -> tuple[Reply, bytes]:
        exchange = self.engine.answer(operation, request, self.world)
        return exchange.reply, exchange.content

    def count(self, operation: str, status: int) -> int:
        seen = ((exchange.operation, exchange.reply.status) for exchange in self.world.journal)
        return sum(one == (operation, status) for one in seen)

    def advance(self, by: str) -> None:
        try:
            self.world.clock = self.world.clock.advanced(duration(by))
        except ValueError:
            raise Impossible("no such time") from None

    def set_clock(self, clock: Json) -> None:
        try:
            self.world.clock = described_clock(clock)
        except BadClock as problem:
            raise Impossible(str(problem)) from None

    def edit(self, name: str, patch: Record | None) -> None:
        with self._changed() as draft:
            change_record(draft, self.world.scenario.aliases, self.engine.spec, name, patch)

    def put(self, name: str, record: Record) -> None:
        with self._changed() as draft:
            put_record(draft, self.world.scenario.aliases, self.engine.spec, name, record)

    def add_rule(self, rule: Record) -> None:
        world, taken = self.world, {one.id for one in self.world.rules.rules}
        if rule.get("id") in taken:
            raise Impossible("there is such a rule already")
        try:
            made = added_rule(rule, taken, world.scenario, world.draft(), self.engine.spec)
        except FileError as problem:
            raise Impossible(str(problem)) from None
        world.rules = world.rules.added(made)

    def drop_rule(self, id: str) -> None:
        known = [one.id for one in self.world.rules.rules]
        if id not in known:
            raise Impossible(f"there is no such rule{hint(id, known)}")
        self.world.rules = self.world.rules.without(id)

    @contextmanager
    def _changed(self) -> Iterator[Draft]:
        draft = self.world.draft()
        try:
            yield draft
        except BadChange as problem:
            raise Impossible(str(problem)) from None
        self.world.state = draft.state


def stage_of(scenario: Scenario, engine: Engine) -> MockStage:
    """A fresh world of a scenario."""
    return MockStage(World("verify", scenario), engine)
