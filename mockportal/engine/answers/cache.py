"""Answers that are known already: the same request in the same state, at the same instant, has the same answer.

The engine is deterministic and a state is a value, so as long as a world's state is the very same object nothing needs
to be computed again. Any write makes another state, and all answers are forgotten.
"""

from collections.abc import Iterable
from datetime import datetime

from mockportal.config import LIMITS
from mockportal.engine.call import Exchange, Request
from mockportal.state.store import State

_MOST = 200
_ENTRY = 1_000
_OBJECTS = 3  # an answer is kept as bytes and as objects

Key = tuple[str | bytes | None, ...]


class AnswerCache:
    """The answers of one world in its present state. `bytes` is what they keep in memory, roughly."""

    def __init__(self) -> None:
        self._answers: dict[Key, Exchange] = {}
        self.bytes = 0
        self._state: State | None = None
        self._now: datetime | None = None

    def find(self, key: Key, state: State, now: datetime) -> Exchange | None:
        """The earlier exchange for this request, if nothing has happened since."""
        if state is not self._state or now != self._now:
            self._answers.clear()
            self.bytes, self._state, self._now = 0, state, now
            return None
        return self._answers.get(key)

    def keep(self, key: Key, exchange: Exchange) -> None:
        """Remembers an answer that has changed nothing. Call it right after a `find` that found nothing."""
        size = _ENTRY + sum(len(part) for part in key if part) + _OBJECTS * len(exchange.content)
        room = len(self._answers) < _MOST and self.bytes + size <= LIMITS.answers_bytes
        if room and exchange.after is self._state:
            self._answers[key] = exchange
            self.bytes += size


def key_of(operation_id: str, request: Request, headers: Iterable[str]) -> Key:
    """Everything that an answer can depend on, apart from state and time; of the headers only those named."""
    given = map(request.headers.get, headers)
    return operation_id, request.method, request.path, request.query, request.body, request.base_url, *given
