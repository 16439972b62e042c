"""Running worlds put on a new base: what was done in each is done again there."""

from starlette.types import ASGIApp, Message, Scope

from mockportal.engine.call import Exchange, Request
from mockportal.engine.engine import Way
from mockportal.engine.world import World
from mockportal.mock import Mock
from mockportal.state.clock import clock_at, instant
from mockportal.web.control.app import control_app
from mockportal.web.control.journalled import RESET

_SERVICE = "services."
_CONTROL = "/__mockportal"


async def rebase(mock: Mock, fresh: Mock) -> list[str]:
    """Puts a mock, and each world that was made from its served scenario, on the base of a `fresh` one. Returns a line
    for each of these worlds that has to stay as it was."""
    followed = sorted((world for world in mock if mock.follows(world)), key=lambda world: world.name)
    control = control_app(fresh)
    for world in followed:
        if _reason(world) == "":
            await _replay(world, fresh, control)
    mock.take_over(fresh)
    for world in followed:
        if _reason(world) == "":
            _move(world, fresh.world(world.name))
    return [f"the world {one.name} stays as it was: {_reason(one)}" for one in followed if _reason(one)]


def _reason(world: World) -> str:
    """The reason why a world cannot be played again from its start; "" if it can."""
    first = next((exchange.n for exchange in world.journal), world.journal.last + 1)
    if first > 1:
        return f"its journal begins at entry {first}"
    return "" if world.start.state is world.start.scenario.state else "it is a fork"


async def _replay(world: World, fresh: Mock, control: ASGIApp) -> None:
    """Does in the fresh mock what was done in a world. Each entry keeps its number."""
    trial = fresh.world(world.name)
    for exchange in world.journal:
        if trial.clock.ticking:
            trial.clock = clock_at(instant(exchange.at), ticking=True, step=trial.clock.step)
        await _repeat(exchange, trial, fresh, control)
        while trial.journal.last < exchange.n:  # what is refused now, or cannot be repeated
            trial.note(exchange.operation, exchange.request, exchange.reply.status, b"", trial.state)


async def _repeat(exchange: Exchange, trial: World, fresh: Mock, control: ASGIApp) -> None:
    request, name = exchange.request, exchange.operation
    if name in fresh.spec.operations:
        operation = fresh.spec.operations[name]
        fresh.engine.play(operation, request, trial, trial.clock.now(), Way(trial.state))
    elif name.startswith(_SERVICE):
        fresh.engine.serve(name.removeprefix(_SERVICE), request, trial)
    elif request.path.startswith(_CONTROL):
        await _controlled(request, control)


async def _controlled(request: Request, control: ASGIApp) -> None:
    """Sends a request to the control API."""
    headers = {**request.headers, "content-length": str(len(request.body))}
    scope: Scope = {
        "type": "http",
        "method": request.method,
        "scheme": "http",
        "path": request.path,
        "raw_path": request.path.encode(),
        "root_path": _CONTROL,
        "query_string": request.query.encode(),
        "headers": [(key.encode("latin-1"), value.encode("latin-1")) for key, value in headers.items()],
    }

    async def receive() -> Message:
        return {"type": "http.request", "body": request.body, "more_body": False}

    async def ignore(_: Message) -> None:
        pass

    await control(scope, receive, ignore)


def _move(world: World, trial: World) -> None:
    """Takes a world to where its trial has come."""
    before = world.state
    world.go_to(trial.moment())
    world.start, world.snapshots = trial.start, trial.snapshots
    world.note(RESET, Request("", ""), 200, b"", before)
