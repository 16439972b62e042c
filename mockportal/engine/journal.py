"""What a world was asked and what it said, the newest entries only: bounded in number and in bytes."""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace

from mockportal.config import LIMITS
from mockportal.engine.call import Exchange
from mockportal.values import Record


class Journal:
    """Exchanges, oldest first. Numbers never restart, so an `n` means one exchange for the life of the world."""

    def __init__(self) -> None:
        self._exchanges: deque[Exchange] = deque()
        self._sizes: deque[int] = deque()
        self._bytes = 0
        self.last = 0

    def __iter__(self) -> Iterator[Exchange]:
        return iter(self._exchanges)

    def __len__(self) -> int:
        return len(self._exchanges)

    def append(self, exchange: Exchange) -> None:
        """Adds the exchange that was numbered `last + 1`, and forgets the oldest ones beyond the limits."""
        size = _size(exchange)
        self._exchanges.append(_slim(exchange))
        self._sizes.append(size)
        self._bytes += size
        self.last = exchange.n
        while len(self._exchanges) > LIMITS.journal_entries or (
            self._bytes > LIMITS.journal_bytes and len(self._exchanges) > 1
        ):
            self._exchanges.popleft()
            self._bytes -= self._sizes.popleft()

    def find(self, n: int) -> Exchange | None:
        """Exchange `n`, while it is kept."""
        if not self._exchanges:
            return None
        position = n - self._exchanges[0].n
        return self._exchanges[position] if 0 <= position < len(self._exchanges) else None

    def clear(self) -> None:
        """Forgets the entries; numbering goes on."""
        self._exchanges.clear()
        self._sizes.clear()
        self._bytes = 0


def _slim(exchange: Exchange) -> Exchange:
    """Without the body as objects: `content` has it as bytes, which are small and counted."""
    if exchange.reply.body is None:
        return exchange
    return replace(exchange, reply=replace(exchange.reply, body=None))


def _size(exchange: Exchange) -> int:
    """Bytes that an entry keeps alive, roughly; its states are shared with their neighbours."""
    return len(exchange.request.body) + len(exchange.content) + len(exchange.request.query) + 1_000


def brief(exchange: Exchange) -> Record:
    """`{n, at, operation, method, path, status, answered_by}`"""
    return {
        "n": exchange.n,
        "at": exchange.at,
        "operation": exchange.operation or None,
        "method": exchange.request.method,
        "path": exchange.request.path,
        "status": exchange.reply.status,
        "answered_by": exchange.reply.answered_by,
    }
