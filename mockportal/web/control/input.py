"""Reads a request to the control API, its body and the names in its path, and writes answers.

Bad input raises `HTTPException`.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from mockportal.engine.world import World
from mockportal.errors import hint
from mockportal.mock import Mock
from mockportal.state.clock import Clock, clock_at, clock_instant, timestamp
from mockportal.state.data_model import Kind
from mockportal.values import Json, Record, decode, encode
from mockportal.web.delivery.threads import Threads
from mockportal.web.world_selection import check_world_name, world_addresses

_T = TypeVar("_T")


async def body_of(request: Request, *known: str) -> Record:
    """The JSON object of a request; nothing is an empty one. With `known`, no other keys."""
    data = await request.body()  # whole, and of type JSON: `ControlAccess` has looked at it
    if not data:
        return {}
    try:
        value = decode(data)
    except ValueError as error:
        raise HTTPException(400, f"the body is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise HTTPException(400, "the body must be a JSON object")
    for name in value:
        if known and name not in known:
            raise HTTPException(400, f"unknown key {name!r}{hint(name, known)}")
    return value


async def check_no_body(request: Request) -> None:
    """Raises `HTTPException` for a body that is more than an empty object."""
    for name in await body_of(request):
        raise HTTPException(400, f"unknown key {name!r}: there is nothing to say here")


def check_query(request: Request, *known: str) -> None:
    """Raises `HTTPException` for a parameter that an endpoint does not have."""
    for name in request.query_params:
        if name not in known:
            listed = f" (known: {', '.join(known)})" if known else ""
            raise HTTPException(400, f"unknown parameter {name!r}{hint(name, known)}{listed}")


def text_of(asked: Record, name: str, default: str) -> str:
    value = asked.get(name, default)
    if not isinstance(value, str):
        raise HTTPException(400, f"{name} is not a text")
    return value


def number_of(text: str, name: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise HTTPException(400, f"{name} is not a whole number")
    return int(text)


def clock_of(moment: datetime | str, ticking: bool) -> Clock:
    """A clock at an instant, or at the one that a text names."""
    try:
        at = clock_instant(moment) if isinstance(moment, str) else moment
        return clock_at(at, ticking)
    except ValueError as error:
        raise HTTPException(400, str(error)) from None


async def beside(request: Request, work: Callable[[], _T]) -> _T:
    """The result of work that may take long, in a thread: it touches nothing that the loop changes."""
    threads: Threads = request.app.state.threads
    return await threads.run(work)


def mock_of(request: Request) -> Mock:
    """The mock that is controlled."""
    mock: Mock = request.app.state.mock
    return mock


def world_of(request: Request) -> World:
    """The world that a path names, made if there is none. Raises `BadWorld`."""
    name = request.path_params["world"]
    check_world_name(name)
    return mock_of(request).world(name)


def kind_of(request: Request, world: World) -> Kind:
    """The collection that a path names."""
    name, kinds = request.path_params["kind"], world.scenario.data.kinds
    if name not in kinds:
        raise HTTPException(404, f"there is no collection {name!r}{hint(name, kinds)}")
    return kinds[name]


def clock_json(clock: Clock) -> Record:
    """`{now, mode}`"""
    return {"now": timestamp(clock.now()), "mode": "ticking" if clock.ticking else "frozen"}


def world_json(world: World, request: Request | None = None) -> Record:
    """`{name, scenario, seed, now, mode}`; for a request also the `urls` that lead to the world."""
    scenario = world.scenario
    told = {"name": world.name, "scenario": scenario.name, "seed": scenario.seed, **clock_json(world.clock)}
    if request is None:
        return told
    return {**told, "urls": world_addresses(world.name, str(request.base_url).rstrip("/"))}


def as_json(value: Json, status: int = 200) -> Response:
    """The answer with this body."""
    return Response(encode(value), status, media_type="application/json")
