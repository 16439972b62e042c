"""The journal of a world: its newest exchanges, bounded in number and in bytes."""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace

from mockportal.config import LIMITS
from mockportal.engine.call import Exchange
from mockportal.engine.moments import Moment
from mockportal.values import Record

_ENTRY = 1_200  # the objects of an entry; each header and each violation adds some
_HEADER = 120
_VIOLATION = 400


class Journal:
    """Exchanges, oldest first. Numbers never restart, so an `n` means one exchange for the life of the world.

    `bytes` is what the entries keep in memory, roughly.
    """

    def __init__(self) -> None:
        self._exchanges: deque[Exchange] = deque()
        self._sizes: deque[int] = deque()
        self._moments: deque[Moment] = deque()
        self.bytes = 0
        self.last = 0

    def __iter__(self) -> Iterator[Exchange]:
        return iter(self._exchanges)

    def __len__(self) -> int:
        return len(self._exchanges)

    def copied(self) -> "Journal":
        """Another journal with the same entries."""
        journal = Journal()
        journal._exchanges, journal._sizes = self._exchanges.copy(), self._sizes.copy()
        journal._moments = self._moments.copy()
        journal.bytes, journal.last = self.bytes, self.last
        return journal

    def append(self, exchange: Exchange, moment: Moment) -> None:
        """Adds the exchange that was numbered `last + 1`, with the moment right after it, and forgets the oldest ones
        beyond the limits."""
        kept = _slim(exchange)
        size = _size(kept) + self._left_behind(exchange)
        self._exchanges.append(kept)
        self._sizes.append(size)
        self._moments.append(moment)
        self.bytes += size
        self.last = exchange.n
        while len(self._exchanges) > LIMITS.journal_entries or (
            self.bytes > LIMITS.journal_bytes and len(self._exchanges) > 1
        ):
            self._forget_first()

    def forget_oldest(self) -> None:
        """Forgets the oldest tenth of the entries, at least one."""
        for _ in range(min(len(self), max(1, len(self) // 10))):
            self._forget_first()

    def find(self, n: int) -> Exchange | None:
        """Exchange `n`, while it is kept."""
        position = self._position(n)
        return None if position is None else self._exchanges[position]

    def moment_after(self, n: int) -> Moment | None:
        """The world right after exchange `n`, while that is kept."""
        position = self._position(n)
        return None if position is None else self._moments[position]

    def clear(self) -> None:
        """Forgets the entries; numbering goes on."""
        self._exchanges.clear()
        self._sizes.clear()
        self._moments.clear()
        self.bytes = 0

    def _position(self, n: int) -> int | None:
        if not self._exchanges:
            return None
        position = n - self._exchanges[0].n
        return position if 0 <= position < len(self) else None

    def _forget_first(self) -> None:
        self._exchanges.popleft()
        self._moments.popleft()
        self.bytes -= self._sizes.popleft()

    def _left_behind(self, exchange: Exchange) -> int:
        """The bytes of records that are in the state no more, and stay only because an entry can look back.

        They were replaced by the exchange itself, or between the entry before and this one.
        """
        since = self._exchanges[-1].after.left_behind(exchange.before) if self._exchanges else 0
        return since + exchange.before.left_behind(exchange.after)


def _slim(exchange: Exchange) -> Exchange:
    """Without the body as objects.

    An upload is in the state already, and a download follows from it, so neither crowds out other entries.
    """
    if exchange.reply.body is not None:
        exchange = exchange.bare()
    if not exchange.operation.startswith("services."):
        return exchange
    request = replace(exchange.request, body=_short(exchange.request.body))
    return replace(exchange, request=request, content=_short(exchange.content))


def _short(content: bytes) -> bytes:
    size = len(content)
    return content if size <= LIMITS.journal_service_body else b"<%d bytes, not kept>" % size


def _size(exchange: Exchange) -> int:
    """The bytes of an entry, its states apart."""
    request, size = exchange.request, _ENTRY
    for text in (request.body, exchange.content, request.path, request.query, request.base_url):
        size += len(text)
    for headers in (request.headers, exchange.reply.headers):
        for name, value in headers.items():
            size += _HEADER + len(name) + len(value)
    for violation in exchange.violations:
        size += _VIOLATION + len(violation.message)
    return size


def brief(exchange: Exchange) -> Record:
    """`{n, at, operation, method, path, status, answered_by, as, rule}`"""
    return {
        "n": exchange.n,
        "at": exchange.at,
        "operation": exchange.operation or None,
        "method": exchange.request.method or None,
        "path": exchange.request.path or None,
        "status": exchange.reply.status,
        "answered_by": exchange.reply.answered_by,
        "as": exchange.caller or None,
        "rule": exchange.rule or None,
    }
