"""Worlds: list, create, fork, delete and reset them, and play what their scenario expects."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mockportal.config import LIMITS
from mockportal.engine.world import World
from mockportal.errors import hint
from mockportal.expectations import failures
from mockportal.mock import Mock
from mockportal.values import Record, whole_of
from mockportal.web.control.input import (
    as_json,
    beside,
    body_of,
    check_no_body,
    clock_of,
    mock_of,
    text_of,
    world_json,
    world_of,
)
from mockportal.web.control.journalled import RESET, journalled
from mockportal.web.control.time_travel import moment_of
from mockportal.web.world_selection import check_world_name


async def list_worlds(request: Request) -> Response:
    """Every world there is, the one unused for longest first, and the memory that they keep, in bytes."""
    worlds = mock_of(request).worlds
    listed = [_with_bytes(request, world) for world in worlds]
    return as_json({"worlds": listed, "bytes": worlds.bytes, "limit": LIMITS.total_bytes})


async def create_world(request: Request) -> Response:
    """A world by name, or with the next free one: from a scenario, seed and clock of its own, or as a fork."""
    mock = mock_of(request)
    asked = await body_of(request, "name", "scenario", "seed", "clock", "from")
    free = next(f"w{n}" for n in range(1, LIMITS.worlds + 2) if f"w{n}" not in mock.worlds)
    name = text_of(asked, "name", free)
    check_world_name(name)
    if name in mock.worlds:
        raise HTTPException(409, f"there is a world {name!r} already")
    if "from" in asked:
        return as_json(world_json(_forked(mock, name, asked), request), 201)
    seed = whole_of(asked.get("seed"))
    if "seed" in asked and (not isinstance(seed, int) or isinstance(seed, bool)):
        raise HTTPException(400, "seed is not an integer")
    clock = clock_of(text_of(asked, "clock", ""), False) if "clock" in asked else None
    source = _source_of(asked) if "scenario" in asked else None
    return as_json(world_json(mock.worlds.add(name, mock.scenario(source, seed, clock)), request), 201)


def _forked(mock: Mock, name: str, asked: Record) -> World:
    """A world that goes on from a moment of another one: now, or right after an exchange."""
    source, extra = asked["from"], asked.keys() - {"name", "from"}
    if extra:
        raise HTTPException(400, f"{min(extra)} and from exclude each other")
    if (
        not isinstance(source, dict)
        or not isinstance(source.get("world"), str)
        or source.keys() - {"world", "n"}
    ):
        raise HTTPException(400, "from is an object with world, and n for the exchange after which to go on")
    world = mock.worlds.find(source["world"])
    if world is None:
        known = hint(source["world"], [one.name for one in mock])
        raise HTTPException(404, f"there is no world {source['world']!r}{known}")
    moment = moment_of(world, source["n"]) if "n" in source else world.moment()
    return mock.worlds.add(name, moment.scenario, moment)


async def delete_world(request: Request) -> Response:
    """Forgets a world."""
    name = request.path_params["world"]
    if not mock_of(request).worlds.remove(name):
        raise HTTPException(404, f"there is no world {name!r}")
    return Response(status_code=204)


async def reset_world(request: Request) -> Response:
    """Takes a world back to its scenario, or to another one, as the files say now."""
    mock, world = mock_of(request), world_of(request)
    asked = await body_of(request, "scenario")
    named = "scenario" in asked
    world.reset(mock.scenario(_source_of(asked)) if named else mock.renewed(world.scenario))
    return as_json(world_json(world, request))


async def verify_world(request: Request) -> Response:
    """Plays the expectations of the world's scenario from its start, in a world that nobody else sees."""
    scenario = world_of(request).scenario
    await check_no_body(request)
    engine = mock_of(request).engine
    found = await beside(request, lambda: failures(scenario, engine))
    return as_json(
        {
            "scenario": scenario.name,
            "holds": not found,
            "expectations": len(scenario.expect),
            "failures": [failure.to_json() for failure in found],
        }
    )


def _source_of(asked: Record) -> str | Record:
    """The scenario that is asked for: a name, the path to a file, or what such a file holds."""
    source: str | Record = asked["scenario"]
    if not isinstance(source, str | dict):
        raise HTTPException(
            400, "scenario is neither a name nor an object, which would hold what its file does"
        )
    return source


def _with_bytes(request: Request, world: World) -> Record:
    kept = {
        "journal": world.journal.bytes,
        "state": world.bytes - world.forgettable,
        "answers": world.answers.bytes,
    }
    return {**world_json(world, request), "entries": world.journal.last, "bytes": kept}


ROUTES = (
    Route("/worlds", list_worlds, methods=["GET"]),
    Route("/worlds", create_world, methods=["POST"]),
    Route("/worlds/{world}", delete_world, methods=["DELETE"]),
    Route("/worlds/{world}/reset", journalled(RESET, reset_world), methods=["POST"]),
    Route("/worlds/{world}/verify", verify_world, methods=["POST"]),
)
