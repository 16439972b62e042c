"""A line for each request on stderr, for people or for programs. No query, header or body: no secret gets in."""

import sys
from collections.abc import Callable

from mockportal.engine.call import Exchange
from mockportal.engine.journal import brief
from mockportal.values import encode

Log = Callable[[str, Exchange], None]


def no_log(world: str, exchange: Exchange) -> None:
    """The default."""


def text_log(world: str, exchange: Exchange) -> None:
    """`main 12 GET /users/7 200 behaviour getUser`"""
    request, reply = exchange.request, exchange.reply
    line = f"{world} {exchange.n} {request.method} {request.path} {reply.status} {reply.answered_by}"
    sys.stderr.write(f"{line} {exchange.operation}\n")


def json_log(world: str, exchange: Exchange) -> None:
    """The entry of the journal's list, with its world."""
    sys.stderr.write(encode({"world": world, **brief(exchange)}).decode() + "\n")


LOGS: dict[str | None, Log] = {None: no_log, "text": text_log, "json": json_log}
