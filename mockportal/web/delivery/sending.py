"""Sending an answer: its headers, after its delay."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from starlette.types import Receive, Send

from mockportal.engine.call import Exchange
from mockportal.engine.world import World
from mockportal.state.rules.actions import CONNECTIONS, LONGEST
from mockportal.web.cors import Cors, Headers, exposing
from mockportal.web.delivery.breaking import send_broken
from mockportal.web.delivery.waiting import wait

_LONGEST_NOTE = 300
_LONGEST_NAME = 100
_MOST_NAMES = 50
_PIECES = 20  # of an answer that comes slowly
_BODILESS = frozenset((204, 304))
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f-\xa0]+")
_OURS = frozenset((b"vary", b"content-length"))  # a list, and what keeps the connection in step
_USUAL = (b"X-Mockportal-World", b"X-Mockportal-Entry", b"X-Mockportal-Answered-By")
_EXPOSED = exposing(_USUAL)
_JSON = (b"content-type", b"application/json")


async def deliver(
    send: Send, receive: Receive, exchange: Exchange, world: World, cors: Cors, notes: Mapping[str, str]
) -> None:
    """Sends an answer after its delay, or at once when the client is gone: the server then drops it. The notes are
    headers more, each in one line."""
    reply, content = exchange.reply, exchange.content
    if reply.delay:
        await wait(receive, reply.delay)
    if reply.fault == "stall":
        await wait(receive, LONGEST)
    headers = _headers(exchange, world, cors, notes)
    is_head = exchange.request.method == "HEAD"
    if reply.fault in CONNECTIONS or (reply.fault == "truncated" and not is_head):
        await send_broken(send, receive, reply.fault, reply.status, headers, content)
        return
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    if reply.drip and not is_head:
        await _drip(send, content, reply.drip)
        return
    await send({"type": "http.response.body", "body": b"" if is_head else content})


async def _drip(send: Send, content: bytes, seconds: float) -> None:
    """Sends the content in small pieces, evenly over so many seconds."""
    size = max(1, -(-len(content) // _PIECES))
    pieces = [content[start : start + size] for start in range(0, len(content), size)]
    for piece in pieces:
        await asyncio.sleep(seconds / len(pieces))
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def _headers(exchange: Exchange, world: World, cors: Cors, notes: Mapping[str, str]) -> Headers:
    """The header lines of an answer. Those of the reply stand in place of our own, so that a rule may break CORS."""
    reply, special = exchange.reply, _special(exchange, notes)
    headers: Headers = [
        (b"x-mockportal-world", world.name.encode()),
        (b"x-mockportal-entry", b"%d" % exchange.n),
        (b"x-mockportal-answered-by", reply.answered_by.encode()),
        *cors.answer_headers(exchange.request.headers),
        exposing((*_USUAL, *(name for name, _ in special))) if special else _EXPOSED,
    ]
    content = exchange.content
    if content:
        headers.append(_JSON)
    if content or reply.status not in _BODILESS:
        headers.append((b"content-length", b"%d" % len(content)))
    if not special:
        return headers
    given = {name.lower(): value for name, value in special}
    if not reply.headers:
        return [*headers, *given.items()]
    return [line for line in headers if line[0] in _OURS or line[0] not in given] + [*given.items()]


def _special(exchange: Exchange, notes: Mapping[str, str]) -> Headers:
    """The headers that only some answers have, as they are written."""
    reply = exchange.reply
    if not (reply.headers or notes or exchange.ignored or exchange.violations):
        return []
    special = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers.items()]
    if exchange.violations and reply.answered_by != "audit":
        special.append((b"X-Mockportal-Violations", b"%d" % len(exchange.violations)))
    if exchange.ignored:
        special.append((b"X-Mockportal-Ignored", _names(exchange.ignored)))
    return special + [(name.encode(), _line(text)) for name, text in notes.items()]


def _line(text: str) -> bytes:
    """The text as a header can hold it: one line, not too long."""
    return _UNPRINTABLE.sub(" ", text).strip()[:_LONGEST_NOTE].encode("latin-1", "replace")


def _names(ignored: Sequence[str]) -> bytes:
    """A list of names; characters that have no place there are percent-encoded."""
    return ", ".join(quote(name[:_LONGEST_NAME], safe="[]$.:@/") for name in ignored[:_MOST_NAMES]).encode()
