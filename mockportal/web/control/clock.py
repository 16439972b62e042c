"""The clock of a world: read, set and advanced."""

from dataclasses import replace
from datetime import timedelta

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mockportal.state.clock import duration, step_of
from mockportal.values import Json
from mockportal.web.control.input import as_json, body_of, clock_json, clock_of, text_of, world_of
from mockportal.web.control.journalled import CLOCK, journalled


async def get_clock(request: Request) -> Response:
    """`{now, mode}`"""
    return as_json(clock_json(world_of(request).clock))


async def set_clock(request: Request) -> Response:
    """Sets the time, the mode, the step of a frozen clock, or several of them."""
    world = world_of(request)
    asked = await body_of(request, "now", "mode", "step")
    mode = text_of(asked, "mode", "ticking" if world.clock.ticking else "frozen")
    if mode not in ("frozen", "ticking"):
        raise HTTPException(400, f"mode {mode!r} is neither frozen nor ticking")
    now = text_of(asked, "now", "") if "now" in asked else world.clock.now()
    step = _step_of(asked["step"]) if "step" in asked else world.clock.step
    world.clock = replace(clock_of(now, mode == "ticking"), step=step)
    return as_json(clock_json(world.clock))


async def advance_clock(request: Request) -> Response:
    """Moves the time on: `{"by": "P14D"}`."""
    world = world_of(request)
    asked = await body_of(request, "by")
    try:
        world.clock = world.clock.advanced(duration(text_of(asked, "by", "")))
    except ValueError as error:
        raise HTTPException(400, f"by: {error}") from None
    return as_json(clock_json(world.clock))


def _step_of(raw: Json) -> timedelta:
    try:
        if isinstance(raw, str) or (raw == 0 and not isinstance(raw, bool)):
            return step_of(raw)
    except ValueError as error:
        raise HTTPException(400, f"step: {error}") from None
    raise HTTPException(400, "step is not a text such as 1ms")


ROUTES = (
    Route("/worlds/{world}/clock", get_clock, methods=["GET"]),
    Route("/worlds/{world}/clock", journalled(CLOCK, set_clock), methods=["PUT"]),
    Route("/worlds/{world}/clock/advance", journalled(CLOCK, advance_clock), methods=["POST"]),
)
