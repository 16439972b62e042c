"""What a request to the control API says: its body, its values and the names in its path. Raises `HTTPException`."""

from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request

from mockportal.config import LIMITS
from mockportal.engine.world import World
from mockportal.errors import hint
from mockportal.state.clock import Clock, clock_at, instant
from mockportal.state.kinds import KINDS, Kind
from mockportal.values import Record, decode


async def body_of(request: Request, *known: str) -> Record:
    """The JSON object of a request; nothing is an empty one. With `known`, no other keys."""
    data = b""
    async for chunk in request.stream():
        data += chunk
        if len(data) > LIMITS.body:
            raise HTTPException(413, f"the body is larger than {LIMITS.body} bytes")
    if not data:
        return {}
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415, "the body must be application/json")
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


def text_of(asked: Record, name: str, default: str) -> str:
    value = asked.get(name, default)
    if not isinstance(value, str):
        raise HTTPException(400, f"{name} is not a text")
    return value


def number_of(text: str, name: str) -> int:
    if not text.isdigit() or len(text) > 9:
        raise HTTPException(400, f"{name} is not a whole number")
    return int(text)


def clock_of(moment: datetime | str, ticking: bool) -> Clock:
    """A clock at an instant, or at the one that a text names."""
    try:
        at = instant(moment) if isinstance(moment, str) else moment
    except ValueError:
        raise HTTPException(400, f"{moment!r} is not an RFC 3339 instant") from None
    try:
        return clock_at(at, ticking)
    except ValueError as error:
        raise HTTPException(400, str(error)) from None


def kind_of(request: Request) -> Kind:
    """The collection that a path names."""
    name = request.path_params["kind"]
    if name not in KINDS:
        raise HTTPException(404, f"there is no collection {name!r}{hint(name, KINDS)}")
    return KINDS[name]


def user_of(world: World, path: str) -> Record:
    """The portal user with this id or alias, as in `portal_user/anna`."""
    kind, _, name = path.rpartition("/")
    user = world.draft().collection("portal_user").find(world.scenario.id_of("portal_user", name))
    if kind not in ("", "portal_user") or user is None:
        raise HTTPException(
            404, f"there is no {path!r}{hint(name, world.scenario.aliases.get('portal_user', ()))}"
        )
    return user
