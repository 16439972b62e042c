"""An exchange as a program that sends it again."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mockportal.errors import hint
from mockportal.programs.kinds import KINDS, code_of
from mockportal.programs.sending import Unsendable
from mockportal.web.control.input import as_json, check_query, mock_of, world_of
from mockportal.web.control.journal.entries import exchange_of
from mockportal.web.exchange_view import hiding


async def get_code(request: Request) -> Response:
    """`{as, language, code, variables}`: the exchange as a program of the kind that the query asks for."""
    check_query(request, "as")
    kind = request.query_params.get("as", "")
    if kind not in KINDS:
        raise HTTPException(400, f"as={kind} is not known{hint(kind, KINDS)} (known: {', '.join(KINDS)})")
    world, exchange = world_of(request), exchange_of(request)
    if not exchange.request.method:
        raise HTTPException(404, f"entry {exchange.n} is not a request, so no program can send it")
    server = str(request.base_url).rstrip("/")
    try:
        return as_json(code_of(kind, exchange, world, mock_of(request).api, server, hiding(exchange, world)))
    except Unsendable as problem:
        raise HTTPException(400, str(problem)) from None


ROUTES = (Route("/worlds/{world}/journal/{n}/code", get_code, methods=["GET"]),)
