"""Requests into an ASGI application, message by message: repeated header lines, bodies that break off."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from starlette.types import ASGIApp, Message

from mockportal.values import Json, decode

Lines = Sequence[tuple[str, str]]
GONE: Message = {"type": "http.disconnect"}


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as it was sent, with its header lines in lower case."""

    status: int
    lines: list[tuple[str, str]]
    content: bytes

    @property
    def headers(self) -> dict[str, str]:
        """The header lines by name; a name must not stand in two of them."""
        headers = dict(self.lines)
        assert len(headers) == len(self.lines), self.lines
        return headers

    @property
    def body(self) -> Json:
        return decode(self.content)


def part(data: bytes, more: bool = False) -> Message:
    """A piece of a body."""
    return {"type": "http.request", "body": data, "more_body": more}


async def play(
    app: ASGIApp,
    method: str,
    target: str,
    lines: Lines = (),
    messages: Iterable[Message] = (part(b""),),
) -> Answered | None:
    """The answer, or None if there is none. After the messages the client has gone."""
    path, _, query = target.partition("?")
    waiting, sent = list(messages), list[Message]()

    async def receive() -> Message:
        return waiting.pop(0) if waiting else GONE

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode("latin-1"),
        "root_path": "",
        "query_string": query.encode("latin-1"),
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in lines],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8080),
    }
    await app(scope, receive, send)
    if not sent:
        return None
    given = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in sent[0]["headers"]]
    return Answered(sent[0]["status"], given, b"".join(one.get("body", b"") for one in sent[1:]))
