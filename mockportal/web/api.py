"""The API over HTTP, as plain ASGI: worlds, routing and limits in front of the engine."""

import logging
from collections.abc import Mapping
from functools import lru_cache, partial
from http.client import responses
from time import perf_counter
from typing import Any, NamedTuple

from starlette.datastructures import URLPath
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import Receive, Scope, Send

from mockportal.config import LIMITS
from mockportal.engine.call import Exchange, Reply, Request
from mockportal.engine.engine import SERVICES
from mockportal.engine.explain.explanation import reason
from mockportal.engine.signing import verified_claims
from mockportal.engine.world import World
from mockportal.mock import Mock
from mockportal.spec.operations import Operation
from mockportal.spec.routes import BadPath, Route
from mockportal.spec.spelling import spell
from mockportal.values import encode
from mockportal.web.cors import Cors, Headers, exposing
from mockportal.web.delivery.sending import deliver
from mockportal.web.delivery.threads import LONG, Threads
from mockportal.web.delivery.waiting import hold
from mockportal.web.front_page import front_page
from mockportal.web.log import Log, no_log
from mockportal.web.receiving import BrokenOff, bad_address, headers_of, is_foreign, received
from mockportal.web.world_selection import BadWorld, NamedWorlds, names_in, select_world
from mockportal.worlds import MAIN

_Found = tuple[Operation, Mapping[str, str]]

CONTROL = "/__mockportal"
_READS = ("GET", "HEAD")
_failures = logging.getLogger("mockportal")


def is_reserved(path: str) -> bool:
    """True if a path belongs to the control API."""
    return path.startswith("/__") and (path == CONTROL or path.startswith(f"{CONTROL}/"))


class _Head(NamedTuple):
    """The headers of a request, and what follows from them alone: a problem with its addresses ("" for none), and the
    worlds that they name."""

    headers: dict[str, str]
    problem: str
    names: NamedWorlds


@lru_cache(maxsize=128)
def _head_of(lines: tuple[tuple[bytes, bytes], ...]) -> _Head:
    """The headers in these lines, which clients send again and again."""
    headers = headers_of(lines)
    return _Head(headers, bad_address(headers), names_in(headers))


class OperationRoutes(BaseRoute):
    """The operations of a mock and its services, in all its worlds, as one route over the compiled paths of the
    document.

    It takes every path except those of the control API, so that an unknown path is refused in the same words, and
    journalled, as any other request.
    """

    def __init__(
        self, mock: Mock, require_world: bool = False, log: Log = no_log, cors: Cors | None = None
    ) -> None:
        self._mock = mock
        self._log = log
        self._require_world = require_world
        self._threads = Threads()
        self._cors = cors or Cors()

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Takes every HTTP request that is not for the control API."""
        is_own = scope["type"] == "http" and not is_reserved(
            scope["path"].removeprefix(scope.get("root_path", ""))
        )
        return (Match.FULL if is_own else Match.NONE), {}

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        """The path of an operation by its operationId. Raises `NoMatchFound`."""
        operation = self._mock.spec.operations.get(name)
        if operation is None:
            raise NoMatchFound(name, path_params)
        return URLPath(spell(operation, path_params).target)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one HTTP request. One that breaks off before it is whole is not carried out."""
        head = _head_of(tuple(scope["headers"]))
        headers = head.headers
        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await _send(send, 204, self._cors.preflight_headers(headers))
            return
        request, name, refusal = self._addressed(scope, head)
        found = refusal or self._found(request, name)
        if isinstance(found, Reply) and found.status == 204:  # plain OPTIONS
            allow = (b"allow", found.headers["Allow"].encode())
            await _send(send, 204, [allow, *self._cors.answer_headers(headers), exposing((b"Allow",))])
            return
        try:
            world, exchange = await self._exchange(request, name, found, receive)
        except BrokenOff:
            return
        except Exception:
            _failures.exception("%s %s failed: this is a bug of mockportal", request.method, request.path)
            await _send_bug(send, self._cors.answer_headers(headers))
            return
        self._log(world, exchange)
        await deliver(send, receive, exchange, world, self._cors, self._notes(exchange, world))

    def _notes(self, exchange: Exchange, world: World) -> dict[str, str]:
        """The headers that tell more: the reason for a refusal, else the name of its status; and what keeps a file that
        has changed from being served."""
        notes, status = {}, exchange.reply.status
        if 400 <= status < 500:
            name = responses.get(status, f"status {status}")
            notes["X-Mockportal-Reason"] = reason(self._mock.engine, world, exchange) or name
        if self._mock.problem:
            notes["X-Mockportal-Problem"] = self._mock.problem
        return notes

    def _addressed(self, scope: Scope, head: _Head) -> tuple[Request, str, Reply | None]:
        """The request without its body, the name of its world, and the refusal of one that names no possible world,
        or comes from no possible address. Such a request is journalled in `main`."""
        raw_path: str = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
        root: str = scope.get("root_path", "")
        name, path, prefix = MAIN, raw_path.removeprefix(root), ""
        problem = head.problem
        if not problem:
            try:
                name, path, prefix = select_world(path, head.names, self._require_world)
            except BadWorld as error:
                problem = str(error)
        base_url = f"{scope['scheme']}://{head.headers.get('host') or 'localhost'}{root}{prefix}"
        query = scope["query_string"].decode("latin-1")
        request = Request(scope["method"], path, query, head.headers, base_url=base_url)
        return request, name, _reply(400, problem, "router") if problem else None

    async def _exchange(
        self, request: Request, name: str, found: _Found | str | Reply, receive: Receive
    ) -> tuple[World, Exchange]:
        """The exchange of a request whose body is still to come, and its world, which is made when the request is
        whole. Raises `BrokenOff`."""
        if not isinstance(found, Reply):
            body, refusal = await received(receive, request.headers, self._limit(found))
            request = request.whole(body, found[1] if isinstance(found, tuple) else {})
            found = refusal or found
        world = self._world(name, request.headers)
        if world is None:
            world, found = self._mock.world(MAIN), _reply(*LIMITS.refusal("worlds"), "limit")
        if isinstance(found, Reply):
            return world, self._mock.engine.refuse(request, world, found)
        if isinstance(found, str):
            return world, await self._served(found, request, world)
        operation, engine = found[0], self._mock.engine
        held = engine.held(operation, request, world)
        if held is None:
            return world, await self._answered(operation, request, world)
        if len(world.held) >= LIMITS.held:
            return world, engine.refuse(request, world, _reply(*LIMITS.refusal("held"), "limit"))
        await hold(held, world, receive)
        return world, engine.released(held, world)

    async def _answered(self, operation: Operation, request: Request, world: World) -> Exchange:
        engine = self._mock.engine
        if operation.id in world.long and engine.is_worth_a_trial(operation, request, world):
            return await self._threads.answer(
                engine, request, world, partial(engine.answer, operation, request)
            )
        began = perf_counter()
        exchange = engine.answer(operation, request, world)
        if perf_counter() - began > LONG:
            world.long.add(operation.id)
        return exchange

    async def _served(self, service: str, request: Request, world: World) -> Exchange:
        engine = self._mock.engine
        work = partial(engine.serve, service, request)
        if f"services.{service}" in world.long and request.method in _READS:
            return await self._threads.answer(engine, request, world, work)
        began = perf_counter()
        exchange = work(world)
        if perf_counter() - began > LONG:
            world.long.add(exchange.operation)
        return exchange

    def _limit(self, found: _Found | str) -> str:
        """The limit on a body. Services take files, and so do some operations."""
        return "upload" if isinstance(found, str) or found[0].id in self._mock.api.uploads else "body"

    def _world(self, name: str, headers: Mapping[str, str]) -> World | None:
        """The world, made on first use; None if there is no room for one that a page of another origin asks for."""
        worlds = self._mock.worlds
        is_guest = worlds.find(name) is None and self._is_guest(headers)
        return worlds.guest_world(name) if is_guest else worlds.world(name)

    def _is_guest(self, headers: Mapping[str, str]) -> bool:
        """True for a page of another origin without a token that the mock knows."""
        if not is_foreign(headers):
            return False
        token = headers.get("authorization", "").partition(" ")[2].strip()
        known = self._mock.world().scenario.tokens
        return not token or not (token in known or not known or verified_claims(token))

    def _found(self, request: Request, world: str) -> _Found | str | Reply:
        """The operation and its path parameters, the name of a service, the first page, or the refusal."""
        method, path = request.method, request.path
        if len(path) + len(request.query) > LIMITS.url:
            return _reply(*LIMITS.refusal("url"), "limit")
        if path.startswith(SERVICES):
            service = path[len(SERVICES) :].partition("/")[0]
            return service if service in self._mock.api.services else _no_path(path)
        try:
            route = self._mock.spec.routes.find(path)
        except BadPath as error:
            return _reply(400, str(error), "router")
        if route is None:
            is_front = path == "/" and method in _READS
            return front_page(self._mock, request, world) if is_front else _no_path(path)
        found = route.operation(method)
        if found is None and method == "OPTIONS":
            return Reply(204, None, {"Allow": route.allow}, "router")
        return found or _not_allowed(method, path, route)


def _reply(status: int, message: str, answered_by: str) -> Reply:
    return Reply(status, {"message": message}, answered_by=answered_by)


def _no_path(path: str) -> Reply:
    return _reply(404, f"there is no path {path}", "router")


def _not_allowed(method: str, path: str, route: Route) -> Reply:
    body = {"message": f"{path} takes {route.allow}, not {method}"}
    return Reply(405, body, {"Allow": route.allow}, "router")


async def _send(send: Send, status: int, headers: Headers, content: bytes = b"") -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


async def _send_bug(send: Send, cors: Headers) -> None:
    """The answer where our own code has failed, outside any journal; the log has the traceback."""
    content = encode({"message": "mockportal failed to answer; its log says why"})
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(content)),
        (b"x-mockportal-answered-by", b"audit"),
        *cors,
    ]
    await _send(send, 500, headers, content)
