"""The exchanges that rules hold: listed with what each would do, and released."""

from collections.abc import Iterator

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mockportal.engine.rules.held import Held
from mockportal.engine.world import World
from mockportal.state.changes import state_patch
from mockportal.state.rules.actions import unsendable
from mockportal.values import Json, Record, whole_of
from mockportal.web.control.input import as_json, body_of, number_of, world_of
from mockportal.web.exchange_view import whole

_PARTS = ("status", "body", "headers")


async def list_held(request: Request) -> Response:
    """`{"held": [{n, rule, operation, …, request, response, changes}]}`, the oldest first: what each would answer, and
    what it would change, as JSON Patch."""
    world = world_of(request)
    return as_json({"held": [_shown(held, world) for held in world.held.values()]})


async def release_held(request: Request) -> Response:
    """Lets an exchange go on as it is, or with another answer: `{reply: {status, body, headers}}`, or a `patch`."""
    world = world_of(request)
    n = number_of(request.path_params["n"], "the number of a held exchange")
    edit = {name: _whole(part) for name, part in (await body_of(request, "reply", "patch")).items()}
    for problem in _problems(edit):
        raise HTTPException(400, problem)
    held = world.held.get(n)
    if held is None:
        waiting = ", ".join(map(str, world.held)) or "none"
        raise HTTPException(404, f"no exchange {n} is held: {waiting}")
    held.edit = edit
    held.release()
    return Response(status_code=204)


def _whole(part: Json) -> Json:
    has_status = isinstance(part, dict) and "status" in part
    return {**part, "status": whole_of(part["status"])} if has_status else part


def _problems(edit: Record) -> Iterator[str]:
    if len(edit) > 1:
        yield "reply and patch exclude each other"
    for name, part in edit.items():
        if not isinstance(part, dict) or part.keys() - {*_PARTS}:
            yield f"{name} is an object with {', '.join(_PARTS)}"
        elif "status" not in part and name == "reply":
            yield "reply has no status"
        else:
            yield from _part_problems(name, part)


def _part_problems(name: str, part: Record) -> Iterator[str]:
    status, headers = part.get("status", 200), part.get("headers", {})
    if not isinstance(status, int) or isinstance(status, bool) or status > 599:
        yield f"{name}/status is no status"
    elif not isinstance(headers, dict) or not all(isinstance(value, str) for value in headers.values()):
        yield f"{name}/headers is an object of texts"
    else:
        yield from (f"{name}{pointer}: {problem}" for pointer, problem in unsendable(part))


def _shown(held: Held, world: World) -> Record:
    preview = held.preview
    changes = state_patch(preview.before, preview.after, world.scenario.names)
    entry = whole(preview, world)
    return {**entry, "n": held.n, "hold": held.hit.action.hold, "changes": changes}


ROUTES = (
    Route("/worlds/{world}/held", list_held, methods=["GET"]),
    Route("/worlds/{world}/held/{n}/release", release_held, methods=["POST"]),
)
