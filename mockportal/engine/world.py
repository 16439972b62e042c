"""A world: one isolated state with its clock, journal and rules."""

from collections.abc import Callable
from datetime import datetime

from mockportal.config import LIMITS
from mockportal.engine.answer_cache import AnswerCache, Key
from mockportal.engine.call import Exchange, Reply, Request
from mockportal.engine.journal import Journal
from mockportal.engine.rules import Hit, RuleBook
from mockportal.errors import BadRequest
from mockportal.spec.validation import Violation
from mockportal.state.clock import Clock, timestamp
from mockportal.state.scenario import Scenario
from mockportal.state.store import Draft, State


class World:
    """Starts as its scenario says; `reset` goes back there, or to another one.

    book:     is called with the world after it has grown
    booked:   the bytes that were booked for it then
    is_guest: True if it was made for somebody whose requests may cost nobody their work
    frontend: the address of the pages that use it, for its drafts
    """

    def __init__(
        self,
        name: str,
        scenario: Scenario,
        book: Callable[["World"], None] = lambda _: None,
        frontend: str = "",
    ) -> None:
        self.name = name
        self.frontend = frontend
        self.journal = Journal()
        self.booked = 0
        self.is_guest = False
        self._book = book
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
        return Draft(
            self.state, now or self.clock.now(), scenario.seed, base_url, scenario.data, self.frontend
        )

    def keep(self, exchange: Exchange) -> None:
        """Takes over the state after an exchange, and journals it."""
        self.state = exchange.after
        self.journal.append(exchange)
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
        exchange = Exchange(
            n=self.journal.last + 1,
            at=timestamp(self.clock.now()),
            operation=operation,
            request=request,
            reply=sent[0],
            content=sent[1],
            before=self.state if before is None else before,
            after=after,
            violations=violations,
            ignored=ignored,
            caller=caller,
            rule=hit.rule.id if hit else "",
            hits=hit.number if hit else 0,
        )
        self.keep(exchange)
        return exchange

    def note(self, operation: str, request: Request, status: int, content: bytes, before: State) -> None:
        """Journals something that was done to the world from outside its API. `before` is the state before that."""
        sent = Reply(status, answered_by="control"), content
        self.record(operation, request, sent, self.state, before=before)

    def change(self, after: State) -> None:
        """Goes on to a state that no exchange has led to. Raises `BadRequest` if it has grown beyond the limit."""
        self.state = self.accepted(after)
        self._book(self)

    def remember(self, key: Key, exchange: Exchange) -> None:
        """Remembers an answer, for the same request in the same state."""
        self.answers.keep(key, exchange)
        self._book(self)

    def accepted(self, after: State) -> State:
        """A state that the world may go on to. Raises `BadRequest` if it has grown beyond the limit."""
        if after.held > LIMITS.state_bytes and after.held > self.state.held:
            raise BadRequest(f"this world holds no more than {LIMITS.state_bytes} bytes of changes")
        return after

    @property
    def bytes(self) -> int:
        """The memory that it keeps, roughly; its start is not counted."""
        return self.forgettable + self.state.held

    @property
    def forgettable(self) -> int:
        """The part of `bytes` that it can forget and still answer as before."""
        return self.journal.bytes + self.answers.bytes

    def forget(self) -> None:
        """Forgets its answers or the oldest entries of its journal, whichever take more."""
        if self.answers.bytes > self.journal.bytes:
            self.answers = AnswerCache()
        else:
            self.journal.forget_oldest()
