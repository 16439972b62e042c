"""The server process: uvicorn on uvloop and httptools, a ready line once the socket accepts, a graceful end."""

import asyncio
import gc
import signal
import socket
from collections.abc import Callable

import uvicorn
import uvloop
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from mockportal.errors import UsageError
from mockportal.web.watch import Watch

_GRACE_SECONDS = 5
_TICK_SECONDS = 0.1


class HttpProtocol(HttpToolsProtocol):
    """Leaves out trailers: uvicorn adds them to the headers, where they could log in or choose a world."""

    def on_headers_complete(self) -> None:
        self.scope["headers"] = list(self.headers)
        super().on_headers_complete()


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
    listener = _listener(host, port)
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http=HttpProtocol,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    gc.freeze()  # what was loaded stays, so the collector need not look at it
    gc.enable()
    # uvicorn ends gracefully, and then raises the signal again
    signal.signal(signal.SIGTERM, lambda *_: None)
    server = uvicorn.Server(config)
    uvloop.run(_run(server, listener, lambda: ready(_url(host, listener)), end, watch))


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


def _listener(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=2048)
    except (OSError, OverflowError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise UsageError(f"--host {host} --port {port}", f"cannot listen there: {reason}") from None


def _url(host: str, listener: socket.socket) -> str:
    port = listener.getsockname()[1]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
