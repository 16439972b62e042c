"""The control API as one application: its routes, its errors, and who may use it."""

import secrets
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from mockportal.errors import MockportalError
from mockportal.mock import Mock
from mockportal.web.control import clock, journal, state, tokens, worlds
from mockportal.web.control.input import as_json
from mockportal.web.world_selection import BadWorld

_HOSTS = ("127.0.0.1", "::1", "localhost")


class ControlAccess:
    """Lets a request through to `app` unless it comes from a page of another origin, over a host name that may have
    been rebound, or without the token. Without `is_on`, everything is 404."""

    def __init__(self, app: ASGIApp, token: str | None, is_on: bool) -> None:
        self.app = app
        self.token = token
        self.is_on = is_on

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        problem = self._problem(scope)
        if problem is None:
            await self.app(scope, receive, send)
        else:
            status, message = problem
            await as_json({"message": message}, status)(scope, receive, send)

    def _problem(self, scope: Scope) -> tuple[int, str] | None:
        if not self.is_on:
            return 404, "the control API is off on this address: start with --control-token"
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if not _is_local(headers.get("host", "")) and self.token is None:
            return 403, "the control API answers only to 127.0.0.1, ::1, localhost and *.localhost"
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != headers.get("host"):
            return 403, "the control API answers to no page of another origin"
        if self.token is not None:
            given = headers.get("authorization", "").removeprefix("Bearer ")
            if not secrets.compare_digest(given.encode(), self.token.encode()):
                return 401, "the control API needs its token: Authorization: Bearer …"
        return None


def control_app(mock: Mock) -> Starlette:
    """The endpoints over one mock, to be mounted at `/__mockportal`; its errors are JSON, too."""
    routes = [*worlds.ROUTES, *state.ROUTES, *journal.ROUTES, *clock.ROUTES, *tokens.ROUTES]
    app = Starlette(
        routes=routes,
        exception_handlers={
            HTTPException: _http_error,
            MockportalError: _content_error,
            BadWorld: _content_error,
            Exception: _bug,
        },
    )
    app.router.redirect_slashes = False
    app.state.mock = mock
    return app


def _is_local(host: str) -> bool:
    name = urlsplit(f"//{host}").hostname or ""
    return name in _HOSTS or name.endswith(".localhost")


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    bare = error.detail in ("Not Found", "Method Not Allowed")  # of the router
    message = f"there is no {request.method} {request.url.path}" if bare else error.detail
    response = as_json({"message": message}, error.status_code)
    response.headers.update(error.headers or {})
    return response


async def _content_error(_: Request, error: Exception) -> Response:
    return as_json({"message": str(error)}, 400)


async def _bug(_: Request, error: Exception) -> Response:
    """The log has the traceback."""
    return as_json({"message": "mockportal failed to answer; its log says why"}, 500)
