"""Exchanges as journal and log show them: in brief or whole, secrets hidden.

Hidden are the static tokens of the world's scenario, the keys of collections that are keyed by a token, whatever the
exchange itself calls a secret, and what looks like one.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from mockportal.engine.call import Exchange
from mockportal.engine.journal import brief
from mockportal.engine.world import World
from mockportal.redaction import (
    Redaction,
    is_secret,
    literals,
    redaction,
    secrets_of_body,
    secrets_of_headers,
    secrets_of_query,
    told_literals,
)
from mockportal.values import Record

_SHORTEST = 6


def in_brief(exchange: Exchange, world: World) -> Record:
    """The entry of the journal's list. A caller whose only name is a static token is shown as the token's class."""
    return _brief(exchange, world, redaction(_static(world), _minted(exchange, world)))


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
    return redaction(_static(world) | told_literals(_told(exchange)), _minted(exchange, world))


def _brief(exchange: Exchange, world: World, hide: Redaction) -> Record:
    request, token = exchange.request, world.scenario.tokens.get(exchange.caller)
    return brief(exchange) | {
        "path": hide.path(request.path, request.path_params) or None,
        "as": (token.kind if token else hide.text(exchange.caller)) or None,
    }


def _static(world: World) -> frozenset[str]:
    return _literals(tuple(world.scenario.tokens))


@lru_cache(maxsize=64)
def _literals(tokens: tuple[str, ...]) -> frozenset[str]:
    return literals(tokens)


def _minted(exchange: Exchange, world: World) -> Callable[[str], bool]:
    """Tells of a word whether it was a token in the world, right before or after the exchange."""
    kinds = [kind.name for kind in world.scenario.data.kinds.values() if is_secret(kind.key)]
    states = (exchange.before, exchange.after)
    tables = [table for state in states for kind in kinds if (table := state.tables.get(kind)) is not None]
    return lambda word: len(word) >= _SHORTEST and any(word in table for table in tables)


def _told(exchange: Exchange) -> Iterator[str]:
    request, reply = exchange.request, exchange.reply
    yield from (value for name, value in request.path_params.items() if is_secret(name))
    yield from secrets_of_query(request.query)
    for headers, body in ((request.headers, request.body), (reply.headers, exchange.content)):
        yield from secrets_of_headers(headers)
        yield from secrets_of_body(body)


def _media_type(headers: Mapping[str, str]) -> str:
    return headers.get("content-type", "").lower()
