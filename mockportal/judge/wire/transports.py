"""Transports to a target: into an ASGI application in this process, or over HTTP to one pinned host."""

import asyncio
import zlib
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from contextvars import ContextVar
from dataclasses import replace
from ssl import SSLContext
from typing import Any
from urllib.parse import unquote

from mockportal.judge.model import Received
from mockportal.judge.wire.connection import Connection, NoAnswer
from mockportal.judge.wire.hosts import Resolve, is_loopback, pinned, resolved

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]
# (method, path and query, headers, body) -> the answer; raises `NoAnswer`
Transport = Callable[[str, str, Mapping[str, str], bytes], Awaitable[Received]]

__all__ = [
    "HOME", "OVERLAPPING", "AsgiApp", "NoAnswer", "Receive", "Scope", "Send", "Transport",
    "in_process", "is_loopback", "over_http",
]  # fmt: skip

_HOST = "localhost"
HOME = f"http://{_HOST}"  # of an application in this process
# True where requests are to be under way at the same time.
OVERLAPPING: ContextVar[bool] = ContextVar("overlapping", default=False)
_WINDOWS = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}


def in_process(app: AsgiApp) -> Transport:
    """Sends into `app`, with no socket between."""

    async def send(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Received:
        parts: list[MutableMapping[str, Any]] = []

        async def receive() -> MutableMapping[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def collect(message: MutableMapping[str, Any]) -> None:
            parts.append(message)

        try:
            await app(_scope(method, target, headers, body), receive, collect)
        except Exception as error:
            raise NoAnswer(f"broke off: {type(error).__name__}: {error}") from None
        return _joined(parts, method)

    return send


def _scope(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Scope:
    path, _, query = target.partition("?")
    given = {"host": _HOST, **{name.lower(): value for name, value in headers.items()}}
    given.setdefault("content-length", str(len(body)))
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in given.items()],
        "client": ("127.0.0.1", 1),
        "server": (_HOST, 80),
    }


def _joined(parts: list[MutableMapping[str, Any]], method: str) -> Received:
    if not parts or parts[-1].get("more_body"):
        raise NoAnswer("the connection was closed before the answer was whole")
    headers = tuple(
        (name.decode("latin-1").lower(), value.decode("latin-1"))
        for name, value in parts[0].get("headers", ())
    )
    received = Received(parts[0]["status"], headers, b"".join(part.get("body", b"") for part in parts[1:]))
    length = received.header("content-length")
    if method != "HEAD" and length is not None and int(length) > len(received.body):
        raise NoAnswer(f"the answer breaks off after {len(received.body)} of {length} bytes")
    return received if method == "HEAD" else replace(received, body=_decoded(received))


def _decoded(received: Received) -> bytes:
    """The body without its codings, undone as for an answer that comes over HTTP."""
    body = received.body
    for coding in reversed((received.header("content-encoding") or "").lower().split(",")):
        window = _WINDOWS.get(coding.strip())
        if window is None or not body:
            continue
        decoder = zlib.decompressobj(window)
        try:
            body = decoder.decompress(body) + decoder.flush()
        except zlib.error:
            raise NoAnswer("its content is not encoded as its header says") from None
        if not decoder.eof:
            raise NoAnswer("its content breaks off before its coding ends")
    return body


def over_http(
    url: str, timeout: float, resolve: Resolve = resolved, context: SSLContext | None = None
) -> Transport:
    """Sends to the host of `url` and to no other: its address is looked up once, no redirect is followed, no proxy is
    used, certificates are checked. `timeout` (seconds) is for a whole answer; the first one has to come sooner.

    Raises `UsageError` for what is no such address, and for a host that takes no connection.
    """
    host = pinned(url, resolve)
    line = Connection(host, timeout, context)

    async def send(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Received:
        if OVERLAPPING.get():
            other = Connection(host, timeout, context)
            return await asyncio.to_thread(other.answer, method, host.prefix + target, headers, body)
        return line.answer(method, host.prefix + target, headers, body)

    return send
