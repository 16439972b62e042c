"""The decorators of a hooks file, and what its functions get.

A decorator turns a function into a value that says what it is for; the judge looks for these values in the file.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import overload

from mockportal.judge.faults import SEVERITIES
from mockportal.values import Json, Record


@dataclass(frozen=True, slots=True)
class SeenAnswer:
    """An answer, and the request that it is to.

    operation:       the operationId
    method, path:    as in the document, `/orders/{id}`
    target:          path and query, as they were sent
    request_headers: `$MOCKPORTAL_TOKEN_…` stands for a token
    request_body:    the bytes that were sent
    status:          the status
    headers:         by name in lower case; of several of one name the first
    content:         the bytes of the body
    body:            the value of a body in JSON, else None
    """

    operation: str
    method: str
    path: str
    target: str
    request_headers: Mapping[str, str]
    request_body: bytes
    status: int
    headers: Mapping[str, str]
    content: bytes
    body: Json


@dataclass(slots=True)
class OutgoingRequest:
    """A request that is about to leave, with real tokens. What is assigned to it is what leaves."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


# Yields what is wrong: a text that tells findings of the check on one operation apart and is the same in every run, and
# a message for people.
CheckFunction = Callable[[SeenAnswer], Iterable[tuple[str, str]]]
RequestFunction = Callable[[OutgoingRequest], None]
RunFunction = Callable[[Record], str | None]


@dataclass(frozen=True, slots=True)
class OwnCheck:
    """A check of every single answer."""

    function: CheckFunction
    severity: str


@dataclass(frozen=True, slots=True)
class RequestHook:
    """Changes a request before it leaves."""

    function: RequestFunction


@dataclass(frozen=True, slots=True)
class RunHook:
    """Gets the report as JSON after a run; a text that it returns becomes a note of the report."""

    function: RunFunction


@overload
def check(function: CheckFunction, /) -> OwnCheck: ...


@overload
def check(*, severity: str = ...) -> Callable[[CheckFunction], OwnCheck]: ...


def check(
    function: CheckFunction | None = None, /, *, severity: str = "medium"
) -> OwnCheck | Callable[[CheckFunction], OwnCheck]:
    """Marks a check of every single answer; its docstring says what must be true."""
    if severity not in SEVERITIES:
        raise ValueError(f"the severity {severity!r} is none of {', '.join(SEVERITIES)}")
    if function is not None:
        return OwnCheck(function, severity)
    return lambda marked: OwnCheck(marked, severity)


def before_request(function: RequestFunction, /) -> RequestHook:
    """Marks a function that changes requests before they leave."""
    return RequestHook(function)


def after_run(function: RunFunction, /) -> RunHook:
    """Marks a function that gets the report after a run."""
    return RunHook(function)
