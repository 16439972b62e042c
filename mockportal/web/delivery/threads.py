"""Long answers are worked out in a thread beside the loop, so that nobody else waits for them.

A state is a value: a thread works in a world that nobody else knows, and the real one takes over the exchange if it has
changed nothing. Otherwise the request is carried out once more, on the loop, in the world as it is by then.
"""

import asyncio
import gc
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from mockportal.engine.call import Exchange, Request
from mockportal.engine.engine import Engine
from mockportal.engine.world import World

Work = Callable[[World], Exchange]
_T = TypeVar("_T")

LONG = 0.05  # seconds
_THREADS = 2  # more would only share the same core


class Threads:
    """A few threads for what takes long."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(_THREADS, "long-answer")

    async def run(self, work: Callable[[], _T]) -> _T:
        """The result of work that touches nothing which the loop changes."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    async def answer(self, engine: Engine, request: Request, world: World, work: Work) -> Exchange:
        """The exchange that `work` leads to, kept by the world. `work` is a request whose last answer took long."""
        trial = world.trial()
        before = trial.state
        exchange, seconds = await self.run(lambda: _timed(work, trial))
        if seconds < LONG:
            world.long.discard(exchange.operation)
        return work(world) if exchange.after is not before else engine.adopt(exchange, request, world)


def _timed(work: Work, world: World) -> tuple[Exchange, float]:
    """The exchange, and the seconds that it took. The collector rests meanwhile: it would look at the many objects of a
    long answer again and again, and nothing else runs while it does."""
    began, was_enabled = time.thread_time(), gc.isenabled()
    gc.disable()
    try:
        return work(world), time.thread_time() - began
    finally:
        if was_enabled:
            gc.enable()
