"""The journal of a world, and the mails that would have been sent."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mockportal.engine.call import Exchange
from mockportal.engine.explain.explanation import explanation
from mockportal.web.control.input import as_json, mock_of, number_of, world_of
from mockportal.web.control.journal.chosen import chosen
from mockportal.web.control.journalled import OPERATIONS
from mockportal.web.exchange_view import hiding, in_brief, whole


async def list_journal(request: Request) -> Response:
    """Exchanges in brief, oldest first."""
    operations = (*mock_of(request).spec.operations, *OPERATIONS)
    world = world_of(request)
    entries = chosen(world.journal, request.query_params, operations)
    return as_json({"entries": [in_brief(exchange, world) for exchange in entries]})


async def clear_journal(request: Request) -> Response:
    """Forgets the entries; numbering goes on."""
    world_of(request).journal.clear()
    return Response(status_code=204)


async def get_exchange(request: Request) -> Response:
    """One exchange whole, secrets hidden."""
    return as_json(whole(exchange_of(request), world_of(request)))


async def explain_exchange(request: Request) -> Response:
    """The reasons for an answer, stage by stage."""
    world, exchange = world_of(request), exchange_of(request)
    told = explanation(mock_of(request).engine, world, exchange)
    return as_json(hiding(exchange, world).json(told))


async def list_mails(request: Request) -> Response:
    """`{"mails": […]}`: what would have been sent, with links, codes and tokens, oldest first."""
    return as_json({"mails": mock_of(request).api.outbox(world_of(request).draft())})


def exchange_of(request: Request) -> Exchange:
    """The exchange that a path names. Raises `HTTPException` if the journal does not keep it."""
    world, number = world_of(request), number_of(request.path_params["n"], "the number of an entry")
    exchange = world.journal.find(number)
    if exchange is None:
        raise HTTPException(404, f"the journal has no entry {number}")
    return exchange


ROUTES = (
    Route("/worlds/{world}/journal", list_journal, methods=["GET"]),
    Route("/worlds/{world}/journal", clear_journal, methods=["DELETE"]),
    Route("/worlds/{world}/journal/{n}", get_exchange, methods=["GET"]),
    Route("/worlds/{world}/journal/{n}/explain", explain_exchange, methods=["GET"]),
    Route("/worlds/{world}/outbox", list_mails, methods=["GET"]),
)
