"""Faults of the connection, met over a real socket, with and without middleware around the application."""

import asyncio
import functools
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from httpx import ASGITransport, AsyncClient, Response
from starlette.applications import Starlette
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response as StarletteResponse
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockportal.mock import Mock, Setup
from mockportal.spec.spec import Spec
from mockportal.web.app import create_app

ASK = b"GET /v2/portal/user HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer dev-anna\r\n\r\n"
Wrap = Callable[[Starlette], ASGIApp]


def plain(app: Starlette) -> ASGIApp:
    return app.router


def as_application(app: Starlette) -> ASGIApp:
    return app


def mounted(app: Starlette) -> ASGIApp:
    return Starlette(routes=[Mount("/", app=app)])


def with_function(app: Starlette) -> ASGIApp:
    async def pass_on(send: Send, message: Message) -> None:
        await send(message)

    async def outer(scope: Scope, receive: Receive, send: Send) -> None:
        await app(scope, receive, functools.partial(pass_on, send) if scope["type"] == "http" else send)

    return outer


def with_dispatch(app: Starlette) -> ASGIApp:
    async def dispatch(request: Request, call_next: RequestResponseEndpoint) -> StarletteResponse:
        return await call_next(request)

    app.add_middleware(BaseHTTPMiddleware, dispatch=dispatch)
    return app


def with_gzip(app: Starlette) -> ASGIApp:
    app.add_middleware(GZipMiddleware)
    return app


WRAPS: tuple[Wrap, ...] = (plain, as_application, mounted, with_function, with_dispatch, with_gzip)


@contextmanager
def served(app: ASGIApp) -> Iterator[int]:
    """The port of a uvicorn that serves the application in a thread."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(
            uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", loop="uvloop")
        )
        run: Callable[[], None] = functools.partial(server.run, sockets=[listener])
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        try:
            yield int(listener.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join(20)


def talk(port: int, asked: bytes = ASK) -> tuple[bytes, str]:
    """The bytes of an answer, and how the connection ended: `FIN`, `RST`, or `open`."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(asked)
        try:
            while data := connection.recv(65536):
                received += data
        except ConnectionResetError:
            return received, "RST"
        except TimeoutError:
            return received, "open"
    return received, "FIN"


def faulty(spec: Spec, folder: Path, *faults: str) -> Starlette:
    """An application whose calls for the user meet these faults, one after the other."""
    rules = "".join(f" - {{operation: getPortalUser, times: 1, fault: {fault}}}\n" for fault in faults)
    (folder / "bad.yaml").write_text(f"extends: default\nrules:\n{rules}")
    return create_app(Mock(Setup(scenario="bad", scenarios=folder), spec))


@pytest.mark.parametrize("wrap", WRAPS)
def test_reset_is_a_reset_and_empty_a_clean_close(
    spec: Spec, tmp_path: Path, wrap: Wrap, caplog: pytest.LogCaptureFixture
) -> None:
    with served(wrap(faulty(spec, tmp_path, "{connection: reset}", "{connection: empty}"))) as port:
        reset, empty = talk(port), talk(port)
        after, end = talk(port, ASK.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n"))

    assert (reset, empty) == ((b"", "RST"), (b"", "FIN"))
    assert (after[:15], end) == (b"HTTP/1.1 200 OK", "FIN")
    assert [one.getMessage() for one in caplog.records if one.levelname != "INFO"] == []


@pytest.mark.parametrize("wrap", [wrap for wrap in WRAPS if wrap is not with_gzip])
def test_truncated_body_is_half_of_the_real_one(
    spec: Spec, tmp_path: Path, wrap: Wrap, caplog: pytest.LogCaptureFixture
) -> None:
    app = faulty(spec, tmp_path, "{body: truncated, status: 502}")

    with served(wrap(app)) as port:
        (head, _, half), end = (lambda answer: (answer[0].partition(b"\r\n\r\n"), answer[1]))(talk(port))
        real = talk(port, ASK.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n"))[0].partition(
            b"\r\n\r\n"
        )[2]

    assert head.startswith(b"HTTP/1.1 502 ")
    assert (half, end) == (real[: len(real) // 2], "FIN")
    assert b"content-length: %d" % len(real) in head
    assert [one.getMessage() for one in caplog.records if one.levelname != "INFO"] == []


def test_truncated_answer_to_head_is_whole(spec: Spec, tmp_path: Path) -> None:
    asked = ASK.replace(b"GET", b"HEAD").replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n")

    with served(faulty(spec, tmp_path, "{body: truncated}")) as port:
        answer, end = talk(port, asked)

    assert (answer[:15], answer[-4:], end) == (b"HTTP/1.1 200 OK", b"\r\n\r\n", "FIN")


def test_client_without_a_connection_gets_an_answer_that_ends_too_early(spec: Spec, tmp_path: Path) -> None:
    app = faulty(spec, tmp_path, "{connection: reset}", "{connection: empty}", "{body: truncated}")

    async def three() -> list[tuple[int, int]]:
        async with AsyncClient(transport=ASGITransport(app), base_url="http://localhost") as http:
            headers = {"authorization": "Bearer dev-anna"}
            answers = [await http.get("/v2/portal/user", headers=headers) for _ in range(3)]
        return [(len(one.content), int(one.headers["content-length"])) for one in answers]

    assert all(came < promised for came, promised in asyncio.run(three()))


def test_text_of_a_broken_backend_is_sent_with_its_type(spec: Spec, tmp_path: Path) -> None:
    app = faulty(
        spec,
        tmp_path,
        "{status: 502, body: '<h1>Grüße</h1>', headers: {Content-Type: text/html; charset=utf-8}}",
        "{status: 500, body: 'ORA-00942'}",
        "{body: {data: null}}",
        "{body: garbage}",
    )

    async def four() -> list[Response]:
        async with AsyncClient(transport=ASGITransport(app), base_url="http://localhost") as http:
            headers = {"authorization": "Bearer dev-anna"}
            return [await http.get("/v2/portal/user", headers=headers) for _ in range(4)]

    html, text, json, garbage = asyncio.run(four())

    assert (html.status_code, html.headers.get_list("content-type")) == (502, ["text/html; charset=utf-8"])
    assert (text.status_code, text.headers.get_list("content-type")) == (500, ["text/plain; charset=utf-8"])
    assert (html.text, text.text, json.json()) == ("<h1>Grüße</h1>", "ORA-00942", {"data": None})
    assert (garbage.status_code, garbage.content[:7]) == (200, b"<html>}")
