"""A server that closes late connections every second, and ends requests in order when it stops."""

import asyncio
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from mockportal.config import LIMITS
from mockportal.web.connection.protocol import close_late
from mockportal.web.connection.refusing import refuse

_TICKS = 10  # of uvicorn in a second


class Server(uvicorn.Server):
    """Looks every second for connections that are late."""

    async def on_tick(self, counter: int) -> bool:
        """True when the server has to stop."""
        if counter % _TICKS == 0:
            close_late(self.server_state.connections, asyncio.get_running_loop().time())
        return await super().on_tick(counter)


def stoppable(app: ASGIApp) -> ASGIApp:
    """The application; a request that the server cancels, since it cannot wait any longer, is refused in one line."""

    async def run(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        except asyncio.CancelledError:
            cycle: Any = getattr(send, "__self__", None)  # uvicorn's own
            if not cycle.response_started:
                await refuse(send, *LIMITS.refusal("grace_seconds"))
            cycle.disconnected = True  # uvicorn would report an answer that is not complete
            cycle.transport.close()

    return run
