"""A mock on a thread of its own: reachable in process, and at a port once it listens."""

import asyncio
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import lru_cache
from itertools import count

import httpx

from mockportal.expectations import Failure, failures
from mockportal.files.pointers import pointer_to
from mockportal.library.counted import count_failures, only_counts
from mockportal.library.loop_thread import LoopThread
from mockportal.library.transports import InProcess
from mockportal.mock import Setup, load_mock
from mockportal.state.scenario import Scenario
from mockportal.values import Record
from mockportal.web.app import create_app
from mockportal.web.server import Listener, address_of, listen, server_of

NOWHERE = "http://localhost"  # the base URL of a mock that listens nowhere
_STEP = 0.005  # seconds


class HostedMock:
    """A mock, and the thread that its worlds live on.

    transport: the way of httpx into it
    numbers:   the numbers of worlds that nobody has named
    """

    def __init__(self, setup: Setup) -> None:
        self.mock = load_mock(setup)
        app = create_app(self.mock)
        self._app, self._end_streams = app.state.direct, app.state.end_streams
        self._thread = LoopThread()
        self._stop: Callable[[], None] | None = None
        self._url = ""
        self._played: dict[str, tuple[Scenario, list[str]]] = {}
        self.transport = InProcess(httpx.ASGITransport(self._app), self._thread)
        self.numbers = count(1)

    def listen(self, address: str = "127.0.0.1", port: int = 0) -> str:
        """The URL at which it answers from now on; port 0 picks a free one. Raises `UsageError` for one in use."""
        if not self._url:
            listener = listen(address, port)
            self._thread.run(self._started(listener))
            self._url = address_of(address, listener)
        return self._url

    def scenario(self, name: str) -> Scenario:
        """The scenario of a world."""

        async def found() -> Scenario:
            return self.mock.world(name).scenario

        return self._thread.run(found())

    def broken_expectations(self, name: str, expected: Sequence[Record]) -> list[str]:
        """The expectations that do not hold of a world: of its scenario, and `expected` ones, which only count."""

        async def found() -> list[str]:
            world = self.mock.world(name)
            scenario = world.scenario
            counted = [str(failure) for failure in count_failures(expected, world)]
            if only_counts(scenario):
                return _located(scenario, count_failures(scenario.expect, world)) + counted
            as_written = scenario.asked == (None, None)  # with another clock, other things hold
            return (self._when_played(scenario) if as_written else []) + counted

        return self._thread.run(found())

    def _when_played(self, scenario: Scenario) -> list[str]:
        """The same of a scenario alone; it is played once."""
        known = self._played.get(scenario.name)
        if known is None or known[0] is not scenario:
            known = scenario, _located(scenario, failures(scenario, self.mock.engine))
            self._played[scenario.name] = known
        return known[1]

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
            self._end_streams()
            server.should_exit = True
            with suppress(asyncio.CancelledError):
                await running

        self._stop = lambda: self._thread.run(ended())


def _located(scenario: Scenario, found: Iterable[Failure]) -> list[str]:
    return [f"{scenario.plan.where(pointer_to('expect', failure.entry))}: {failure}" for failure in found]


@lru_cache(maxsize=8)
def shared_mock(setup: Setup) -> HostedMock:
    """The host that all clients with the same set-up share; it lasts as long as the program."""
    return HostedMock(setup)


os.register_at_fork(after_in_child=shared_mock.cache_clear)  # a thread does not live on in the child
