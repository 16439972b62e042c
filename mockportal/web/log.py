"""A line for each request on stderr, for people or for programs. No query, header or body, and in the path no
secret."""

import sys
from collections.abc import Callable

from mockportal.engine.call import Exchange
from mockportal.engine.world import World
from mockportal.values import encode
from mockportal.web.exchange_view import in_brief

Log = Callable[[World, Exchange], None]


def no_log(world: World, exchange: Exchange) -> None:
    """The default."""


def text_log(world: World, exchange: Exchange) -> None:
    """`main 12 GET /users/7 200 behaviour getUser`"""
    path, reply = in_brief(exchange, world)["path"], exchange.reply
    line = f"{world.name} {exchange.n} {exchange.request.method} {path} {reply.status} {reply.answered_by}"
    sys.stderr.write(f"{line} {exchange.operation}\n")


def json_log(world: World, exchange: Exchange) -> None:
    """The entry of the journal's list, with its world."""
    sys.stderr.write(encode({"world": world.name, **in_brief(exchange, world)}).decode() + "\n")


LOGS: dict[str | None, Log] = {None: no_log, "text": text_log, "json": json_log}
