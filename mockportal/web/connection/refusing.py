"""Refusals that end a connection: as bytes on the wire, and as an application that says nothing else."""

from http import HTTPStatus

from starlette.types import ASGIApp, Receive, Scope, Send

from mockportal.values import encode


def answer(status: int, message: str) -> bytes:
    """A whole answer, after which the connection ends."""
    content = encode({"message": message})
    lines = [b"%b: %b" % line for line in _headers(content)]
    first = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}".encode()
    return b"\r\n".join((first, *lines, b"", content))


def refusing(status: int, message: str) -> ASGIApp:
    """An application that refuses every request, and ends its connection."""

    async def run(_: Scope, __: Receive, send: Send) -> None:
        await refuse(send, status, message)

    return run


async def refuse(send: Send, status: int, message: str) -> None:
    """Sends the refusal, and ends the connection."""
    content = encode({"message": message})
    await send({"type": "http.response.start", "status": status, "headers": _headers(content)})
    await send({"type": "http.response.body", "body": content})


def _headers(content: bytes) -> list[tuple[bytes, bytes]]:
    return [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(content)),
        (b"connection", b"close"),
    ]
