"""The endpoint of the document."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mockportal.web.api import CONTROL
from mockportal.web.control.input import as_json, mock_of
from mockportal.web.document.assembly import control_document


async def document(request: Request) -> Response:
    """The OpenAPI document of the control API, with the address at which it was asked for."""
    address = f"{str(request.base_url).rstrip('/')}{CONTROL}"
    return as_json(control_document(mock_of(request), address))


ROUTES = (Route("/openapi.json", document, methods=["GET"]),)
