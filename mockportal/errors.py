"""The two families of errors.

MockportalError       the user's files or flags are wrong; said before the first request
├── SpecError
├── FileError
├── BehaviourError
└── UsageError
Refusal               the mock says no to a request
├── BadRequest        400
├── Unauthorized      401
├── Forbidden         403
├── NotFound          404
└── Conflict          409
Missing               the state has no such record; the engine answers it as `NotFound`
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import ClassVar

from mockportal.values import Json, Record


class MockportalError(Exception):
    """`where` (file, line, pointer or flag) has `problem`; `str()` is one line."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(where, problem)
        self.where = where
        self.problem = problem

    def __str__(self) -> str:
        return one_line(f"{self.where}: {self.problem}")


class SpecError(MockportalError):
    """A spec or overlay that cannot be used."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file: line and column from 1 (0: the file as a whole), and the pointer to the value.

    `str()` is `scenarios/x.yaml:12:5: /entities/contact/anna`.
    """

    file: str
    line: int = 0
    column: int = 0
    pointer: str = ""

    def __str__(self) -> str:
        position = f":{self.line}:{self.column}" if self.line else ""
        return f"{self.file}{position}" + (f": {self.pointer}" if self.pointer else "")


class FileError(MockportalError):
    """A file of ours or of the user that cannot be used, for its form or for what it says.

    `place` is None where nothing more is known than the text of `where`.
    """

    def __init__(self, where: str | Place, problem: str) -> None:
        super().__init__(str(where), problem)
        self.place = where if isinstance(where, Place) else None


class BehaviourError(MockportalError):
    """A behaviour that fits no operation."""


class UsageError(MockportalError):
    """A flag or argument that cannot be used."""


class Refusal(Exception):
    """The body is `{"message": …}` and `details`; `fallbacks` are the statuses to use, in order, where the
    operation has no response for `status`."""

    status: ClassVar[int]
    fallbacks: ClassVar[tuple[int, ...]] = ()

    def __init__(self, message: str, **details: Json) -> None:
        super().__init__(message)
        self.body: Record = {"message": message, **details}


class BadRequest(Refusal):
    """The request breaks the contract or a rule on its input."""

    status = 400


class Unauthorized(Refusal):
    """There is no usable token."""

    status = 401


class Forbidden(Refusal):
    """The token is good, the right is missing."""

    status = 403
    fallbacks = (401,)


class NotFound(Refusal):
    """No such thing, or nothing that this caller may see."""

    status = 404
    fallbacks = (403, 400)


class Conflict(Refusal):
    """The state forbids it now."""

    status = 409
    fallbacks = (400,)


class Missing(LookupError):
    """The state has no record `key` of `kind`."""

    def __init__(self, kind: str, key: str) -> None:
        super().__init__(f"no {kind} {key}")
        self.kind = kind
        self.key = key


def one_line(text: str) -> str:
    """The text for a terminal: line breaks are blanks, other characters that cannot be printed are escaped."""
    joined = " ".join(text.splitlines())
    return joined if joined.isprintable() else "".join(map(_printable, joined))


def _printable(letter: str) -> str:
    return letter if letter.isprintable() else ascii(letter)[1:-1]


def hint(name: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` where `name` is close to one of `known`, else nothing."""
    close = get_close_matches(name, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
