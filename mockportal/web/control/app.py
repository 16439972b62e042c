"""The control API as one application: its routes, its errors, and who may use it."""

import re
import secrets
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockportal.config import LIMITS
from mockportal.errors import MockportalError, Refusal
from mockportal.mock import Mock
from mockportal.web.console import collections, operations, page, people
from mockportal.web.console.events import EventStreams
from mockportal.web.control import about, clock, held, rules, state, time_travel, tokens, worlds
from mockportal.web.control.input import as_json
from mockportal.web.control.journal import code, entries, har
from mockportal.web.control.recordings import export
from mockportal.web.delivery.threads import Threads
from mockportal.web.document import page as document
from mockportal.web.receiving import BrokenOff, bad_address, headers_of, is_foreign, received
from mockportal.web.world_selection import BadWorld

_ROOMS = (
    about, worlds, time_travel, state, entries, code, har, export, rules, held, clock, tokens,
    people, collections, operations, page, document,
)  # fmt: skip
_CONTROL_CHARACTER = re.compile(r"[\x00-\x1f]")
_HOSTS = ("127.0.0.1", "::1", "localhost")


class ControlAccess:
    """Lets a request through to `app` unless it comes from a page of another origin, over a host name that may have
    been rebound, or without the token. The files of the console need no token, as a browser sends none with them.
    Without `is_on`, everything is 404."""

    def __init__(self, app: ASGIApp, token: str | None, is_on: bool) -> None:
        self.app = app
        self.token = token
        self.is_on = is_on

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on when it is whole; one that breaks off is not carried out."""
        headers = headers_of(scope["headers"])
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        problem, body = _bad_url(scope) or self._problem(headers, path), b""
        if problem is None:
            try:
                body, refusal = await received(receive, headers, "upload")
            except BrokenOff:
                return
            problem = (refusal.status, refusal.body["message"]) if refusal else _other_type(headers, body)
        if problem is None:
            await self.app(scope, _replaying(body, receive), send)
        else:
            status, message = problem
            await as_json({"message": message}, status)(scope, receive, send)

    def _problem(self, headers: Mapping[str, str], path: str) -> tuple[int, str] | None:
        if not self.is_on:
            return 404, "the control API is off on this address: start with --control-token"
        if bad := bad_address(headers):
            return 400, bad
        if _CONTROL_CHARACTER.search(path):
            return 400, "the path holds a control character"
        if not is_local(headers.get("host", "")) and self.token is None:
            return 403, "the control API answers only to 127.0.0.1, ::1, localhost and *.localhost"
        if is_foreign(headers):
            return 403, "the control API answers to no page of another origin"
        if self.token is not None and not page.is_page(path):
            word, _, given = headers.get("authorization", "").partition(" ")
            is_right = secrets.compare_digest(given.strip().encode(), self.token.encode())
            if word.lower() != "bearer" or not self.token or not is_right:
                return 401, "the control API needs its token: Authorization: Bearer …"
        return None


def control_app(mock: Mock) -> Starlette:
    """The endpoints over one mock, to be mounted at `/__mockportal`; its errors are JSON, too."""
    streams = EventStreams()
    routes = [
        *(route for room in _ROOMS for route in room.ROUTES),
        Route("/events", streams, methods=["GET"]),
    ]
    app = Starlette(
        routes=routes,
        exception_handlers={
            HTTPException: _http_error,
            MockportalError: _content_error,
            BadWorld: _content_error,
            Refusal: _refusal,
            Exception: _bug,
        },
    )
    app.router.redirect_slashes = False
    app.state.mock = mock
    app.state.streams = streams
    app.state.threads = Threads()
    return app


def _replaying(body: bytes, receive: Receive) -> Receive:
    """Gives a body that has been read already, and then what comes after it."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return waiting.pop() if waiting else await receive()

    return receive_again


def _bad_url(scope: Scope) -> tuple[int, str] | None:
    """The refusal of a URL that is too long, or that a browser would have percent-encoded."""
    query = scope["query_string"]
    if len(scope.get("raw_path") or scope["path"]) + len(query) > LIMITS.url:
        return LIMITS.refusal("url")
    return None if query.isascii() else (400, "the query holds bytes that are not percent-encoded")


def _other_type(headers: Mapping[str, str], body: bytes) -> tuple[int, str] | None:
    """The refusal of a body that is not JSON, which is what a form of a web page can send."""
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    return (415, "the body must be application/json") if body and media_type != "application/json" else None


def is_local(host: str) -> bool:
    """True for a host name that only leads to this machine."""
    name = urlsplit(f"//{host}").hostname or ""
    return name in _HOSTS or name.endswith(".localhost")


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    bare = error.detail in ("Not Found", "Method Not Allowed")  # of the router
    message = f"there is no {request.method} {request.url.path}" if bare else error.detail
    response = as_json({"message": message}, error.status_code)
    response.headers.update(error.headers or {})
    if error.status_code == 405:
        response.headers["Allow"] = ", ".join(sorted(_methods(request)))
    return response


def _methods(request: Request) -> Iterator[str]:
    """The methods of a path: it has a route for each of them."""
    for route in request.app.router.routes:
        if route.matches(request.scope)[0] is not Match.NONE:
            yield from route.methods


async def _content_error(_: Request, error: Exception) -> Response:
    return as_json({"message": str(error)}, 400)


async def _refusal(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return as_json(error.body, error.status)


async def _bug(_: Request, error: Exception) -> Response:
    """The log has the traceback."""
    return as_json({"message": "mockportal failed to answer; its log says why"}, 500)
