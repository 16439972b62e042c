"""The target side of a run over mutants: the application of a mock that is wrong in the chosen ways."""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from copy import copy
from datetime import datetime
from typing import Any, cast

from starlette.types import Receive, Scope, Send

from contracts.mutants.model import Mutant, Patch, Start
from mockportal.engine.call import Exchange, Reply, Request
from mockportal.engine.engine import Engine, Way
from mockportal.engine.world import World
from mockportal.errors import UsageError
from mockportal.mock import Mock
from mockportal.spec.operations import Operation
from mockportal.spec.routes import BadPath, Routes
from mockportal.web.app import create_app
from mockportal.web.world_selection import BadWorld, select_world
from mockportal.worlds import Worlds

Message = MutableMapping[str, Any]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]


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
    app = create_app(fresh)
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

    def play(self, operation: Operation, request: Request, world: World, now: datetime, way: Way) -> Exchange:
        """The exchange without the patches, for whoever wants to know its reasons."""
        return self._engine.play(operation, request, world, now, way)

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
        await self._app(scope, receive, send if mutant is None else _sending(mutant, send))

    def _mutant(self, scope: Scope) -> Mutant | None:
        """The one that this request meets: that of its operation, else one on its path."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        raw_path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
        try:
            _, path, _ = select_world(raw_path, headers, False)
            route = self._routes.find(path)
        except (BadWorld, BadPath):
            return None
        if route is None:
            return None
        found = route.operation(scope["method"])
        operations = (
            [found[0]]
            if found
            else [one for by_method, _ in route.candidates for one, _ in by_method.values()]
        )
        met = {operation.id for operation in operations}
        return next((mutant for mutant in self._mutants if met & mutant.seeded), None)


def _sending(mutant: Mutant, send: Send) -> Send:
    assert mutant.wire is not None
    wire = mutant.wire

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            start = wire(Start(message["status"], tuple(message["headers"])))
            message = {**message, "status": start.status, "headers": list(start.headers)}
        await send(message)

    return sending


def _check_apart(mutants: Sequence[Mutant]) -> None:
    owners: dict[str, str] = {}
    for mutant in mutants:
        for operation in mutant.operations:
            other = owners.setdefault(operation, mutant.id)
            if other != mutant.id:
                raise UsageError("mutants", f"{other} and {mutant.id} both touch {operation}")
