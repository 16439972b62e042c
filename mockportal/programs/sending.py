"""The request of an exchange as a program sends it: the address of its world, the headers that count, the body.

Secrets become environment variables. The static tokens that a scenario has for development, `dev-…`, are no secrets,
and stand in for a minted token of the same person.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from mockportal.config import LIMITS
from mockportal.engine.api import Api
from mockportal.engine.call import Exchange
from mockportal.engine.world import World
from mockportal.programs.parts import Parts, Variables, joined
from mockportal.programs.stand_in import development_token
from mockportal.redaction import Redaction, body_text

# Headers that a client writes by itself, that are about one connection, or that choose a world or an origin.
_LEFT_OUT = frozenset((
    "accept-encoding", "connection", "content-length", "dnt", "expect", "host", "keep-alive", "origin", "priority",
    "referer", "te", "trailer", "transfer-encoding", "upgrade", "upgrade-insecure-requests", "user-agent",
    "x-mockportal-world",
))  # fmt: skip
_LEFT_OUT_GROUPS = ("sec-", "proxy-", "access-control-request-")
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F))).replace("#", "")
_SCHEMES = ("", "bearer")  # behind any other word, the whole may be a secret
_NOT_KEPT = re.compile(rb"<(\d{1,12}) bytes, not kept>")

# The token that may be shown in place of one; "" for none.
StandIn = Callable[[str], str]


class Unsendable(Exception):
    """No program of this kind, or none at all, can send the request again; the text says why."""


@dataclass(frozen=True, slots=True)
class Sending:
    """A request to send. The body is `()` for none; `url` is the whole address, its path and query in `target`."""

    method: str
    url: Parts
    target: Parts
    headers: tuple[tuple[str, Parts], ...]
    body: Parts


def sending_of(
    exchange: Exchange, server: str, base_path: str, hide: Redaction, stand_in: StandIn, variables: Variables
) -> Sending:
    """The request of an exchange, to a world under `base_path` of `server`. Raises `Unsendable`."""
    request = exchange.request
    if is_left_out(exchange, request.body):
        raise Unsendable(f"entry {exchange.n} cannot be sent again: its body was not kept")
    start = "" if is_outside(exchange) else base_path
    path = variables.parts(spelled(request.path), spelled(hide.path(request.path, request.path_params)))
    query = _query(request.query, hide, stand_in, variables)
    target = joined(start, path, query)
    body = () if request.method == "HEAD" else _body(request.body, request.headers, hide, variables)
    headers = tuple(_headers(request.headers, hide, stand_in, variables))
    return Sending(request.method, joined(server, target), target, headers, body)


def stand_ins(exchange: Exchange, world: World, api: Api) -> StandIn:
    """Tells the development token that may be shown in place of a token of this exchange. A minted token that was not
    accepted has none."""

    def stand_in(token: str) -> str:
        found = development_token(token, world.scenario, api)
        return found if exchange.caller or found == token else ""

    return stand_in


def is_outside(exchange: Exchange) -> bool:
    """True for a request whose path is not one in a world: one to the control API, or to a world that cannot be."""
    reply = exchange.reply
    names_no_world = (reply.answered_by, reply.status) == ("router", 400)
    return reply.answered_by == "control" or (names_no_world and exchange.request.path.startswith("/@"))


def is_left_out(exchange: Exchange, content: bytes) -> bool:
    """True for content in place of which the journal only keeps its size."""
    found = _NOT_KEPT.fullmatch(content) if exchange.operation.startswith("services.") else None
    return found is not None and int(found[1]) > LIMITS.journal_service_body


def spelled(text: str) -> str:
    """A raw path or query; what no URL may hold in any client is percent-encoded."""
    return quote(text, safe=_PRINTABLE, encoding="latin-1")


def _query(query: str, hide: Redaction, stand_in: StandIn, variables: Variables) -> Parts:
    """The query with its question mark; `()` for none."""
    if not query:
        return ()
    pairs = [_pair(pair, hide, stand_in, variables) for pair in query.split("&")]
    return joined("?", pairs[0], *(part for pair in pairs[1:] for part in ("&", pair)))


def _pair(pair: str, hide: Redaction, stand_in: StandIn, variables: Variables) -> Parts:
    written = spelled(pair)
    if stand_in(pair.partition("=")[2]) == pair.partition("=")[2] != "":
        return (written.encode(),)
    return variables.parts(written, spelled(hide.query(pair)))


def _headers(
    headers: Mapping[str, str], hide: Redaction, stand_in: StandIn, variables: Variables
) -> Iterator[tuple[str, Parts]]:
    for name, value in headers.items():
        if name in _LEFT_OUT or name.startswith(_LEFT_OUT_GROUPS):
            continue
        if _NAME.fullmatch(name) and not _CONTROL.search(value):
            yield name, _header(name, value.strip(), hide, stand_in, variables)


def _header(name: str, value: str, hide: Redaction, stand_in: StandIn, variables: Variables) -> Parts:
    scheme, blank, token = value.rpartition(" ")
    shown = stand_in(token)
    if shown and scheme.lower() in _SCHEMES:
        return (f"{scheme}{blank}{shown}".encode("latin-1"),)
    safe = hide.header(name, value)
    if name == "authorization" and safe != value:
        known = safe.partition(" ")[0] if " " in safe else ""
        return joined(f"{known} " if known else "", (variables.token(),))
    return variables.parts(value, safe, "latin-1")


def _body(body: bytes, headers: Mapping[str, str], hide: Redaction, variables: Variables) -> Parts:
    return variables.parts(*body_text(body, headers.get("content-type", ""), hide))
