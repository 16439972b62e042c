"""The values that flow through the engine: request, call, reply, exchange."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from mockportal.spec.operations import JSON_TYPE, Operation
from mockportal.spec.spelling import spell
from mockportal.spec.validation import Violation
from mockportal.state.store import State
from mockportal.values import Json, Record


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it arrived. `path` and `query` are raw (percent-encoded); header names are in lower case."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    path_params: Mapping[str, str] = field(default_factory=dict)
    base_url: str = "http://127.0.0.1:8080"

    def whole(self, body: bytes, path_params: Mapping[str, str]) -> "Request":
        """The same request with its body, and with the parameters in its path."""
        return Request(self.method, self.path, self.query, self.headers, body, path_params, self.base_url)

    def cookies(self, name: str) -> list[str]:
        """The values of the cookies called `name`."""
        pairs = (part.strip().partition("=") for part in self.headers.get("cookie", "").split(";"))
        return [unquote(value) for found, _, value in pairs if found == name]


@dataclass(frozen=True, slots=True)
class Caller:
    """The holder of a token, as the guard found it.

    kind:    the class of the token, or `public` for a caller without one
    subject: the id of the person or program
    family:  groups the tokens that one revocation ends
    rights:  those of an administrator: write, read or none
    org:     the organization that the token belongs to
    claims:  what the token says of its holder
    token:   the token itself
    user:    the record of the person, filled in by the API's admission
    realm:   the record of what the token is good for (a shop, a workspace), filled in likewise
    """

    kind: str
    subject: str = ""
    family: str = ""
    rights: str = "write"
    org: str = ""
    claims: Mapping[str, Json] = field(default_factory=dict)
    token: str = ""
    user: Record = field(default_factory=dict)
    realm: Record = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """A valid request.

    params:  the parameters, with the spec's defaults filled in
    body:    the body as sent
    fields:  the fields of the body, with the spec's defaults filled in
    ignored: the names of everything that was sent and does not count
    """

    operation: Operation
    caller: Caller
    params: Record
    body: Json
    fields: Record
    request: Request
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. `delay` is in seconds; a body of bytes is sent as it is, any other as JSON.

    `fault` is "" for a clean answer. `truncated` and `garbage` break the body, `body` sends it as it is (a text as its
    bytes). `reset` and `empty` end the connection without an answer, `stall` keeps it open without one, and `malformed`
    sends what is not HTTP. With `drip` the bytes come in pieces over so many seconds.
    """

    status: int
    body: Json = None
    headers: Mapping[str, str] = field(default_factory=dict)
    answered_by: str = "behaviour"
    delay: float = 0.0
    fault: str = ""
    drip: float = 0.0

    def bare(self) -> "Reply":
        """The reply without its body."""
        return Reply(self.status, None, self.headers, self.answered_by, self.delay, self.fault, self.drip)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer, as an entry of the journal.

    n:          its number
    at:         the instant on the world's clock
    operation:  the operationId; "" if the request has no operation
    reply:      the answer, `content` its body as sent
    before:     the state right before, `after` that right after
    violations: the ways in which the answer breaks the contract
    caller:     the alias of the user who called, or the name of a token without a user; "" for nobody
    rule:       the id of the rule that applied, and in `hits` how many requests have fitted it so far; "" for none
    ignored:    the names of everything that was sent and does not count
    """

    n: int
    at: str
    operation: str
    request: Request
    reply: Reply
    content: bytes
    before: State
    after: State
    violations: tuple[Violation, ...] = ()
    caller: str = ""
    rule: str = ""
    hits: int = 0
    ignored: tuple[str, ...] = ()

    def bare(self) -> "Exchange":
        """The exchange without the body as objects: `content` has it as bytes, which are small and counted."""
        return Exchange(
            self.n, self.at, self.operation, self.request, self.reply.bare(), self.content, self.before, self.after,
            self.violations, self.caller, self.rule, self.hits, self.ignored,
        )  # fmt: skip


def request_for(
    operation: Operation,
    params: Mapping[str, Json],
    body: Json = None,
    token: str = "",
    media_type: str = JSON_TYPE,
) -> Request:
    """The request that calls `operation` as the holder of `token` ("" for nobody), spelled as `spell` does."""
    spelled = spell(operation, params, body, media_type)
    query, headers = spelled.query, {}
    for place, name, value in _credentials(operation, token) if token else ():
        if place == "query" and name in params:
            continue  # the credential is a parameter as well, and given
        if place == "query":
            query = "&".join(filter(None, [query, f"{quote(name)}={quote(value)}"]))
        elif place == "cookie":
            headers["cookie"] = f"{name}={quote(value)}"
        else:
            headers[name] = value
    headers |= spelled.headers
    return Request(operation.method, spelled.path, query, headers, spelled.body, spelled.path_params)


def _credentials(operation: Operation, token: str) -> Iterator[tuple[str, str, str]]:
    """(place, name, value) of what the first alternative of an operation asks for; a public one gets a bearer token."""
    schemes = next(iter(operation.credentials), ())
    if not schemes:
        yield "header", "authorization", f"Bearer {token}"
    for scheme in schemes:
        prefix = f"{scheme.prefix.capitalize()} " if scheme.prefix else ""
        yield scheme.place, scheme.key, prefix + token
