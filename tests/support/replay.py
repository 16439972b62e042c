"""Plays calls of any operations in a fresh world, and says what was answered.

As a program it prints a hash of all the answers: `python -m tests.support.replay 7` is the same in every process.
"""

from collections.abc import Iterable, Mapping

from mockportal.engine.call import Exchange
from mockportal.engine.world import World
from mockportal.testing import Client
from tests.support.cases import Case, cases
from tests.support.machines import fresh_world, the_mock

Step = tuple[str, str]  # operation, and who calls it: "" for whoever can succeed


def known_cases() -> Mapping[str, Case]:
    """A valid call of each operation."""
    mock = the_mock()
    return cases(mock.spec, mock.scenario(None))


def played(
    steps: Iterable[Step], known: Mapping[str, Case], remembers: bool = True
) -> tuple[World, list[Exchange]]:
    """The world after the steps, and the exchanges; a world may remember its last answers."""
    world = fresh_world()
    exchanges = []
    for operation, person in steps:
        case = known[operation]
        if not remembers:
            world.forget_answers()
        client = Client(the_mock(), world, f"dev-{person}" if person else case.token)
        exchanges.append(
            client.exchange(operation, body=case.body, media_type=case.media_type, **case.params)
        )
    return world, exchanges


def answer_of(exchange: Exchange) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
    """Everything of an answer that a client sees."""
    return exchange.reply.status, tuple(exchange.reply.headers.items()), exchange.content
