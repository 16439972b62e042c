"""Connections to the real server: what is too much, what is too slow, and what ends in the middle."""

import asyncio
import logging
import socket
import struct
import time
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from mockportal.config import LIMITS
from mockportal.web.connection.protocol import HttpProtocol
from mockportal.web.delivery.waiting import wait
from tests.support.fuzzing.bench import Wire
from tests.support.limits import limited
from tests.support.listening import all_of, connected, listening

GET = b"GET / HTTP/1.1\r\nHost: a\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
LAST = b"Connection: close\r\n\r\n"


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers the body, after a wait for `/wait`, and a large body for `/large`."""
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body += message.get("body", b"")
        more = message.get("more_body", False)
    if scope["path"] == "/wait":
        await wait(receive, 30)
    content = bytes(8_000_000) if scope["path"] == "/large" else scope["method"].encode() + b" " + body
    headers = [(b"content-length", b"%d" % len(content))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": content})


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    limits = {"headers": 4_000, "header_seconds": 0.2, "body_seconds": 0, "answer_seconds": 0.2}
    with limited(**limits), listening(echo) as port:
        yield port


@pytest.mark.parametrize(
    "pieces",
    [
        (GET + b"X: " + b"x" * 5_000 + b"\r\n" + LAST,),
        (GET + b"X: " + b"x" * 5_000, b"x" * 5_000),
        (GET, *(b"X-%d: %s\r\n" % (n, b"x" * 500) for n in range(10))),
        (b"GET /" + b"x" * 5_000,),
        (b"\r\n" * 3_000,),
        (CHUNKED + b"1\r\nx\r\n0\r\nX: " + b"x" * 3_000, b"x" * 5_000),
        (CHUNKED + b"1\r\nx\r\n0\r\n", *(b"X-%d: %s\r\n" % (n, b"x" * 500) for n in range(10))),
        (CHUNKED, b"1;" + b"x" * 5_000),
    ],
    ids=["at once", "one line", "many lines", "URL", "empty lines", "a trailer", "trailers", "an extension"],
)
def test_header_section_and_trailers_are_counted_before_they_are_complete(
    port: int, pieces: tuple[bytes, ...]
) -> None:
    answer = all_of(connected(port, *pieces))

    assert answer.startswith(b"HTTP/1.1 431 ")
    assert answer.endswith(b'{"message":"%s"}' % LIMITS.refusal("headers")[1].encode())


def test_much_body_and_many_requests_are_no_header_section(port: int) -> None:
    chunks = b"".join(b"3;name=value\r\nabc\r\n" for _ in range(2_000))

    answer = all_of(connected(port, CHUNKED, chunks, b"0\r\nX: 1\r\n\r\n", (GET + b"\r\n") * 300, GET + LAST))

    assert answer.count(b"HTTP/1.1 200 ") == 302
    assert b"POST " + b"abc" * 2_000 in answer


def test_slow_clients_are_closed(port: int) -> None:
    began = time.monotonic()
    slow = {
        "nothing": connected(port),
        "header section": connected(port, GET),
        "body": connected(port, POST + b"Content-Length: 10\r\n\r\nabc"),
        "trailers": connected(port, CHUNKED + b"0\r\nX: 1\r\n"),
    }
    reader = connected(port, b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n")

    answers = {name: all_of(connection) for name, connection in slow.items()}

    assert time.monotonic() - began < 8
    assert answers.pop("header section").startswith(b"HTTP/1.1 408 ")
    assert answers == {"nothing": b"", "body": b"", "trailers": b""}
    assert len(all_of(reader)) < 8_000_000


def test_body_that_is_not_read_yet_is_not_late() -> None:
    async def talk() -> tuple[bool, bool, bool]:
        config = uvicorn.Config(echo, log_config=None, lifespan="off")
        config.load()
        protocol = HttpProtocol(config, ServerState(), {}, asyncio.get_running_loop())
        protocol.connection_made(Wire())  # type: ignore[arg-type]
        protocol.data_received(b"GET /wait HTTP/1.1\r\nHost: a\r\n\r\n")
        protocol.data_received(POST + b"Content-Length: 1000000\r\n\r\n" + bytes(100_000))
        later = protocol.loop.time() + 1_000
        waiting = protocol.flow.read_paused, protocol.is_late(later)
        protocol.flow.resume_reading()
        late = protocol.is_late(later + 1_000)
        protocol.connection_lost(None)
        await asyncio.sleep(0.01)
        return *waiting, late

    assert asyncio.run(talk()) == (True, False, True)


def test_pipelined_requests_of_a_client_that_has_gone_are_not_reported(
    port: int, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        for linger in (0, 1):
            connection = connected(port, (b"GET /wait HTTP/1.1\r\nHost: a\r\n\r\n" + POST + b"\r\n") * 20)
            time.sleep(0.05)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1 - linger, 0))
            connection.close()
        assert all_of(connected(port, GET + LAST)).startswith(b"HTTP/1.1 200 ")
        time.sleep(0.1)

    assert caplog.records == []


def test_client_that_goes_in_the_middle_of_an_answer_is_not_reported(
    port: int, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            connection = connected(port, b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
            assert connection.recv(1_000)
            connection.close()
        assert all_of(connected(port, GET + LAST)).startswith(b"HTTP/1.1 200 ")

    assert caplog.records == []


@pytest.mark.parametrize("whole", [True, False])
def test_wish_for_another_protocol_costs_no_body(
    port: int, whole: bool, caplog: pytest.LogCaptureFixture
) -> None:
    wish = POST + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nContent-Length: 5\r\n\r\n"
    pieces = (wish + b"hello" + GET + LAST,) if whole else (wish, b"hello", GET + LAST)

    with caplog.at_level(logging.WARNING):
        answer = all_of(connected(port, *pieces))

    assert answer.count(b"HTTP/1.1 200 ") == 2
    assert b"POST hello" in answer
    assert caplog.records == []


@pytest.mark.parametrize(
    "bytes_", [b"\x00\x01\x02\r\n\r\n", b"GET / SMTP\r\n\r\n", b"CONNECT a:1 HTTP/1.1\r\n\r\n"]
)
def test_what_is_not_http_is_refused_in_one_line(
    port: int, bytes_: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        answer = all_of(connected(port, bytes_))

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.endswith(b'{"message":"this is not HTTP"}')
    assert caplog.records == []


def test_connection_too_many_is_refused() -> None:
    with limited(connections=2), listening(echo) as port:
        first, second = connected(port, GET + b"\r\n"), connected(port, GET + b"\r\n")
        assert first.recv(9_000).startswith(b"HTTP/1.1 200 ")
        assert second.recv(9_000).startswith(b"HTTP/1.1 200 ")

        answer = all_of(connected(port, GET + b"\r\n"))
        first.close()
        second.close()

    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"the mock serves no more than 2 connections (limit connections)" in answer
