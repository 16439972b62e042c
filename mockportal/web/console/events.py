"""Server-sent events: the entries of the journals as they come, for pages that stay open.

Nothing is queued for a client. Each one has positions in the journals and reads on from there, so a slow client costs
no memory: it gets the entries that are still kept, and is told of those that are gone.
"""

import asyncio
import re
from collections.abc import Coroutine, Iterator, Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from mockportal.config import LIMITS
from mockportal.engine.call import Exchange
from mockportal.engine.world import World
from mockportal.mock import Mock
from mockportal.values import Json, encode
from mockportal.web.control.input import check_query, clock_json, mock_of
from mockportal.web.control.journalled import CLOCK, RESET, RESTORE, REWIND
from mockportal.web.exchange_view import in_brief
from mockportal.web.world_selection import check_world_name

_NAMES: Mapping[str, str] = {CLOCK: "clock", RESET: "reset", RESTORE: "reset", REWIND: "reset"}
_POSITION = re.compile(r"([a-z0-9-]{1,63}):([0-9]{1,15})", re.ASCII)
_PAUSE = 0.1  # seconds between two looks at the journals
_HEARTBEAT = 15.0  # seconds without news, after which a proxy would think that nobody is there
_PATIENCE = 30.0  # seconds for a client to take what it was sent
_BATCH = 100  # entries that are sent at once
_HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


class Feed:
    """The news for one client: of one world, or of all.

    positions: the number of the last entry of each world that the client has
    """

    def __init__(self, mock: Mock, only: str | None, positions: Mapping[str, int] | None) -> None:
        self._mock = mock
        self._worlds = mock.worlds
        self._only = only
        self._problem = ""
        self._names: list[str] | None = None
        start = {world.name: world.journal.last for world in self._followed()}
        self.positions = dict(start if positions is None else positions)

    def news(self) -> bytes:
        """The events since the last call, as they are sent; at most a batch of each world."""
        return b"".join([*self._list_of_worlds(), *self._broken_file(), *self._entries()])

    def _followed(self) -> list[World]:
        return [world for world in self._worlds if self._only in (None, world.name)]

    def _list_of_worlds(self) -> Iterator[bytes]:
        names = sorted(world.name for world in self._worlds)
        if names != self._names:
            self._names = names
            yield self._event("worlds", {"worlds": names})

    def _broken_file(self) -> Iterator[bytes]:
        if self._mock.problem != self._problem:
            self._problem = self._mock.problem
            yield self._event("problem", {"problem": self._problem or None})

    def _entries(self) -> Iterator[bytes]:
        for world in self._followed():
            seen = self.positions.get(world.name, 0)
            if seen > world.journal.last:  # another world that has the name of one that is gone
                seen = self.positions[world.name] = 0
                yield self._event("gap", {"world": world.name, "from": 0, "to": 0})
            if seen < world.journal.last:
                yield from self._entries_of(world, seen)

    def _entries_of(self, world: World, seen: int) -> Iterator[bytes]:
        kept = next((exchange.n for exchange in world.journal), world.journal.last + 1)
        if kept > seen + 1:
            self.positions[world.name] = kept - 1
            yield self._event("gap", {"world": world.name, "from": seen + 1, "to": kept - 1})
        first = max(kept, seen + 1)
        for n in range(first, min(first + _BATCH, world.journal.last + 1)):
            exchange = world.journal.find(n)
            assert exchange is not None
            self.positions[world.name] = n
            yield self._entry(world, exchange)

    def _entry(self, world: World, exchange: Exchange) -> bytes:
        name = _NAMES.get(exchange.operation, "entry")
        told = {"world": world.name, "entry": in_brief(exchange, world)}
        return self._event(name, told if name == "entry" else {**told, "clock": clock_json(world.clock)})

    def _event(self, name: str, data: Json) -> bytes:
        id = ",".join(f"{world}:{n}" for world, n in self.positions.items())
        return b"id: %s\nevent: %s\ndata: %s\n\n" % (id.encode(), name.encode(), encode(data))


class EventStreams:
    """`GET /events` as an ASGI application. The streams that are open at once are limited in number."""

    def __init__(self) -> None:
        self._open = 0
        self._is_over = False

    def end(self) -> None:
        """Ends every stream soon, so that a server can stop which has pages open."""
        self._is_over = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Streams until the client goes, or takes too long. Raises `HTTPException`."""
        request = Request(scope, receive)
        feed = feed_of(request)
        if self._open >= LIMITS.event_clients:
            raise HTTPException(*LIMITS.refusal("event_clients"), {"Retry-After": "5"})
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        if request.method == "HEAD":
            await send({"type": "http.response.body", "body": b""})
            return
        self._open += 1
        try:
            await _first_of(_disconnect(receive), self._streamed(feed, send))
        finally:
            self._open -= 1

    async def _streamed(self, feed: Feed, send: Send) -> None:
        quiet = _HEARTBEAT
        while not self._is_over:
            content = feed.news()
            quiet = 0.0 if content else quiet + _PAUSE
            if quiet >= _HEARTBEAT:
                content, quiet = b": \n\n", 0.0
            try:
                if content:
                    message = {"type": "http.response.body", "body": content, "more_body": True}
                    await asyncio.wait_for(send(message), _PATIENCE)
            except TimeoutError:
                return
            await asyncio.sleep(0 if content else _PAUSE)
        await send({"type": "http.response.body", "body": b""})


def feed_of(request: Request) -> Feed:
    """The feed that a request asks for: `?world=NAME` for one world, `Last-Event-ID` for what a client has already.

    Raises `HTTPException`, `BadWorld`.
    """
    check_query(request, "world")
    only, last = request.query_params.get("world"), request.headers.get("last-event-id", "")
    if only is not None:
        check_world_name(only)
    found = [_POSITION.fullmatch(part) for part in last.split(",")] if last else []
    positions = {position[1]: int(position[2]) for position in found if position is not None}
    if None in found or len(positions) > LIMITS.worlds:
        raise HTTPException(400, "Last-Event-ID is not the id of an event, such as main:12")
    return Feed(mock_of(request), only, positions if last else None)


async def _first_of(*running: Coroutine[None, None, None]) -> None:
    """Returns when one of them does, and cancels the others."""
    tasks = {asyncio.create_task(one) for one in running}
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
    for task in done:
        task.result()


async def _disconnect(receive: Receive) -> None:
    """Returns when the client is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
