"""Changes that the control API makes to a world, as entries of its journal: between the requests that they affect."""

from collections.abc import Awaitable, Callable
from functools import wraps

from starlette.requests import Request
from starlette.responses import Response

from mockportal.engine import call
from mockportal.web.control.input import world_of
from mockportal.web.receiving import headers_of

CLOCK, RESET, STATE, TOKEN = "mockportal.clock", "mockportal.reset", "mockportal.state", "mockportal.token"
RESTORE, REWIND, RULES = "mockportal.restore", "mockportal.rewind", "mockportal.rules"
OPERATIONS = (CLOCK, RESET, RESTORE, REWIND, RULES, STATE, TOKEN)

Endpoint = Callable[[Request], Awaitable[Response]]


def journalled(operation: str, endpoint: Endpoint) -> Endpoint:
    """The endpoint, which changes a world; what it has done becomes an entry. A refusal leaves none."""

    @wraps(endpoint)
    async def change(request: Request) -> Response:
        body = await request.body()
        world = world_of(request)
        before = world.state
        response = await endpoint(request)
        if response.status_code < 400:
            world.note(operation, _noted(request, body), response.status_code, bytes(response.body), before)
        return response

    return change


def _noted(request: Request, body: bytes) -> call.Request:
    headers = headers_of(request.headers.raw)
    base_url = str(request.base_url).rstrip("/")
    return call.Request(request.method, request.url.path, request.url.query, headers, body, base_url=base_url)
