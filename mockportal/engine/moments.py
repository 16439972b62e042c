"""A moment of a world: everything that it goes by, so that it can go back there, or another world begin there."""

from dataclasses import dataclass
from datetime import datetime

from mockportal.engine.rules.book import RuleBook
from mockportal.state.clock import Clock, clock_at
from mockportal.state.scenario import Scenario
from mockportal.state.store import State


@dataclass(frozen=True, slots=True)
class Moment:
    """A world as it was once. It costs a reference, since all of this is immutable.

    scenario: the one that the world had then
    state:    the records
    clock:    the clock, and `now` what it showed
    rules:    the rules and their hits
    """

    scenario: Scenario
    state: State
    clock: Clock
    now: datetime
    rules: RuleBook

    def resumed_clock(self) -> Clock:
        """The clock as it was, which ticks on from then if it ticked."""
        clock = self.clock
        return clock_at(self.now, ticking=True, step=clock.step) if clock.ticking else clock
