"""Answers that are known already: the same request has the same answer for as long as all that was read for it stands.

The engine is deterministic, and a draft notes what is read through it. So an answer survives every write that does not
concern it, and needs to be computed again only when one of the records, indexes or collections that it was made from is
another object, or the clock that it looked at shows another instant.
"""

from collections.abc import Iterable
from datetime import datetime

from mockportal.config import LIMITS
from mockportal.engine.call import Exchange, Request
from mockportal.state.derived import DerivedFact
from mockportal.state.store import Draft, State

_MOST = 200
_ENTRY = 1_000
_OBJECTS = 3  # an answer is kept as bytes and as objects

Key = tuple[str | bytes | None, ...]


class AnswerCache:
    """The answers of one world, the oldest first. `bytes` is what they keep in memory, roughly."""

    def __init__(self) -> None:
        self._answers: dict[Key, tuple[DerivedFact, int]] = {}  # with its bytes
        self.bytes = 0

    def find(self, key: Key, state: State, now: datetime, url: str) -> Exchange | None:
        """The earlier exchange for this request, if it would be the same in this state, at this time and address."""
        known = self._answers.get(key)
        if known is None or not known[0].holds(state, now, url):
            return None
        exchange: Exchange = known[0].value
        return exchange

    def keep(self, key: Key, exchange: Exchange, draft: Draft) -> None:
        """Remembers an answer, unless anything was written for it, in place of those that were kept for longest."""
        size = _ENTRY + sum(map(len, filter(None, key))) + _OBJECTS * len(exchange.content)
        size += draft.reads.bytes
        if draft.state is not exchange.before or exchange.after is not exchange.before:
            return
        if size > LIMITS.answers_bytes:
            return
        self._drop(key)
        while len(self._answers) >= _MOST or self.bytes + size > LIMITS.answers_bytes:
            self._drop(next(iter(self._answers)))
        self._answers[key] = DerivedFact(exchange, key, draft.reads, draft.state), size
        self.bytes += size

    def _drop(self, key: Key) -> None:
        known = self._answers.pop(key, None)
        if known is not None:
            self.bytes -= known[1]


def key_of(operation_id: str, request: Request, headers: Iterable[str]) -> Key:
    """Everything that an answer can depend on, apart from state and time; of the headers only those named."""
    given = map(request.headers.get, headers)
    return operation_id, request.method, request.path, request.query, request.body, request.base_url, *given
