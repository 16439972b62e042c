"""An application behind the real server, on a thread of this process, and raw bytes to it."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import uvloop
from starlette.types import ASGIApp

from mockportal.web.server import listen, server_of


@contextmanager
def listening(app: ASGIApp) -> Iterator[int]:
    """The port at which an application answers."""
    listener = listen("127.0.0.1", 0)
    server = server_of(app, log_config=None)
    started = threading.Event()

    async def serve() -> None:
        running = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:
            await asyncio.sleep(0.001)
        started.set()
        await running

    thread = threading.Thread(target=lambda: uvloop.run(serve()), daemon=True)
    port = int(listener.getsockname()[1])
    thread.start()
    assert started.wait(10)
    try:
        yield port
    finally:
        server.should_exit = True
        thread.join(20)


def connected(port: int, *pieces: bytes) -> socket.socket:
    """A connection to this port on which these bytes were sent."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with suppress(BrokenPipeError, ConnectionResetError):  # the server has heard enough
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(0.001)
    return connection


def all_of(connection: socket.socket) -> bytes:
    """Everything that the server says until it ends the connection."""
    with connection:
        answer = b""
        with suppress(ConnectionResetError):
            while data := connection.recv(65536):
                answer += data
        return answer
