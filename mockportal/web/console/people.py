"""The people of a world: everybody whom a client can be, with the token that makes it so."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mockportal.web.control.input import as_json, mock_of, world_of


async def list_people(request: Request) -> Response:
    """`{"people": [{user, name, email, role, group, status, kind, token}]}`"""
    world = world_of(request)
    return as_json({"people": mock_of(request).api.people(world.scenario, world.draft())})


ROUTES = (Route("/worlds/{world}/people", list_people, methods=["GET"]),)
