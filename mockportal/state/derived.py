"""Facts: what follows from records and states, remembered for as long as everything that it follows from stands.

Records and states are values, so a function that only reads them has the same result until it would read something
else. `@derived` in front of such a function is all that it takes:

    @derived
    def balance(state: Draft, contract: Record) -> int: ...

A draft notes what is read through it. A fact that was derived from a draft holds in another state if all that was read
for it are the very same objects there; a function that gets no draft depends on its arguments alone. Nobody may change
what a derived function returns, and it gets its arguments by position: texts, integers and instants that are equal are
the same argument, anything else only if it is the same object.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import wraps
from inspect import signature
from threading import Lock
from types import NoneType
from typing import Any, ParamSpec, Protocol, TypeVar

from mockportal.config import LIMITS

_P = ParamSpec("_P")
_T = TypeVar("_T")

# (kind, key) of a record, (text, kind, attribute) or (kind, attribute, text) of an index, (kind,) of a collection
Place = tuple[str] | tuple[str, str] | tuple[str, str, str]
_Key = tuple[Any, ...]
_BY_VALUE = frozenset((str, bytes, int, datetime, date, NoneType))
_DRAFTS = ("state", "draft")  # what functions call the draft that they read
_KEEPING = Lock()  # long answers are worked out in threads, which share the facts of functions
_FACT, _PLACE, _USE = (
    2_000,
    200,
    16,
)  # bytes that a fact keeps, and those for each thing that it notes, roughly


class Readable(Protocol):
    """A state."""

    def at(self, place: Place) -> object:
        """The object at a place; None for none."""


class Reads:
    """Everything that was read through a draft.

    places: what was found at each place
    facts:  the facts that were used, with all that was read for them
    now:    the instant, if it was read, by a fact as well
    url:    the address of the mock, likewise
    """

    __slots__ = ("facts", "now", "places", "url")

    def __init__(self) -> None:
        self.places: dict[Place, object] = {}
        self.facts: list[DerivedFact] = []
        self.now: datetime | None = None
        self.url: str | None = None

    def use(self, fact: "DerivedFact") -> None:
        """Notes a fact."""
        self.facts.append(fact)
        self._note(fact.reads)

    def take_over(self, other: "Reads") -> None:
        """Notes whatever the other one has noted."""
        self.places.update(other.places)
        self.facts.extend(other.facts)
        self._note(other)

    def _note(self, other: "Reads") -> None:
        self.now = self.now if other.now is None else other.now
        self.url = self.url if other.url is None else other.url

    def all_places(self) -> Iterator[Place]:
        """The places that were looked at, those of the facts included."""
        yield from self.places
        for fact in self.facts:
            yield from fact.reads.all_places()

    @property
    def bytes(self) -> int:
        """The memory that the notes keep, roughly."""
        return _PLACE * len(self.places) + _USE * len(self.facts)

    def fit(self, now: datetime, url: str) -> bool:
        """True unless the time or the address was read and is another one."""
        return (self.now is None or self.now == now) and (self.url is None or self.url == url)

    def stand(self, state: Readable, now: datetime, url: str) -> bool:
        """True if all of it would be read again in this state, at this time and address."""
        at = state.at
        for place, found in self.places.items():
            if at(place) is not found:
                return False
        return self.fit(now, url) and all(fact.holds(state, now, url) for fact in self.facts)


class DerivedFact:
    """A value, what it was derived from, and the newest state in which it is known to hold.

    is_timeless: whether neither time nor address were read
    follows: what followed from the value itself, by function and further arguments
    """

    __slots__ = ("arguments", "follows", "is_timeless", "reads", "state", "value")

    def __init__(self, value: Any, arguments: _Key, reads: Reads, state: Readable | None) -> None:
        self.value = value
        self.arguments = arguments  # an object that is kept shares its id with no other
        self.reads = reads
        self.state = state
        self.is_timeless = reads.now is None and reads.url is None
        self.follows: dict[_Key, Any] = {}

    def holds(self, state: Readable, now: datetime, url: str) -> bool:
        """True if it would be derived again in this state, at this time and address."""
        if self.state is state:
            return self.is_timeless or self.reads.fit(now, url)
        if not self.reads.stand(state, now, url):
            return False
        self.state = state
        return True


class DerivedFacts:
    """The facts of one world, or of one function; the oldest ones go beyond the limit.

    `bytes` is the memory that they keep, roughly.
    """

    __slots__ = ("_facts", "_values", "bytes")

    def __init__(self) -> None:
        self.bytes = 0
        self._facts: dict[_Key, DerivedFact] = {}
        self._values: dict[int, DerivedFact] = {}

    def find(self, key: _Key) -> DerivedFact | None:
        """The fact that was kept under a key."""
        return self._facts.get(key)

    def keep(self, key: _Key, fact: DerivedFact) -> None:
        """Keeps a fact, in place of an older one."""
        with _KEEPING:
            self._drop(key)
            if len(self._facts) >= LIMITS.facts:
                self._drop(next(iter(self._facts), key))
            if LIMITS.facts:
                self._facts[key] = fact
                self.bytes += _FACT + fact.reads.bytes
                self._values[id(fact.value)] = fact

    def follow(self, function: Callable[..., _T], value: Any, *others: Any) -> _T:
        """The result of a pure function of a value, and of others that can be hashed. It is kept with the value if that
        is a fact."""
        fact = self._values.get(id(value))
        if fact is None or fact.value is not value:
            return function(value, *others)
        key = (function, *others)
        if key not in fact.follows:
            fact.follows[key] = function(value, *others)
        found: _T = fact.follows[key]
        return found

    def _drop(self, key: _Key) -> None:
        fact = self._facts.pop(key, None)
        if fact is not None:
            self._values.pop(id(fact.value), None)
            self.bytes -= _FACT + fact.reads.bytes


NO_FACTS = DerivedFacts()


def derived(function: Callable[_P, _T]) -> Callable[_P, _T]:
    """The function, which remembers its results as facts: those of the world whose draft it gets, or its own."""
    names = [*signature(function).parameters]
    place = next((names.index(name) for name in _DRAFTS if name in names), None)
    return _derived_from_draft(function, place) if place is not None else _derived_from_values(function)


def _derived_from_values(function: Callable[_P, _T]) -> Callable[_P, _T]:
    facts = DerivedFacts()

    @wraps(function)
    def remembered(*arguments: _P.args, **named: _P.kwargs) -> _T:
        assert not named, f"{function} takes its arguments by position"
        key = tuple([one if type(one) in _BY_VALUE else id(one) for one in arguments])
        fact = facts.find(key)
        if fact is None:
            fact = DerivedFact(function(*arguments, **named), arguments, Reads(), None)
            facts.keep(key, fact)
        found: _T = fact.value
        return found

    return remembered


def _derived_from_draft(function: Callable[_P, _T], place: int) -> Callable[_P, _T]:
    @wraps(function)
    def remembered(*arguments: _P.args, **named: _P.kwargs) -> _T:
        assert not named, f"{function} takes its arguments by position"
        draft: Any = arguments[place]
        parts = [one if type(one) in _BY_VALUE else id(one) for one in arguments]
        parts[place] = function
        key, state = tuple(parts), draft.state
        fact = draft.facts.find(key)
        if fact is None or not fact.holds(state, draft.instant, draft.address):
            reads = Reads()
            value = _noting(draft, reads, lambda: function(*arguments, **named))
            assert draft.state is state, f"{function} writes"
            fact = DerivedFact(value, arguments[:place] + arguments[place + 1 :], reads, state)
            draft.facts.keep(key, fact)
        draft.reads.use(fact)
        found: _T = fact.value
        return found

    return remembered


def _noting(draft: Any, reads: Reads, function: Callable[[], _T]) -> _T:
    """The result of a function, with what it reads noted apart; what it has read before it fails counts as well."""
    before, draft.reads = draft.reads, reads
    try:
        return function()
    except BaseException:
        before.take_over(reads)
        raise
    finally:
        draft.reads = before
