"""Answers that are broken on their way: the connection is reset, closed, or ends in the middle of the body.

ASGI has no word for any of this, so the connection is looked up in the server's own objects: uvicorn keeps it beside
`send` and `receive`. A server that hides it, and a test client that has none, get an answer that ends too early.
"""

import asyncio
import socket
import struct
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import FunctionType, MappingProxyType, MethodType
from typing import Any

from starlette.types import Message, Receive, Send

from mockportal.web.cors import Headers

_FARTHEST = 500  # objects that are looked at
_WRITE_SECONDS = 0.05
_STEPS, _STEP_SECONDS = 100, 0.01
_NONSENSE = b"HTTP/1.1 OK two hundred\r\nthis line is no header\r\n\r\n"
_NO_LINGER = struct.pack("ii", 1, 0)  # the kernel then says RST instead of FIN


async def send_broken(
    send: Send, receive: Receive, fault: str, status: int, headers: Headers, content: bytes
) -> None:
    """Sends half of the content and ends the connection; but for `truncated` it ends before anything is sent, or after
    what is not HTTP. Where it cannot be broken, and for a stalled answer that nobody waits for, it ends too early."""
    half = content[: len(content) // 2] if fault == "truncated" else b""
    length = (b"content-length", b"%d" % max(len(content), 1))
    lines = [*(line for line in headers if line[0] != length[0]), length]
    start: Message = {"type": "http.response.start", "status": status, "headers": lines}
    part: Message = {"type": "http.response.body", "body": half, "more_body": True}
    end: Message = {"type": "http.response.body", "body": b""}
    server = _server_of(send, receive)
    if half or server is None:
        await _send_all(send, start, part)
        await asyncio.sleep(_WRITE_SECONDS)  # middleware may pass it on in another task
    if server is None:
        await send(end)
        return
    _ENDS[fault](server.transport)
    if await _notices(server):  # it drops everything from now on; only middleware still waits for it
        await _send_all(send, *((end,) if half else (start, end)))


async def _send_all(send: Send, *messages: Message) -> None:
    for message in messages:
        await send(message)


def _reset(transport: Any) -> None:
    connection = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    transport.abort()


def _send_nonsense(transport: Any) -> None:
    transport.write(_NONSENSE)
    transport.close()


def _close(transport: Any) -> None:
    transport.close()


_ENDS: Mapping[str, Callable[[Any], None]] = MappingProxyType(
    {"reset": _reset, "empty": _close, "stall": _close, "truncated": _close, "malformed": _send_nonsense}
)


async def _notices(server: Any) -> bool:
    """True once the server knows that the connection has ended, and expects no answer any more."""
    for _ in range(_STEPS):
        if server.disconnected:
            return True
        await asyncio.sleep(_STEP_SECONDS)
    return False


def _server_of(*functions: Any) -> Any:
    """The object of the server that holds the connection, behind any middleware that wraps `send` or `receive`."""
    waiting, seen = list(functions), set[int]()
    while waiting and len(seen) < _FARTHEST:
        function = waiting.pop(0)
        if id(function) in seen:
            continue
        seen.add(id(function))
        owner = getattr(function, "__self__", None)
        if hasattr(owner, "transport") and hasattr(owner, "disconnected"):
            return owner
        waiting += [
            one for one in _held(function, owner) if isinstance(one, FunctionType | MethodType | partial)
        ]
    return None


def _held(function: Any, owner: object) -> Iterator[object]:
    """Objects that a function closes over or was made of, and the attributes of a method's object."""
    for cell in getattr(function, "__closure__", None) or ():
        try:
            yield cell.cell_contents
        except ValueError:  # it is not filled yet
            continue
    if isinstance(function, partial):
        yield from (function.func, *function.args)
    yield from vars(owner).values() if hasattr(owner, "__dict__") else ()
