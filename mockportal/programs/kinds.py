"""The kinds of programs: one table."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from mockportal.engine.api import Api
from mockportal.engine.call import Exchange
from mockportal.engine.world import World
from mockportal.programs.answer import expected_of
from mockportal.programs.curl import curl
from mockportal.programs.fetch import fetch
from mockportal.programs.parts import Variables
from mockportal.programs.playwright import playwright
from mockportal.programs.program import Program
from mockportal.programs.pytest import pytest
from mockportal.programs.python import python
from mockportal.programs.sending import sending_of, stand_ins
from mockportal.redaction import Redaction
from mockportal.values import Record


class ProgramKind(NamedTuple):
    """A kind of program: its language, and the function that writes one. That may raise `Unsendable`."""

    language: str
    write: Callable[[Program], str]


KINDS: Mapping[str, ProgramKind] = MappingProxyType(
    {
        "curl": ProgramKind("bash", curl),
        "httpx": ProgramKind("python", python),
        "fetch": ProgramKind("javascript", fetch),
        "playwright": ProgramKind("typescript", playwright),
        "pytest": ProgramKind("python", pytest),
    }
)


def code_of(kind: str, exchange: Exchange, world: World, api: Api, server: str, hide: Redaction) -> Record:
    """`{as, language, code, variables}`: an exchange as a program for the mock at `server`.

    `variables` are the environment variables that the program reads secrets from. Raises `Unsendable`.
    """
    variables = Variables()
    stand_in = stand_ins(exchange, world, api)
    sending = sending_of(exchange, server, f"/@{world.name}", hide, stand_in, variables)
    program = Program(exchange.operation or f"entry {exchange.n}", sending, expected_of(exchange, hide))
    language, write = KINDS[kind]
    return {"as": kind, "language": language, "code": write(program), "variables": variables.names}
