"""Exchanges as journal and log show them: in brief or whole, secrets hidden.

Hidden are the static tokens of the world's scenario, the keys of collections that are keyed by a token, whatever the
exchange itself calls a secret, and what looks like one.
"""

from collections.abc import Mapping

from mockportal.engine.call import Exchange
from mockportal.engine.journal import brief
from mockportal.engine.secrets import hiding as hiding_of
from mockportal.engine.secrets import is_minted_in, static_literals
from mockportal.engine.world import World
from mockportal.redaction import Redaction, redaction
from mockportal.values import Record


def in_brief(exchange: Exchange, world: World) -> Record:
    """The entry of the journal's list. A caller whose only name is a static token is shown as the token's class."""
    scenario = world.scenario
    minted = is_minted_in((exchange.before, exchange.after), scenario.data)
    return _brief(exchange, world, redaction(static_literals(scenario), minted))


def whole(exchange: Exchange, world: World) -> Record:
    """An entry with its request, its response, and what in it broke the contract."""
    request, reply = exchange.request, exchange.reply
    hide = hiding(exchange, world)
    return _brief(exchange, world, hide) | {
        "hits": exchange.hits or None,
        "request": {
            "method": request.method,
            "path": hide.path(request.path, request.path_params),
            "query": hide.query(request.query),
            "headers": hide.headers(request.headers),
            "body": hide.body(request.body, _media_type(request.headers)),
        },
        "response": {
            "status": reply.status,
            "headers": hide.headers(reply.headers),
            "body": hide.body(exchange.content),
            "delay": reply.delay,
            "fault": reply.fault or None,
        },
        "violations": [
            hide.json(violation.to_json()) | {"rule": violation.pointer} for violation in exchange.violations
        ],
    }


def hiding(exchange: Exchange, world: World) -> Redaction:
    """The redaction of a whole exchange."""
    return hiding_of(world.scenario, [exchange])


def _brief(exchange: Exchange, world: World, hide: Redaction) -> Record:
    request, token = exchange.request, world.scenario.tokens.get(exchange.caller)
    return brief(exchange) | {
        "path": hide.path(request.path, request.path_params) or None,
        "as": (token.kind if token else hide.text(exchange.caller)) or None,
    }


def _media_type(headers: Mapping[str, str]) -> str:
    return headers.get("content-type", "").lower()
