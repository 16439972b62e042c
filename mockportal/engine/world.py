"""A world: one isolated state with its clock, journal and rules."""

from datetime import datetime

from mockportal.engine.answer_cache import AnswerCache
from mockportal.engine.call import Exchange
from mockportal.engine.journal import Journal
from mockportal.engine.rules import RuleBook
from mockportal.state.clock import Clock
from mockportal.state.scenario import Scenario
from mockportal.state.store import Draft, State


class World:
    """Starts as its scenario says; `reset` goes back there, or to another one."""

    def __init__(self, name: str, scenario: Scenario) -> None:
        self.name = name
        self.journal = Journal()
        self.reset(scenario)

    def reset(self, scenario: Scenario) -> None:
        """State, clock and rules as `scenario` says. The journal keeps its entries and goes on counting."""
        self.scenario = scenario
        self.state: State = scenario.state
        self.clock: Clock = scenario.clock
        self.rules = RuleBook(scenario.rules)
        self.answers = AnswerCache()

    def draft(self, base_url: str = "", now: datetime | None = None) -> Draft:
        """A draft of the state, at the world's time."""
        scenario = self.scenario
        return Draft(self.state, now or self.clock.now(), scenario.seed, base_url, scenario.data)

    def keep(self, exchange: Exchange) -> None:
        """Takes over the state after an exchange, and journals it."""
        self.state = exchange.after
        self.journal.append(exchange)
