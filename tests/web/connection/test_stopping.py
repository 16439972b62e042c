"""A server that stops while requests are under way."""

import asyncio
import logging
import time

import pytest
from starlette.types import Receive, Scope, Send

from tests.support.limits import limited
from tests.support.listening import all_of, connected, listening

LINES = b" HTTP/1.1\r\nHost: a\r\n\r\n"


async def slow(scope: Scope, receive: Receive, send: Send) -> None:
    """Takes as many tenths of a second as the path says, before its answer, or for `/drip/` in the middle of it."""
    begins, seconds = scope["path"].startswith("/drip"), int(scope["path"].rpartition("/")[2]) / 10
    start = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"8")]}
    if begins:
        await send(start)
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
    await asyncio.sleep(seconds)
    if not begins:
        await send(start)
    await send({"type": "http.response.body", "body": b"half" if begins else b"all of it"[:8]})


def test_request_under_way_is_finished_or_refused_in_one_line(caplog: pytest.LogCaptureFixture) -> None:
    with limited(grace_seconds=1), caplog.at_level(logging.WARNING):
        with listening(slow) as port:
            asked = {
                path: connected(port, b"GET " + path + LINES)
                for path in (b"/5", b"/drip/5", b"/90", b"/drip/90")
            }
            time.sleep(0.1)
        answers = {path: all_of(connection) for path, connection in asked.items()}

    assert answers[b"/5"].endswith(b"\r\n\r\nall of i")
    assert answers[b"/drip/5"].endswith(b"\r\n\r\nhalfhalf")
    assert answers[b"/drip/90"].endswith(b"\r\n\r\nhalf")
    assert answers[b"/90"].startswith(b"HTTP/1.1 503 ")
    assert b"the mock has stopped, and waited 1 s for this answer (limit grace_seconds)" in answers[b"/90"]
    assert [record.exc_info for record in caplog.records] == [None]
