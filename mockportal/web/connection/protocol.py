"""One connection: its bytes are counted before they are parsed, and it may take only so long.

uvicorn's protocol gathers header lines, URL and trailers without end and waits for them for ever.
This one counts what a request sends apart from its body. `close_late` closes what is overdue; somebody has to call it
every second, so that a request on time costs no timer.
"""

import math
from asyncio import Transport
from collections.abc import Iterable
from typing import Any

from httptools import HttpParserError, HttpParserUpgrade
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from mockportal.config import LIMITS
from mockportal.web.connection.refusing import answer, refusing

_LINGER_SECONDS = 1  # in which a client may still read its refusal, while what it sends is dropped
_SPARE_SECONDS = 2  # after which a body is not waited for, although it was refused as too slow
_LINE = 4  # bytes of a header line besides its name and value
_NEVER = math.inf
_NOT_HTTP = (400, "this is not HTTP")


class HttpProtocol(HttpToolsProtocol):
    """Refuses what is too large, and is due at a time at which it is closed.

    Leaves out trailers: uvicorn adds them to the headers, where they could log in or choose a world.
    """

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Expects a request. On a connection too many it is refused."""
        super().connection_made(transport)
        self._uncounted = 0  # bytes since the last complete header section or piece of a body
        self._in_body, self._upgrades, self._is_refused = False, False, False
        self._due: float = self.loop.time() + LIMITS.header_seconds
        self._read_due = _NEVER
        self._pipelined: list[RequestResponseCycle] = []
        if len(self.connections) > LIMITS.connections:
            self.app = refusing(*LIMITS.refusal("connections"))

    def data_received(self, data: bytes) -> None:
        """Parses what came, unless the request has been refused.

        The parser takes all that follows a request for another protocol, such as Java's client makes, for that
        protocol; so it is told of such a request again, without its wish.
        """
        if self._is_refused:
            return
        self._uncounted += len(data)
        self._unset_keepalive_if_required()
        while data:
            try:
                self.parser.feed_data(data)
                break
            except HttpParserUpgrade as upgrade:
                data = self._without_upgrade() + data[upgrade.args[0] :]
            except HttpParserError:
                self._refuse(*_NOT_HTTP)
                return
        if not (self._uncounted or self._in_body):  # whole requests
            self._due = _NEVER
        elif not self.transport.is_closing():
            self._expect_rest()

    def on_headers_complete(self) -> None:
        self._upgrades = self.parser.should_upgrade() and self.parser.get_method() != b"CONNECT"
        if self._upgrades:
            return
        if self._uncounted > LIMITS.headers and self._header_bytes() > LIMITS.headers:
            self.app = refusing(*LIMITS.refusal("headers"))
        self._uncounted, self._in_body, self._due = 0, True, _NEVER
        self.scope["headers"] = list(self.headers)
        before = self.cycle
        super().on_headers_complete()
        if self.pipeline:
            self._pipelined.append(before)
        elif self._pipelined:
            self._pipelined.clear()

    def on_body(self, body: bytes) -> None:
        self._uncounted, cycle = 0, self.cycle
        if not cycle.response_complete:
            cycle.body += body
            if len(cycle.body) > HIGH_WATER_LIMIT:
                self.flow.pause_reading()
            cycle.message_event.set()

    def on_message_complete(self) -> None:
        if self._upgrades:
            return
        self._uncounted, self._in_body, cycle = 0, False, self.cycle
        if not cycle.response_complete:
            cycle.more_body = False
            cycle.message_event.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self._tell_gone()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """The client has to read what was sent to it."""
        super().pause_writing()
        self._read_due = self.loop.time() + LIMITS.answer_seconds

    def resume_writing(self) -> None:
        super().resume_writing()
        self._read_due = _NEVER

    def is_late(self, now: float) -> bool:
        """True if the rest of a request, or the reading of an answer, takes too long. The time for a rest that waits
        behind another request begins when it is read."""
        if self.flow.read_paused and self._due != _NEVER:
            self._due = now + LIMITS.body_seconds
        return now > self._due or now > self._read_due

    def close_late(self) -> None:
        """Ends a connection that is late, with a refusal in the middle of a header section."""
        if self._uncounted and not (self._in_body or self._is_refused):
            self._refuse(*LIMITS.refusal("header_seconds"))
        else:
            self.transport.abort()

    def _expect_rest(self) -> None:
        """Refuses a request that is too large already, and notes when the rest has to be there."""
        if self._uncounted > LIMITS.headers:
            self._refuse(*LIMITS.refusal("headers"))
        elif self._due == _NEVER:
            seconds = LIMITS.body_seconds + _SPARE_SECONDS if self._in_body else LIMITS.header_seconds
            self._due = self.loop.time() + seconds

    def _without_upgrade(self) -> bytes:
        lines = [b"%b: %b" % line for line in self.headers if line[0] != b"upgrade"]
        return b"\r\n".join((b"%b %b HTTP/1.1" % (self.parser.get_method(), self.url), *lines, b"", b""))

    def _header_bytes(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + _LINE for name, value in self.headers)

    def _refuse(self, status: int, message: str) -> None:
        """Answers before the request is whole and drops the rest of it; only ends if another answer is under way."""
        self._is_refused = True
        self._due = self.loop.time() + _LINGER_SECONDS
        cycle = self.cycle
        if cycle is None or cycle.response_complete or not (cycle.response_started or self.pipeline):
            self._tell_gone()
            self.transport.write(answer(status, message))
            self.transport.write_eof()
        else:
            self.transport.close()

    def _tell_gone(self) -> None:
        """Lets every request that is under way, pipelined ones too, know that nobody waits for its answer."""
        for cycle in (*self._pipelined, self.cycle):
            if cycle is not None:
                cycle.disconnected = not cycle.response_complete
                cycle.message_event.set()


def close_late(connections: Iterable[Any], now: float) -> None:
    """Closes the connections that are late, `now` on the clock of the event loop."""
    for connection in [one for one in connections if one.is_late(now)]:
        connection.close_late()
