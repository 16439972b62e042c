"""Time travel in a world: moments of its journal and named snapshots, to look at, to compare and to go back to."""

import re

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mockportal.engine.moments import Moment
from mockportal.engine.world import World
from mockportal.errors import hint
from mockportal.state.changes import state_patch
from mockportal.state.clock import timestamp
from mockportal.values import Json, Record, whole_of
from mockportal.web.control.input import (
    as_json,
    beside,
    body_of,
    check_no_body,
    check_query,
    mock_of,
    world_json,
    world_of,
)
from mockportal.web.control.journalled import RESTORE, REWIND, journalled

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


async def list_snapshots(request: Request) -> Response:
    """`{"snapshots": [{name, now, scenario}]}`, the oldest first."""
    world = world_of(request)
    return as_json({"snapshots": [_snapshot(name, one) for name, one in world.snapshots.items()]})


async def put_snapshot(request: Request) -> Response:
    """Keeps state, clock and rules under a name, in place of an older snapshot of that name."""
    world, name = world_of(request), request.path_params["name"]
    await check_no_body(request)
    if not _NAME.fullmatch(name) or name.isdigit():
        problem = "use up to 80 letters, digits, dots, - and _, not digits alone"
        raise HTTPException(400, f"{name!r} is not a name of a snapshot: {problem}")
    is_new = name not in world.snapshots
    world.keep_snapshot(name)
    return as_json(_snapshot(name, world.snapshots[name]), 201 if is_new else 200)


async def get_snapshot(request: Request) -> Response:
    """`{name, now, scenario, state}`, the state as the number of records in each collection."""
    world, name = world_of(request), request.path_params["name"]
    kept = _kept(world, name)
    return as_json({**_snapshot(name, kept), "state": kept.state.counts()})


async def delete_snapshot(request: Request) -> Response:
    """Forgets a snapshot."""
    world, name = world_of(request), request.path_params["name"]
    _kept(world, name)
    del world.snapshots[name]
    return Response(status_code=204)


async def restore_snapshot(request: Request) -> Response:
    """Goes back to a snapshot."""
    world = world_of(request)
    await check_no_body(request)
    world.go_to(_kept(world, request.path_params["name"]))
    return as_json(world_json(world))


async def rewind(request: Request) -> Response:
    """Goes back to the moment right after an exchange: `{"to": n}`, 0 for the start."""
    world = world_of(request)
    asked = await body_of(request, "to")
    world.go_to(moment_of(world, asked.get("to")))
    return as_json(world_json(world))


async def diff_moments(request: Request) -> Response:
    """`{"patch": […]}`: the changes between two moments, each an exchange or a snapshot; from the start until now."""
    check_query(request, "from", "to")
    world = world_of(request)
    before = _moment_named(world, request.query_params.get("from", "0"))
    to = request.query_params.get("to")
    after = world.state if to is None else _moment_named(world, to).state
    names = world.scenario.names
    return await beside(request, lambda: as_json({"patch": state_patch(before.state, after, names)}))


async def diff_worlds(request: Request) -> Response:
    """`{"patch": […]}`: the changes that make the state of the world `left` into that of the world `right`."""
    check_query(request, "left", "right")
    left, right = (_world_named(request, side) for side in ("left", "right"))
    states, names = (left.state, right.state), {**right.scenario.names, **left.scenario.names}
    return await beside(request, lambda: as_json({"patch": state_patch(*states, names)}))


def moment_of(world: World, n: Json) -> Moment:
    """The world right after exchange `n`, 0 for its start. Raises `HTTPException` if that is not kept."""
    n = whole_of(n)
    if not isinstance(n, int) or isinstance(n, bool) or n < 0:
        raise HTTPException(400, "the number of an exchange is a whole number; 0 is the start")
    moment = world.moment_after(n)
    if moment is None:
        kept = [exchange.n for exchange in world.journal]
        which = f"entries {kept[0]} to {kept[-1]}" if kept else "no entries"
        raise HTTPException(404, f"the journal of {world.name} has no entry {n}: it keeps {which}")
    return moment


def _moment_named(world: World, name: str) -> Moment:
    """The moment after an exchange, by its number, or a snapshot, by its name."""
    return moment_of(world, int(name[:18])) if name.isascii() and name.isdigit() else _kept(world, name)


def _kept(world: World, name: str) -> Moment:
    if name not in world.snapshots:
        raise HTTPException(404, f"there is no snapshot {name!r}{hint(name, world.snapshots)}")
    return world.snapshots[name]


def _world_named(request: Request, side: str) -> World:
    """A world that there is: a comparison makes none."""
    name, worlds = request.query_params.get(side, ""), mock_of(request).worlds
    world = worlds.find(name)
    if world is None:
        names = [one.name for one in worlds]
        raise HTTPException(404 if name else 400, f"{side}: there is no world {name!r}{hint(name, names)}")
    return world


def _snapshot(name: str, moment: Moment) -> Record:
    return {"name": name, "now": timestamp(moment.now), "scenario": moment.scenario.name}


_SNAPSHOT = "/worlds/{world}/snapshots/{name}"
ROUTES = (
    Route("/worlds/{world}/snapshots", list_snapshots, methods=["GET"]),
    Route(_SNAPSHOT, put_snapshot, methods=["PUT"]),
    Route(_SNAPSHOT, get_snapshot, methods=["GET"]),
    Route(_SNAPSHOT, delete_snapshot, methods=["DELETE"]),
    Route(f"{_SNAPSHOT}/restore", journalled(RESTORE, restore_snapshot), methods=["POST"]),
    Route("/worlds/{world}/rewind", journalled(REWIND, rewind), methods=["POST"]),
    Route("/worlds/{world}/diff", diff_moments, methods=["GET"]),
    Route("/diff", diff_worlds, methods=["GET"]),
)
