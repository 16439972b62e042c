"""The API over HTTP, as plain ASGI: routing, limits, CORS, and the faults that only a connection can have."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from starlette.datastructures import URLPath
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import Receive, Scope, Send

from mockportal.config import LIMITS
from mockportal.engine.call import Exchange, Reply, Request
from mockportal.engine.world import World
from mockportal.mock import Mock
from mockportal.spec.operations import Operation
from mockportal.spec.routes import BadPath, Route
from mockportal.spec.spelling import spell
from mockportal.values import encode
from mockportal.web.log import Log, no_log
from mockportal.web.world_selection import BadWorld, select_world

Headers = list[tuple[bytes, bytes]]
_Found = tuple[Operation, Mapping[str, str]]

CONTROL = "/__mockportal"
_BODY_SECONDS = 30
_NOTICE_SECONDS = 0.05
_EXPOSED = (
    b"Location, Allow, Retry-After, "
    b"X-Mockportal-World, X-Mockportal-Entry, X-Mockportal-Answered-By, X-Mockportal-Violations"
)
_CORS: Headers = [(b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", _EXPOSED)]
_JSON = (b"content-type", b"application/json")
_failures = logging.getLogger("mockportal")


def is_reserved(path: str) -> bool:
    """Whether a path belongs to the control API."""
    return path.startswith("/__") and (path == CONTROL or path.startswith(f"{CONTROL}/"))


class TooLarge(Exception):
    """The body is beyond the limit."""


class OperationRoutes(BaseRoute):
    """The operations of a mock, in all its worlds, as one route over the compiled paths of the document.

    It takes every path except those of the control API, so that an unknown path is refused in
    the same words, and journalled, as any other request.
    """

    def __init__(self, mock: Mock, require_world: bool = False, log: Log = no_log) -> None:
        self._mock = mock
        self._log = log
        self._require_world = require_world

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether the request is one for the API."""
        is_own = scope["type"] == "http" and not is_reserved(scope["path"].removeprefix(scope["root_path"]))
        return (Match.FULL if is_own else Match.NONE), {}

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        """The path of an operation by its operationId. Raises `NoMatchFound`."""
        operation = self._mock.spec.operations.get(name)
        if operation is None:
            raise NoMatchFound(name, path_params)
        return URLPath(spell(operation, path_params).target)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one HTTP request."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        raw_path: str = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
        root: str = scope["root_path"]
        try:
            name, path, prefix = select_world(raw_path.removeprefix(root), headers, self._require_world)
        except BadWorld as error:
            await _plain(send, 400, str(error), "router")
            return
        if scope["method"] == "OPTIONS":
            await self._options(send, path, headers)
            return
        base_url = f"{scope['scheme']}://{headers.get('host', 'localhost')}{root}{prefix}"
        request = Request(
            scope["method"], path, scope["query_string"].decode("latin-1"), headers, base_url=base_url
        )
        world = self._mock.world(name)
        try:
            exchange = await self._exchange(request, world, receive)
        except Exception:
            _failures.exception("%s %s failed: this is a bug of mockportal", request.method, path)
            await _plain(send, 500, "mockportal failed to answer; its log says why", "audit")
            return
        self._log(world.name, exchange)
        await _deliver(send, exchange, world, request.method)

    async def _exchange(self, request: Request, world: World, receive: Receive) -> Exchange:
        """The exchange of a request whose body is still to come."""
        found, refusal = self._route(request.method, request.path, request.query)
        if found is None:
            assert refusal is not None
            return self._mock.engine.refuse(request, world, refusal)
        operation, path_params = found
        body, refusal = await _received(receive, request.headers)
        request = replace(request, body=body, path_params=path_params)
        if refusal is not None:
            return self._mock.engine.refuse(request, world, refusal)
        return self._mock.engine.answer(operation, request, world)

    def _route(self, method: str, path: str, query: str) -> tuple[_Found | None, Reply | None]:
        """The operation and its path parameters, or why there is none."""
        if len(path) + len(query) > LIMITS.url:
            return None, _reply(414, f"the URL is longer than {LIMITS.url} bytes", "limit")
        try:
            route = self._mock.spec.routes.find(path)
        except BadPath as error:
            return None, _reply(400, str(error), "router")
        if route is None:
            return None, _reply(404, f"there is no path {path}", "router")
        found = route.operation(method)
        return (found, None) if found is not None else (None, _not_allowed(method, path, route))

    async def _options(self, send: Send, path: str, headers: dict[str, str]) -> None:
        """CORS preflight, or plain OPTIONS. Neither is journalled."""
        try:
            route = self._mock.spec.routes.find(path)
        except BadPath as error:
            await _plain(send, 400, str(error), "router")
            return
        if route is None:
            await _plain(send, 404, f"there is no path {path}", "router")
            return
        allow = route.allow.encode()
        answer: Headers = [(b"allow", allow), *_CORS]
        if "access-control-request-method" in headers:
            asked = headers.get("access-control-request-headers", "authorization, content-type")
            answer += [
                (b"access-control-allow-methods", allow),
                (b"access-control-allow-headers", asked.encode("latin-1")),
                (b"access-control-max-age", b"600"),
                (b"vary", b"access-control-request-headers"),
            ]
        await send({"type": "http.response.start", "status": 204, "headers": answer})
        await send({"type": "http.response.body", "body": b""})


async def _received(receive: Receive, headers: Mapping[str, str]) -> tuple[bytes, Reply | None]:
    """The body, or why there is none."""
    try:
        return await _body(receive, headers), None
    except TooLarge:
        return b"", _reply(413, f"the body is larger than {LIMITS.body} bytes", "limit")
    except TimeoutError:
        return b"", _reply(408, f"the body took longer than {_BODY_SECONDS} s", "limit")


async def _body(receive: Receive, headers: Mapping[str, str]) -> bytes:
    """The whole body, counted while it comes in. Raises `TooLarge`, `TimeoutError`."""
    length = headers.get("content-length")
    if length is None and "transfer-encoding" not in headers:
        return b""  # HTTP: without either there is none
    if length is not None and length.isdigit() and int(length) > LIMITS.body:
        raise TooLarge
    parts, size = [], 0
    async with asyncio.timeout(_BODY_SECONDS):
        while True:
            message = await receive()
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > LIMITS.body:
                raise TooLarge
            if not message.get("more_body"):
                return parts[0] if len(parts) == 1 else b"".join(parts)


def _reply(status: int, message: str, answered_by: str) -> Reply:
    return Reply(status, {"message": message}, answered_by=answered_by)


def _not_allowed(method: str, path: str, route: Route) -> Reply:
    body = {"message": f"{path} takes {route.allow}, not {method}"}
    return Reply(405, body, {"Allow": route.allow}, "router")


async def _deliver(send: Send, exchange: Exchange, world: World, method: str) -> None:
    reply, content = exchange.reply, exchange.content
    if reply.delay:
        await asyncio.sleep(reply.delay)
    headers: Headers = [
        (b"x-mockportal-world", world.name.encode()),
        (b"x-mockportal-entry", b"%d" % exchange.n),
        (b"x-mockportal-answered-by", reply.answered_by.encode()),
        *_CORS,
    ]
    if content:
        headers.append(_JSON)
    if reply.status != 204:
        headers.append((b"content-length", b"%d" % len(content)))
    headers += [
        (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers.items()
    ]
    if exchange.violations and reply.answered_by != "audit":
        headers.append((b"x-mockportal-violations", b"%d" % len(exchange.violations)))
    if reply.fault:
        await _faulty(send, reply, headers, content)
        return
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else content})


async def _faulty(send: Send, reply: Reply, headers: Headers, content: bytes) -> None:
    """What a broken backend does: `reset` and `empty` end the connection, the others break the body."""
    start = {"type": "http.response.start", "status": reply.status, "headers": headers}
    # uvicorn's; a test client has none
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if reply.fault in ("reset", "empty") and transport is not None:
        await _hang_up(transport.abort if reply.fault == "reset" else transport.close)
    elif reply.fault == "truncated":
        await send(start)
        await send({"type": "http.response.body", "body": content[: len(content) // 2], "more_body": True})
        if transport is not None:
            await _hang_up(transport.close)
        await send({"type": "http.response.body", "body": b""})
    else:
        garbage = b"<html>" + content[::-1]
        start["headers"] = [
            (name, b"%d" % len(garbage) if name == b"content-length" else value) for name, value in headers
        ]
        await send(start)
        await send({"type": "http.response.body", "body": garbage})


async def _hang_up(close: Callable[[], None]) -> None:
    """Ends the connection, and waits until the server has noticed: it then expects no answer any more."""
    close()
    await asyncio.sleep(_NOTICE_SECONDS)


async def _plain(send: Send, status: int, message: str, answered_by: str) -> None:
    """An answer outside any world's journal."""
    content = encode({"message": message})
    headers: Headers = [
        _JSON,
        (b"content-length", b"%d" % len(content)),
        (b"x-mockportal-answered-by", answered_by.encode()),
        *_CORS,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
