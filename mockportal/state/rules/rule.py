"""A scenario's rules as data: canned replies, delays and faults, tried in order before the behaviours."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import exp, log
from statistics import NormalDist
from typing import Any

from mockportal.files.pointers import pointer_to
from mockportal.state.clock import duration
from mockportal.values import Json, Record

_P99 = NormalDist().inv_cdf(0.99)
LONGEST = 120.0  # seconds of a delay
_EXPONENT = 700.0  # what is greater has no float, and is far beyond the longest delay

BREAKAGES = ("truncated", "garbage")
BODILESS = frozenset((204, 205, 304))

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_FRAMING = frozenset(("content-length", "transfer-encoding"))


@dataclass(frozen=True, slots=True)
class Delay:
    """Seconds: always `median`, or spread log-normally so that one in a hundred waits `p99` or longer."""

    median: float
    p99: float | None

    def seconds(self, name: str) -> float:
        """The delay of the hit called `name`: the same name waits the same time."""
        if self.p99 is None or self.p99 <= self.median or self.median <= 0:
            return min(self.median, LONGEST)
        digest = hashlib.sha256(name.encode()).digest()
        share = (int.from_bytes(digest[:7], "big") + 0.5) / 2**56
        sigma = log(self.p99 / self.median) / _P99
        exponent = min(sigma * NormalDist().inv_cdf(share), _EXPONENT)
        return min(self.median * exp(exponent), LONGEST)


@dataclass(frozen=True, slots=True)
class Rule:
    """Applies to `operations` (empty: all) when the request holds `when`.

    Of the requests that match, the first `times` are answered, or every `every`-th one.
    A fault with `{"body": "truncated"}` or `"garbage"` breaks the real answer; any other body is sent as it is.
    """

    id: str
    operations: frozenset[str]
    when: Mapping[str, Json]
    times: int | None
    every: int | None
    reply: Record | None
    delay: Delay | None
    fault: Record | None

    @property
    def breaks(self) -> str:
        """`truncated` or `garbage` if the rule breaks the body of the real answer, else ""."""
        body = self.fault.get("body") if self.fault else None
        return body if isinstance(body, str) and body in BREAKAGES else ""

    def applies(self, hit: int) -> bool:
        """True if the `hit`-th matching request (from 1) is one that this rule answers."""
        if self.every is not None:
            return hit % self.every == 0 and (self.times is None or hit // self.every <= self.times)
        return self.times is None or hit <= self.times


def rule_of(number: int, raw: Record) -> Rule:
    """The rule that a checked scenario entry describes. Raises `ValueError` for a bad duration."""
    named = raw["operation"]
    return Rule(
        id=raw.get("id", f"rule-{number}"),
        operations=frozenset(() if named == "*" else [named] if isinstance(named, str) else named),
        when=raw.get("when", {}),
        times=raw.get("times"),
        every=raw.get("every"),
        reply=raw.get("reply"),
        delay=_delay(raw["delay"]) if "delay" in raw else None,
        fault=raw.get("fault"),
    )


def unsendable(part: Record) -> Iterator[tuple[str, str]]:
    """(pointer, problem) of everything in a reply or fault that no server can put on the wire."""
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


def holds(wanted: Json, value: Json) -> bool:
    """True if `value` contains `wanted`: mappings by key, lists by position, the rest by equality."""
    if isinstance(wanted, dict):
        return isinstance(value, dict) and all(
            name in value and holds(item, value[name]) for name, item in wanted.items()
        )
    if isinstance(wanted, list):
        return (
            isinstance(value, list)
            and len(wanted) == len(value)
            and all(holds(one, other) for one, other in zip(wanted, value, strict=True))
        )
    return (type(wanted) is type(value) and bool(wanted == value)) or _same_number(wanted, value)


def _same_number(wanted: Any, value: Any) -> bool:
    numbers = (int, float)
    if isinstance(wanted, bool) or isinstance(value, bool):
        return False
    return isinstance(wanted, numbers) and isinstance(value, numbers) and wanted == value


def _delay(raw: Json) -> Delay:
    if isinstance(raw, dict):
        return Delay(_seconds(raw["median"]), _seconds(raw["p99"]) if "p99" in raw else None)
    return Delay(_seconds(raw), None)


def _seconds(raw: str | float) -> float:
    seconds = duration(raw).total_seconds() if isinstance(raw, str) else float(raw)
    if seconds < 0:
        raise ValueError(f"{raw!r} is a negative duration")
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
