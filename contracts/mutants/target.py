"""The target side of a run over mutants: the application of a mock that is wrong in the chosen ways."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from copy import copy
from datetime import datetime
from typing import Any, cast

from starlette.types import Receive, Scope, Send

from contracts.mutants.model import OVERLAPS, Mutant, Patch, Start
from mockportal.engine.call import Exchange, Reply, Request
from mockportal.engine.engine import Engine, Way
from mockportal.engine.world import World
from mockportal.errors import UsageError
from mockportal.mock import Mock
from mockportal.spec.operations import Operation
from mockportal.spec.routes import BadPath, Routes
from mockportal.web.app import create_app
from mockportal.web.world_selection import BadWorld, names_in, select_world
from mockportal.worlds import Worlds

Message = MutableMapping[str, Any]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]
_TURNS = 50  # of the event loop, in which another request may arrive


def mutated(mock: Mock, mutants: Sequence[Mutant]) -> Asgi:
    """The application of a mock like `mock`, in fresh worlds, with all of these mutants in it; nothing is read again.

    Raises `UsageError` where two of them touch the same operation.
    """
    _check_apart(mutants)
    fresh = copy(mock)
    fresh.worlds = Worlds(mock.worlds.default)
    patches = {operation: mutant.patch for mutant in mutants for operation in mutant.seeded}
    fresh.engine = cast(Engine, _PatchedEngine(mock.engine, patches))
    wired = [mutant for mutant in mutants if mutant.wire is not None]
    app: Asgi = create_app(fresh)
    overlapping = [mutant for mutant in mutants if mutant.overlaps]
    if overlapping:
        app = _Overlapping(app, mock.spec.routes, overlapping)
    return _Wired(app, mock.spec.routes, wired) if wired else app


class _PatchedEngine:
    """An engine in whose place the patches answer, operation by operation; they act after its audit."""

    def __init__(self, engine: Engine, patches: Mapping[str, Patch]) -> None:
        self._engine = engine
        self._patches = patches
        self.spec = engine.spec
        self.responders = engine.responders

    def answer(self, operation: Operation, request: Request, world: World) -> Exchange:
        patch = self._patches.get(operation.id)
        if patch is None:
            return self._engine.answer(operation, request, world)
        return patch(operation, request, world, self._engine.answer)

    def held(self, operation: Operation, request: Request, world: World) -> None:
        """None: no rule is at work."""

    def is_worth_a_trial(self, operation: Operation, request: Request, world: World) -> bool:
        """False: a patch may keep something between two requests."""
        return False

    def play(self, operation: Operation, request: Request, world: World, now: datetime, way: Way) -> Exchange:
        """The exchange without the patches, for whoever wants to know its reasons."""
        return self._engine.play(operation, request, world, now, way)

    def serve(self, service: str, request: Request, world: World) -> Exchange:
        """A service beside the contract, such as the files: right as ever."""
        return self._engine.serve(service, request, world)

    def refuse(self, request: Request, world: World, reply: Reply) -> Exchange:
        return self._engine.refuse(request, world, reply)


class _Wired:
    """An application whose answers are changed on the wire. Where they are not, the server's own `send` is used."""

    def __init__(self, app: Asgi, routes: Routes, mutants: Sequence[Mutant]) -> None:
        self._app = app
        self._routes = routes
        self._mutants = mutants

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        mutant = self._mutant(scope) if scope["type"] == "http" else None
        await self._app(scope, receive, send if mutant is None else _sending(mutant, scope["method"], send))

    def _mutant(self, scope: Scope) -> Mutant | None:
        """The one that this request meets: that of its operation, else one on its path."""
        met = _met(self._routes, scope)
        return next((mutant for mutant in self._mutants if met & mutant.seeded), None)


class _Overlapping:
    """An application that marks requests to one operation and world which are under way together."""

    def __init__(self, app: Asgi, routes: Routes, mutants: Sequence[Mutant]) -> None:
        self._app = app
        self._routes = routes
        self._seeded = frozenset(operation for mutant in mutants for operation in mutant.seeded)
        self._under_way: Counter[tuple[bytes, ...]] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        met = _met(self._routes, scope) & self._seeded if scope["type"] == "http" else frozenset()
        if not met:
            await self._app(scope, receive, send)
            return
        world = next((value for name, value in scope["headers"] if name == b"x-mockportal-world"), b"")
        key = (world, *sorted(operation.encode() for operation in met))
        self._under_way[key] += 1
        number = self._under_way[key]
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        others, mark = self._under_way[key] > 1, b"first" if number == 1 else b"later"
        more = [(OVERLAPS.encode(), mark)] if others or number > 1 else []
        await self._app({**scope, "headers": [*scope["headers"], *more]}, receive, send)
        self._under_way[key] -= 1


def _met(routes: Routes, scope: Scope) -> frozenset[str]:
    """The operation that a request means, else those of its path."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    raw_path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    try:
        _, path, _ = select_world(raw_path, names_in(headers), False)
        route = routes.find(path)
    except (BadWorld, BadPath):
        return frozenset()
    if route is None:
        return frozenset()
    found = route.operation(scope["method"])
    every = [one for by_method, _ in route.candidates for one, _ in by_method.values()]
    return frozenset(operation.id for operation in ([found[0]] if found else every))


def _sending(mutant: Mutant, method: str, send: Send) -> Send:
    assert mutant.wire is not None
    wire, tail = mutant.wire, b""

    async def sending(message: Message) -> None:
        nonlocal tail
        if message["type"] == "http.response.start":
            start = wire(Start(message["status"], tuple(message["headers"]), method))
            message = {**message, "status": start.status, "headers": list(start.headers)}
            tail = start.tail
        elif tail and not message.get("more_body"):
            message = {**message, "body": message.get("body", b"") + tail}
        await send(message)

    return sending


def _check_apart(mutants: Sequence[Mutant]) -> None:
    owners: dict[str, str] = {}
    for mutant in mutants:
        for operation in mutant.operations:
            other = owners.setdefault(operation, mutant.id)
            if other != mutant.id:
                raise UsageError("mutants", f"{other} and {mutant.id} both touch {operation}")
