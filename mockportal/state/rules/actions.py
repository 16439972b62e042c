"""The things that a rule does when it fires, as data."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import exp, log
from statistics import NormalDist

from mockportal.files.pointers import pointer_to
from mockportal.state.clock import duration
from mockportal.state.rules.firing import BadRule, share
from mockportal.values import Json, Record, whole_of

_P99 = NormalDist().inv_cdf(0.99)
LONGEST = 120.0  # seconds of a delay, of a slow answer and of a hold
_EXPONENT = 700.0  # what is greater has no float, and is far beyond the longest delay

BREAKAGES = ("truncated", "garbage")
CONNECTIONS = ("reset", "empty", "stall", "malformed")
BODILESS = frozenset((204, 205, 304))

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_FRAMING = frozenset(("content-length", "transfer-encoding"))


@dataclass(frozen=True, slots=True)
class Delay:
    """Seconds: always `median`; or spread log-normally so that one in a hundred waits `p99` or longer; or spread evenly
    from `median` to `most`."""

    median: float
    p99: float | None = None
    most: float | None = None

    def seconds(self, name: str) -> float:
        """The delay of the hit called `name`: the same name waits the same time."""
        if self.most is not None:
            return min(self.median + (self.most - self.median) * share(name), LONGEST)
        if self.p99 is None or self.p99 <= self.median or self.median <= 0:
            return min(self.median, LONGEST)
        sigma = log(self.p99 / self.median) / _P99
        exponent = min(sigma * NormalDist().inv_cdf(share(name)), _EXPONENT)
        return min(self.median * exp(exponent), LONGEST)


@dataclass(frozen=True, slots=True)
class RateLimit:
    """So many requests of one caller in each window of `seconds` on the world's clock."""

    limit: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Action:
    """One answer of a rule. Without anything the real answer comes as it is.

    reply: `{status, body, headers}` in place of the real answer
    patch: `{status, body, headers}` on top of it; the body is a merge patch
    fault: an answer that may break the contract
    delay: the time before the answer, `drip` the seconds over which its bytes come
    rate:  the requests that pass; the others are 429
    state: `{kind/alias: merge patch}`, null removes: done before the answer
    hold:  the seconds that the exchange waits to be released
    """

    reply: Record | None = None
    patch: Record | None = None
    fault: Record | None = None
    delay: Delay | None = None
    drip: float = 0.0
    rate: RateLimit | None = None
    state: Mapping[str, Record | None] = field(default_factory=dict)
    hold: float = 0.0

    @property
    def breaks(self) -> str:
        """`truncated` or `garbage` if the body of the real answer is broken, else ""."""
        body = self.fault.get("body") if self.fault else None
        return body if isinstance(body, str) and body in BREAKAGES else ""

    @property
    def takes_over(self) -> bool:
        """True if the real answer is not asked for."""
        return self.reply is not None or (self.fault is not None and not self.breaks)


def action_of(raw: Record, at: str = "") -> Action:
    """The action that the keys of a rule, or of a step of its sequence, describe. Raises `BadRule` for a bad
    duration."""
    reply, patch, fault = (_with_whole_status(raw.get(name)) for name in ("reply", "patch", "fault"))
    drip, rate = (fault or {}).get("drip"), (fault or {}).get("rate_limit")
    return Action(
        reply=reply,
        patch=patch,
        fault=fault if drip is None and rate is None else None,
        delay=_delay(raw["delay"], f"{at}/delay") if "delay" in raw else None,
        drip=0.0 if drip is None else _seconds(drip, f"{at}/fault/drip"),
        rate=None if rate is None else _rate(rate, f"{at}/fault/rate_limit/per"),
        state=raw.get("state", {}),
        hold=_seconds(raw["hold"], f"{at}/hold") if "hold" in raw else 0.0,
    )


def _with_whole_status(part: Record | None) -> Record | None:
    return {**part, "status": whole_of(part["status"])} if part and "status" in part else part


def unsendable(part: Record) -> Iterator[tuple[str, str]]:
    """(pointer, problem) of everything in a reply, patch or fault that no server can put on the wire."""
    status = part.get("status", 200)
    if status < 200:
        yield "/status", f"{status} cannot be sent: a status below 200 only announces the answer"
    for name in ("body", "message") if status in BODILESS else ():
        if part.get(name) is not None:
            yield f"/{name}", f"an answer with status {status} has no body"
    for name, value in part.get("headers", {}).items():
        problem = _header_problem(name, value)
        if problem:
            yield pointer_to("headers", name), problem


def too_long(action: Action) -> Iterator[tuple[str, str]]:
    """(pointer, problem) of every wait beyond the longest one, and of one whose bounds are the wrong way round."""
    delay = action.delay or Delay(0.0)
    for pointer, seconds, what in (
        ("/delay", max(delay.median, delay.p99 or 0, delay.most or 0), "the longest delay"),
        ("/hold", action.hold, "the longest hold"),
        ("/fault/drip", action.drip, "the longest answer"),
    ):
        if seconds > LONGEST:
            yield pointer, f"is longer than {LONGEST:g} seconds, {what}"
    if delay.p99 is not None and delay.p99 < delay.median:
        yield "/delay/p99", "is shorter than the median"
    if delay.most is not None and delay.most < delay.median:
        yield "/delay/max", "is shorter than the minimum"


def _rate(raw: Record, at: str) -> RateLimit:
    seconds = _seconds(raw["per"], at)
    if seconds < 1:
        raise BadRule(at, "a window has at least a second")
    return RateLimit(raw["limit"], seconds)


def _delay(raw: Json, at: str) -> Delay:
    if not isinstance(raw, dict):
        return Delay(_seconds(raw, at))
    lengths = {name: _seconds(length, f"{at}/{name}") for name, length in raw.items()}
    return Delay(lengths.get("median", lengths.get("min", 0.0)), lengths.get("p99"), lengths.get("max"))


def _seconds(raw: str | float, at: str) -> float:
    try:
        seconds = duration(raw).total_seconds() if isinstance(raw, str) else float(raw)
    except ValueError as error:
        raise BadRule(at, str(error)) from None
    if seconds < 0:
        raise BadRule(at, f"{raw!r} is a negative duration")
    return seconds


def _header_problem(name: str, value: str) -> str:
    if not _NAME.fullmatch(name):
        return f"{name!r} is not a header name: use letters, digits and hyphens"
    if name.lower() in _FRAMING:
        return f"{name} is set by the server; `body: truncated` breaks it"
    if _CONTROL.search(value):
        return "the value of a header is one line, without control characters"
    foreign = next((letter for letter in value if ord(letter) > 0xFF), None)
    return f"{foreign!r} cannot stand in a header, which holds Latin-1 only" if foreign else ""
