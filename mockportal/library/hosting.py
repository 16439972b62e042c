"""A mock on a thread of its own: reachable in process, and at a port once it listens."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from itertools import count

import httpx

from mockportal.library.loop_thread import LoopThread
from mockportal.library.transports import InProcess
from mockportal.mock import Setup, load_mock
from mockportal.web.app import create_app
from mockportal.web.server import Listener, address_of, listen, server_of

_NOWHERE = "http://localhost"  # the base URL while it listens nowhere
_STEP = 0.005  # seconds


class HostedMock:
    """A mock, the thread that its worlds live on, and the address at which it is reached.

    numbers: the numbers of worlds that nobody has named
    """

    def __init__(self, setup: Setup) -> None:
        self.mock = load_mock(setup)
        self._app = create_app(self.mock).router
        self._thread = LoopThread()
        self._stop: Callable[[], None] | None = None
        self.transport = InProcess(httpx.ASGITransport(self._app), self._thread)
        self.url = _NOWHERE
        self.numbers = count(1)

    def listen(self, address: str, port: int) -> str:
        """The URL at which it answers from now on; port 0 picks a free one. Raises `UsageError` for one in use."""
        listener = listen(address, port)
        self._thread.run(self._started(listener))
        self.url = address_of(address, listener)
        return self.url

    def close(self) -> None:
        """Ends the server and the thread; requests under way are finished."""
        if self._stop is not None:
            self._stop()
        self._thread.close()

    async def _started(self, listener: Listener) -> None:
        server = server_of(self._app, log_config=None)
        running = asyncio.create_task(server.serve(sockets=[listener]))
        while not (server.started or running.done()):
            await asyncio.sleep(_STEP)

        async def ended() -> None:
            server.should_exit = True
            with suppress(asyncio.CancelledError):
                await running

        self._stop = lambda: self._thread.run(ended())


@lru_cache(maxsize=8)
def shared_mock(setup: Setup) -> HostedMock:
    """The host that all clients with the same set-up share; it lasts as long as the program."""
    return HostedMock(setup)
