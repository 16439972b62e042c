"""The server process: uvicorn on uvloop and httptools, a ready line once the socket accepts, a graceful end."""

import asyncio
import gc
import math
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import uvicorn
import uvloop
from starlette.types import ASGIApp
from uvicorn.config import LOGGING_CONFIG

from mockportal.config import LIMITS
from mockportal.errors import UsageError
from mockportal.web.connection.protocol import HttpProtocol
from mockportal.web.connection.stopping import Server, stoppable
from mockportal.web.watch import Watch

Listener = socket.socket

_TICK_SECONDS = 0.1
_SWITCH_SECONDS = 0.001  # after which a thread that works out a long answer lets the others go on


def serve(
    app: ASGIApp,
    host: str,
    port: int,
    ready: Callable[[str], None],
    end: Callable[[], None] = lambda: None,
    watch: Watch | None = None,
) -> None:
    """Runs until interrupted; `ready` gets the URL, port 0 resolved, and `end` is called when the server stops.

    Raises `UsageError` for an address in use.
    """
    listener = listen(host, port)
    gc.freeze()  # what was loaded stays, so the collector need not look at it
    gc.enable()
    sys.setswitchinterval(_SWITCH_SECONDS)
    # uvicorn ends gracefully, and then raises the signal again
    signal.signal(signal.SIGTERM, lambda *_: None)
    with suppress(KeyboardInterrupt):
        uvloop.run(_run(server_of(app), listener, lambda: ready(address_of(host, listener)), end, watch))


def server_of(app: ASGIApp, log_config: Mapping[str, Any] | None = LOGGING_CONFIG) -> uvicorn.Server:
    """A server of an application; without `log_config` it leaves the loggers of the program as they are."""
    config = uvicorn.Config(
        stoppable(app),
        loop="uvloop",
        http=HttpProtocol,
        ws="none",
        log_config=None if log_config is None else dict(log_config),
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=math.ceil(LIMITS.grace_seconds),
    )
    return Server(config)


async def _run(
    server: uvicorn.Server,
    listener: socket.socket,
    ready: Callable[[], None],
    end: Callable[[], None],
    watch: Watch | None,
) -> None:
    running = asyncio.create_task(server.serve(sockets=[listener]))
    while not (server.started or running.done()):
        await asyncio.sleep(0.005)
    if server.started:
        ready()
    watching = asyncio.create_task(watch.run()) if watch is not None else None
    while not (server.should_exit or running.done()):
        await asyncio.sleep(_TICK_SECONDS)
    end()
    await running
    if watching is not None:
        watching.cancel()


def listen(host: str, port: int) -> Listener:
    """A socket that listens there; port 0 picks a free one. Raises `UsageError`."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=2048)
    except (OSError, OverflowError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise UsageError(f"--host {host} --port {port}", f"cannot listen there: {reason}") from None


def address_of(host: str, listener: Listener) -> str:
    """The URL of a socket that listens at `host`."""
    port = listener.getsockname()[1]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
