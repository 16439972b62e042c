"""Worlds: list, create, delete and reset them, and play what their scenario expects. Also the health of the server."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mockportal.config import LIMITS
from mockportal.engine.world import World
from mockportal.expectations import failures
from mockportal.values import Record
from mockportal.web.control.input import (
    as_json,
    body_of,
    clock_json,
    clock_of,
    mock_of,
    text_of,
    world_of,
)
from mockportal.web.control.journalled import RESET, journalled
from mockportal.web.world_selection import check_world_name


async def health(request: Request) -> Response:
    """Tells that the server is alive, and what it serves."""
    mock = mock_of(request)
    return as_json(
        {
            "status": "ok",
            "scenario": mock.setup.scenario,
            "operations": len(mock.spec.operations),
            "spec_sha256": mock.spec.sha256,
        }
    )


async def spec(request: Request) -> Response:
    """The contract as compiled: the document with the overlay applied."""
    return as_json(mock_of(request).spec.document)


async def list_worlds(request: Request) -> Response:
    """Every world there is."""
    return as_json({"worlds": [_world_json(world) for world in mock_of(request)]})


async def create_world(request: Request) -> Response:
    """A world by name, or with the next free one, from a scenario, seed and clock of its own."""
    mock = mock_of(request)
    asked = await body_of(request, "name", "scenario", "seed", "clock")
    taken = {world.name for world in mock}
    free = next(f"w{n}" for n in range(1, LIMITS.worlds + 2) if f"w{n}" not in taken)
    name = text_of(asked, "name", free)
    check_world_name(name)
    if name in taken:
        raise HTTPException(409, f"there is a world {name!r} already")
    seed = asked.get("seed")
    if seed is not None and (not isinstance(seed, int) or isinstance(seed, bool)):
        raise HTTPException(400, "seed is not an integer")
    clock = clock_of(text_of(asked, "clock", ""), False) if "clock" in asked else None
    source = _source_of(asked) if "scenario" in asked else None
    return as_json(_world_json(mock.add(name, mock.scenario(source, seed, clock))), 201)


async def delete_world(request: Request) -> Response:
    """Forgets a world."""
    name = request.path_params["world"]
    if not mock_of(request).remove(name):
        raise HTTPException(404, f"there is no world {name!r}")
    return Response(status_code=204)


async def reset_world(request: Request) -> Response:
    """Takes a world back to its scenario, or to another one, as the files say now."""
    mock, world = mock_of(request), world_of(request)
    asked = await body_of(request, "scenario")
    named = "scenario" in asked
    world.reset(mock.scenario(_source_of(asked)) if named else mock.renewed(world.scenario))
    return as_json(_world_json(world))


async def verify_world(request: Request) -> Response:
    """Plays the expectations of the world's scenario from its start, in a world that nobody else sees."""
    scenario = world_of(request).scenario
    found = failures(scenario, mock_of(request).engine)
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


def _world_json(world: World) -> Record:
    scenario = world.scenario
    return {"name": world.name, "scenario": scenario.name, "seed": scenario.seed, **clock_json(world.clock)}


ROUTES = (
    Route("/health", health, methods=["GET"]),
    Route("/spec.json", spec, methods=["GET"]),
    Route("/worlds", list_worlds, methods=["GET"]),
    Route("/worlds", create_world, methods=["POST"]),
    Route("/worlds/{world}", delete_world, methods=["DELETE"]),
    Route("/worlds/{world}/reset", journalled(RESET, reset_world), methods=["POST"]),
    Route("/worlds/{world}/verify", verify_world, methods=["POST"]),
)
