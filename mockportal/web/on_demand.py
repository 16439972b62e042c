"""An application that is loaded with its first request, since most servers never get one for it."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from starlette.types import Message, Receive, Scope, Send

from mockportal.errors import UsageError
from mockportal.web.control.input import as_json


class SessionManager(Protocol):
    """Answers requests while it runs."""

    def run(self) -> AbstractAsyncContextManager[None]: ...

    async def handle_request(self, scope: Scope, receive: Receive, send: Send) -> None: ...


class OnDemand:
    """An ASGI application over what `load` gives. While that raises `UsageError`, requests are 501 with its message."""

    def __init__(self, load: Callable[[], SessionManager]) -> None:
        self._load = load
        self._manager: SessionManager | None = None
        self._running: asyncio.Task[None] | None = None
        self._is_ready = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if self._manager is None:
            try:
                self._manager = self._load()
            except UsageError as error:
                await as_json({"message": str(error)}, 501)(scope, receive, send)
                return
            self._running = asyncio.create_task(self._run(self._manager))
        await self._is_ready.wait()
        await _in_order(self._manager, scope, receive, send)

    def end(self) -> None:
        """Ends the sessions, so that nobody who listens keeps the server from ending."""
        if self._running is not None:
            self._running.cancel()

    async def _run(self, manager: SessionManager) -> None:
        """Keeps the sessions until the server ends."""
        async with manager.run():
            self._is_ready.set()
            await asyncio.Event().wait()


async def _in_order(manager: SessionManager, scope: Scope, receive: Receive, send: Send) -> None:
    """Answers a request. A stream that its session leaves open, since the server ends, is closed."""
    is_open = False

    async def noted(message: Message) -> None:
        nonlocal is_open
        is_open = message["type"] == "http.response.start" or message.get("more_body", False)
        await send(message)

    try:
        await manager.handle_request(scope, receive, noted)
    finally:
        if is_open:
            await send({"type": "http.response.body"})
