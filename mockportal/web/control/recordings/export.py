"""The session of a world as a scenario."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mockportal.errors import hint
from mockportal.recordings.sessions.export import export
from mockportal.recordings.sessions.smaller import minimised
from mockportal.web.control.input import beside, check_query, mock_of


async def export_world(request: Request) -> Response:
    """The text of a scenario that plays the session of a world again; with `minimize=true` only what its last answer
    depends on."""
    check_query(request, "minimize")
    mock, name = mock_of(request), request.path_params["world"]
    world = mock.worlds.find(name)
    if world is None:
        raise HTTPException(404, f"there is no world {name!r}{hint(name, [one.name for one in mock])}")
    minimize = request.query_params.get("minimize", "false")
    if minimize not in ("true", "false"):
        raise HTTPException(400, "minimize is neither true nor false")
    still = world.still()
    text = await beside(
        request, lambda: export(mock, minimised(mock, still) if minimize == "true" else still)
    )
    return Response(text, media_type="application/yaml")


ROUTES = (Route("/worlds/{world}/export", export_world, methods=["GET"]),)
