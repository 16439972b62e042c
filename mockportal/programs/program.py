"""An exchange as everything that a program of any kind is written from."""

import re
from dataclasses import dataclass

from mockportal.programs.answer import Expected
from mockportal.programs.sending import Sending


@dataclass(frozen=True, slots=True)
class Program:
    """A request to send and the answer that has to come; `name` says the operation, or the number of the entry."""

    name: str
    sending: Sending
    expected: Expected


def title_of(program: Program) -> str:
    """The title of a test: `getUser answers 200`"""
    outcome = "breaks off" if program.expected.breaks else f"answers {program.expected.status}"
    return f"{program.name} {outcome}"


def function_of(program: Program) -> str:
    """The name of a Python test: `test_get_user`"""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", program.name)
    return "test_" + re.sub(r"[^a-zA-Z0-9]+", "_", words).strip("_").lower()
