"""The journal as an HTTP Archive."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mockportal.recordings.har_log import har_of
from mockportal.web.control.input import as_json, mock_of, world_of
from mockportal.web.control.journal.chosen import chosen
from mockportal.web.control.journalled import OPERATIONS
from mockportal.web.exchange_view import hiding


async def get_har(request: Request) -> Response:
    """The requests of the journal as HAR 1.2, the oldest first; the query chooses among them as in the list."""
    world = world_of(request)
    exchanges = chosen(world.journal, request.query_params, (*mock_of(request).spec.operations, *OPERATIONS))
    address = str(request.base_url).rstrip("/")
    response = as_json(har_of(exchanges, address, world.name, lambda exchange: hiding(exchange, world)))
    response.headers["content-disposition"] = f'attachment; filename="{world.name}.har"'
    return response


ROUTES = (Route("/worlds/{world}/journal.har", get_har, methods=["GET"]),)
