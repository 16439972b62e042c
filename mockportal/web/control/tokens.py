"""Tokens for a world, minted without any login."""

from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mockportal.engine import signing
from mockportal.errors import Refusal
from mockportal.state.clock import timestamp
from mockportal.values import whole_of
from mockportal.web.control.input import as_json, body_of, mock_of, text_of, world_of
from mockportal.web.control.journalled import TOKEN, journalled
from mockportal.worlds import MAIN


async def mint_token(request: Request) -> Response:
    """A bearer token for `{"user": …, "kind": …, "expires_in": seconds}`, as the API understands these."""
    world = world_of(request)
    asked = await body_of(request, "user", "kind", "expires_in")
    for name in asked.keys() & {"user", "kind"}:
        text_of(asked, name, "")
    seconds = whole_of(asked.get("expires_in", 3600))
    if not isinstance(seconds, int) or isinstance(seconds, bool) or not 0 < seconds < 10**9:
        raise HTTPException(400, "expires_in is no positive number of seconds")
    base_url = str(request.base_url).rstrip("/") + ("" if world.name == MAIN else f"/@{world.name}")
    draft = world.draft(base_url)
    family = draft.new_id("session")
    try:
        claims = mock_of(request).api.claims_of(asked, world.scenario, draft)
    except Refusal as refusal:
        raise HTTPException(refusal.status, str(refusal)) from None
    now = world.clock.now()
    claims = signing.issued(claims, base_url, now, seconds, family)
    world.change(draft.state)
    expires_at = timestamp(datetime.fromtimestamp(claims["exp"], now.tzinfo))
    return as_json({"token": signing.sign(claims), "expires_at": expires_at}, 201)


ROUTES = (Route("/worlds/{world}/tokens", journalled(TOKEN, mint_token), methods=["POST"]),)
