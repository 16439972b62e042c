"""The rules of a world: listed with what they have counted, added and taken away."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mockportal.config import LIMITS
from mockportal.engine.world import World
from mockportal.errors import hint
from mockportal.state.rules.adding import added_rule
from mockportal.state.rules.rule import Rule
from mockportal.values import Record
from mockportal.web.control.input import as_json, body_of, mock_of, world_of
from mockportal.web.control.journalled import RULES, journalled


async def list_rules(request: Request) -> Response:
    """`{"rules": [{id, operation, …, hits, fired}]}`, in the order in which they are tried."""
    world = world_of(request)
    return as_json({"rules": [_shown(world, rule) for rule in world.rules.rules]})


async def add_rule(request: Request) -> Response:
    """Adds a rule, which is tried before the others."""
    world, raw = world_of(request), await body_of(request)
    taken = {rule.id for rule in world.rules.rules}
    if isinstance(raw.get("id"), str) and raw["id"] in taken:
        raise HTTPException(409, f"there is a rule {raw['id']!r} already")
    if len(taken) >= LIMITS.rules:
        raise HTTPException(*LIMITS.refusal("rules"))
    rule = added_rule(raw, taken, world.scenario, world.draft(), mock_of(request).spec)
    world.rules = world.rules.added(rule)
    return as_json(_shown(world, rule), 201)


async def delete_rule(request: Request) -> Response:
    """Takes a rule away, also one of the scenario; a reset brings that back."""
    world, id = world_of(request), request.path_params["id"]
    known = [rule.id for rule in world.rules.rules]
    if id not in known:
        raise HTTPException(404, f"there is no rule {id!r}{hint(id, known)}")
    world.rules = world.rules.without(id)
    return Response(status_code=204)


def _shown(world: World, rule: Rule) -> Record:
    counted = {"hits": world.rules.hits.get(rule.id) or 0, "fired": world.rules.fired.get(rule.id) or 0}
    return {"id": rule.id, **rule.raw, **counted}


ROUTES = (
    Route("/worlds/{world}/rules", list_rules, methods=["GET"]),
    Route("/worlds/{world}/rules", journalled(RULES, add_rule), methods=["POST"]),
    Route("/worlds/{world}/rules/{id:path}", journalled(RULES, delete_rule), methods=["DELETE"]),
)
