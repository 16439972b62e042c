"""What flows through the engine: request, call, reply, exchange. All of them values."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mockportal.spec.operations import Operation
from mockportal.spec.validation import Violation
from mockportal.state.store import State
from mockportal.values import Json, Record


@dataclass(frozen=True, slots=True)
class Request:
    """What arrived. `path` and `query` are raw (percent-encoded); header names are in lower case."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    path_params: Mapping[str, str] = field(default_factory=dict)
    base_url: str = "http://127.0.0.1:8080"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. `kind` is portal, admin, oidc or public; `user` and `portal` are records, for a portal token.

    `rights` are those of an administrator: write, read or none.
    """

    kind: str
    subject: str = ""
    family: str = ""
    rights: str = "write"
    org: str = ""
    claims: Mapping[str, Json] = field(default_factory=dict)
    token: str = ""
    user: Record = field(default_factory=dict)
    portal: Record = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """A valid request. `params` has the spec's defaults filled in, `fields` those of the body; `body` is as sent."""

    operation: Operation
    caller: Caller
    params: Record
    body: Json
    fields: Record
    request: Request


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back. `delay` is in seconds; `fault` says what the connection does instead of a clean answer."""

    status: int
    body: Json = None
    headers: Mapping[str, str] = field(default_factory=dict)
    answered_by: str = "behaviour"
    delay: float = 0.0
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request, its answer as sent, and the state right before and after. `n` is its number in the journal."""

    n: int
    at: str
    operation: str
    request: Request
    reply: Reply
    content: bytes
    before: State
    after: State
    violations: tuple[Violation, ...] = ()
