"""The answer of an exchange as a program asserts it."""

from dataclasses import dataclass
from hashlib import sha256

from mockportal.engine.call import Exchange
from mockportal.programs.sending import is_left_out
from mockportal.redaction import REDACTED, Redaction
from mockportal.values import Json, decode

_LONGEST = 20_000
_BREAKING = frozenset(("reset", "empty", "stall", "malformed", "truncated"))


class Anything:
    """Stands in an expected JSON value for a secret."""


ANYTHING = Anything()


@dataclass(frozen=True, slots=True)
class Expected:
    """An answer as it must be.

    breaks:  True if there is no whole answer
    value:   the JSON value of the body, with `ANYTHING` for secrets, if `is_json`
    content: the body as bytes, or
    digest:  its SHA-256; None for each that is not compared
    seconds: how long the answer is delayed
    """

    status: int
    breaks: bool = False
    is_json: bool = False
    value: Json = None
    content: bytes | None = None
    digest: str | None = None
    seconds: float = 0.0


def expected_of(exchange: Exchange, hide: Redaction) -> Expected:
    """The answer of an exchange. A body that was not kept, or is no JSON and holds secrets, is not compared."""
    reply, content = exchange.reply, exchange.content
    seconds = reply.delay + reply.drip
    if reply.fault in _BREAKING:
        return Expected(reply.status, breaks=True, seconds=seconds)
    if exchange.request.method == "HEAD":
        return Expected(reply.status, content=b"", seconds=seconds)
    if is_left_out(exchange, content):
        return Expected(reply.status, seconds=seconds)
    try:
        value = decode(content)
    except ValueError:
        return _expected_bytes(reply.status, content, hide, seconds)
    safe = hide.json(value)
    if safe == value and len(content) > _LONGEST:
        return Expected(reply.status, digest=sha256(content).hexdigest(), seconds=seconds)
    masked = value if safe == value else _masked(safe)
    return Expected(reply.status, is_json=True, value=masked, seconds=seconds)


def _expected_bytes(status: int, content: bytes, hide: Redaction, seconds: float) -> Expected:
    text = content.decode("utf-8", "replace")
    if hide.form(text) != text:
        return Expected(status, seconds=seconds)
    if len(content) > _LONGEST:
        return Expected(status, digest=sha256(content).hexdigest(), seconds=seconds)
    return Expected(status, content=content, seconds=seconds)


def _masked(value: Json) -> Json:
    """The value with `ANYTHING` in place of each text that hides a secret."""
    if isinstance(value, dict):
        return {key: _masked(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_masked(item) for item in value]
    return ANYTHING if isinstance(value, str) and REDACTED in value else value
