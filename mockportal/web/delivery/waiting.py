"""Waits before an answer: for a time, until something happens, or until the client is gone."""

import asyncio
from typing import Any

from starlette.types import Receive

from mockportal.engine.rules.held import Held
from mockportal.engine.world import World
from mockportal.web.receiving import BrokenOff

_MOST_MESSAGES = 2  # that a client can have sent when its request was read: an empty body, and its end


async def wait(receive: Receive, seconds: float, event: asyncio.Event | None = None) -> bool:
    """Waits so long, or until the event or the end of the connection. True if the client is gone."""
    leaving = asyncio.create_task(_disconnect(receive))
    waiting: set[asyncio.Task[Any]] = {leaving, asyncio.create_task(asyncio.sleep(seconds))}
    if event is not None:
        waiting.add(asyncio.create_task(event.wait()))
    done, others = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in others:
        task.cancel()
    return leaving in done


async def hold(held: Held, world: World, receive: Receive) -> None:
    """Returns when the request that a rule holds may go on: it was released, or its time is over. Raises `BrokenOff`
    if the client does not wait for it."""
    released = asyncio.Event()
    held.release = released.set
    world.held[held.n] = held
    try:
        if await wait(receive, held.hit.action.hold, released):
            raise BrokenOff
    finally:
        del world.held[held.n]


async def _disconnect(receive: Receive) -> None:
    """Returns when the client is gone."""
    for _ in range(_MOST_MESSAGES):
        if (await receive())["type"] == "http.disconnect":
            return
    await asyncio.Event().wait()  # a test client that never says that it is gone
