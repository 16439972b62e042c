"""A world: one isolated state with its clock, journal and rules."""

from collections.abc import Callable, Iterable
from datetime import datetime

from mockportal.config import LIMITS
from mockportal.engine.answers.cache import AnswerCache, Key
from mockportal.engine.call import Call, Exchange, Reply, Request
from mockportal.engine.journal import Journal
from mockportal.engine.moments import Moment
from mockportal.engine.rules.book import Now, RuleBook
from mockportal.engine.rules.held import Held
from mockportal.engine.rules.hit import Hit
from mockportal.errors import BadRequest
from mockportal.spec.validation import Violation
from mockportal.state.clock import Clock, timestamp
from mockportal.state.derived import DerivedFacts
from mockportal.state.scenario import Scenario
from mockportal.state.store import Draft, State


class World:
    """Starts as its scenario says; `reset` goes back there, or to another one.

    book:     is called with the world after it has grown
    booked:   the bytes that were booked for it then
    is_guest: True if it was made for somebody whose requests may cost nobody their work
    frontend: the address of the pages that use it, for its drafts
    used_at:  when it was last used, in seconds of the machine
    start:    the moment that it began with
    snapshots: moments that somebody wants to come back to, by name
    held:      requests that a rule holds, by number
    others:    tells the worlds beside it
    long:      the operations whose last answer took long, by name
    """

    def __init__(
        self,
        name: str,
        scenario: Scenario,
        book: Callable[["World"], None] = lambda _: None,
        frontend: str = "",
        moment: Moment | None = None,
    ) -> None:
        self.name = name
        self.frontend = frontend
        self.journal = Journal()
        self.booked = 0
        self.is_guest = False
        self.used_at = 0.0
        self.snapshots: dict[str, Moment] = {}
        self.held: dict[int, Held] = {}
        self.others: Callable[[], Iterable[World]] = tuple
        self.long: set[str] = set()
        self._book = book
        self.reset(scenario)
        if moment is not None:
            self.go_to(moment)
        self.start = self._moment = self.moment()

    def reset(self, scenario: Scenario) -> None:
        """State, clock and rules as `scenario` says. The journal keeps its entries and goes on counting."""
        self.scenario = scenario
        self.state: State = scenario.state
        self.clock: Clock = scenario.clock
        self.rules = RuleBook(tuple(scenario.rules))
        self.forget_answers()

    def forget_answers(self) -> None:
        """Forgets the answers and the facts behind them, so that they are computed again."""
        self.answers, self.facts = AnswerCache(), DerivedFacts()

    def moment(self) -> Moment:
        """The world as it is now."""
        return Moment(self.scenario, self.state, self.clock, self.clock.now(), self.rules)

    def _stands(self, moment: Moment) -> bool:
        """True if the world is still as it was at a moment."""
        same = moment.state is self.state and moment.clock is self.clock and moment.rules is self.rules
        return same and not self.clock.ticking and moment.scenario is self.scenario

    def moment_after(self, n: int) -> Moment | None:
        """The world right after exchange `n`, 0 for its start; None for one that the journal does not keep."""
        return self.journal.moment_after(n) if n else self.start

    def go_to(self, moment: Moment) -> None:
        """Goes on from a moment of this world or of another one. The journal keeps its entries."""
        self.scenario = moment.scenario
        self.state = moment.state
        self.clock = moment.resumed_clock()
        self.rules = moment.rules
        self.forget_answers()

    def keep_snapshot(self, name: str) -> None:
        """Keeps the present moment under a name. Raises `BadRequest` for one more than a world may keep."""
        if name not in self.snapshots and len(self.snapshots) >= LIMITS.snapshots:
            raise BadRequest(LIMITS.said("snapshots"))
        self.snapshots[name] = self.moment()
        self._book(self)

    def rule_for(self, call: Call) -> Hit | None:
        """The rule that applies to a call; the rules that match it are counted."""
        if not self.rules.rules:
            return None
        now = Now(self.clock.now(), self.journal.last + 1)
        hit, self.rules = self.rules.find(call, self.scenario, now)
        return hit

    def trial(self, moment: Moment | None = None, last: int | None = None) -> "World":
        """A world that goes on from here, or from a moment after exchange `last`, to see what would happen; nobody else
        knows it."""
        moment = moment or self.moment()
        trial = World(self.name, moment.scenario, frontend=self.frontend, moment=moment)
        trial.journal.last = self.journal.last if last is None else last
        return trial

    def still(self) -> "World":
        """This world as it is now, with its journal, which does not change when the world does."""
        still = World(self.name, self.start.scenario, frontend=self.frontend, moment=self.start)
        still.go_to(self.moment())
        still.journal = self.journal.copied()
        return still

    def draft(self, base_url: str = "", now: datetime | None = None) -> Draft:
        """A draft of the state, at the world's time."""
        scenario = self.scenario
        now = now or self.clock.now()
        return Draft(self.state, now, scenario.seed, base_url, scenario.data, self.frontend, self.facts)

    def keep(self, exchange: Exchange, steps: bool) -> None:
        """Takes over the state after an exchange, and journals it. The clock `steps` on if that has changed."""
        if steps and exchange.after is not self.state:
            self.clock = self.clock.stepped()
        self.state = exchange.after
        if not self._stands(self._moment):
            self._moment = self.moment()
        self.journal.append(exchange, self._moment)
        self._book(self)

    def record(
        self,
        operation: str,
        request: Request,
        sent: tuple[Reply, bytes],
        after: State,
        violations: tuple[Violation, ...] = (),
        ignored: tuple[str, ...] = (),
        caller: str = "",
        hit: Hit | None = None,
        before: State | None = None,
    ) -> Exchange:
        """The exchange with the next number, kept. `sent` is the reply with its body as bytes."""
        rule, hits = (hit.rule.id, hit.number) if hit else ("", 0)
        exchange = Exchange(
            self.journal.last + 1, timestamp(self.clock.now()), operation, request, *sent,
            self.state if before is None else before, after, violations, caller, rule, hits, ignored,
        )  # fmt: skip
        self.keep(exchange, steps=before is None)
        return exchange

    def note(self, operation: str, request: Request, status: int, content: bytes, before: State) -> None:
        """Journals something that was done to the world from outside its API. `before` is the state before that."""
        sent = Reply(status, answered_by="control"), content
        self.record(operation, request, sent, self.state, before=before)

    def change(self, after: State) -> None:
        """Goes on to a state that no exchange has led to. Raises `BadRequest` if it has grown beyond the limit."""
        self.state = self.accepted(after)
        self._book(self)

    def remember(self, key: Key, exchange: Exchange, draft: Draft) -> None:
        """Remembers an answer, for the same request as long as what was read through the draft stands."""
        self.answers.keep(key, exchange, draft)
        self._book(self)

    def accepted(self, after: State) -> State:
        """A state that the world may go on to. Raises `BadRequest` if it has grown beyond the limit."""
        if after.held > LIMITS.state_bytes and after.held > self.state.held:
            raise BadRequest(LIMITS.said("state_bytes"))
        return after

    @property
    def bytes(self) -> int:
        """The memory that it keeps, roughly; its start is not counted."""
        kept = self.forgettable + self.state.held
        for one in self.snapshots.values():
            kept += one.state.left_behind(self.state)
        return kept

    @property
    def forgettable(self) -> int:
        """The part of `bytes` that it can forget and still answer as before."""
        return self.journal.bytes + self.answers.bytes + self.facts.bytes

    def forget(self) -> None:
        """Forgets its answers and facts, or the oldest entries of its journal, whichever take more."""
        if self.answers.bytes + self.facts.bytes > self.journal.bytes:
            self.forget_answers()
        else:
            self.journal.forget_oldest()
