"""The journal of a world, and the mails that would have been sent."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mockportal.engine.journal import brief
from mockportal.web.control.input import as_json, mock_of, world_of
from mockportal.web.control.journal_view import chosen, whole


async def list_journal(request: Request) -> Response:
    """Exchanges in brief, oldest first."""
    entries = chosen(world_of(request).journal, request.query_params)
    return as_json({"entries": [brief(exchange) for exchange in entries]})


async def clear_journal(request: Request) -> Response:
    """Forgets the entries; numbering goes on."""
    world_of(request).journal.clear()
    return Response(status_code=204)


async def get_exchange(request: Request) -> Response:
    """One exchange whole, secrets hidden."""
    number = request.path_params["n"]
    exchange = world_of(request).journal.find(number)
    if exchange is None:
        raise HTTPException(404, f"the journal has no entry {number}")
    return as_json(whole(exchange))


async def list_mails(request: Request) -> Response:
    """`{"mails": […]}`: what would have been sent, with links and tokens, oldest first."""
    outbox = mock_of(request).api.outbox
    mails = world_of(request).draft().collection(outbox) if outbox else ()
    return as_json({"mails": sorted(mails, key=lambda mail: str(mail.get("created_at", "")))})


ROUTES = (
    Route("/worlds/{world}/journal", list_journal, methods=["GET"]),
    Route("/worlds/{world}/journal", clear_journal, methods=["DELETE"]),
    Route("/worlds/{world}/journal/{n:int}", get_exchange, methods=["GET"]),
    Route("/worlds/{world}/outbox", list_mails, methods=["GET"]),
)
