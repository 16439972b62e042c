"""A scenario's rules as data: canned replies, delays and faults, tried in order before the behaviours."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log
from statistics import NormalDist
from typing import Any

from mockportal.state.clock import duration
from mockportal.values import Json, Record

_P99 = NormalDist().inv_cdf(0.99)
_LONGEST = 120.0


@dataclass(frozen=True, slots=True)
class Delay:
    """Seconds: always `median`, or spread log-normally so that one in a hundred waits `p99` or longer."""

    median: float
    p99: float | None

    def seconds(self, name: str) -> float:
        """The delay of the hit called `name`: the same name waits the same time."""
        if self.p99 is None or self.p99 <= self.median or self.median <= 0:
            return min(self.median, _LONGEST)
        digest = hashlib.sha256(name.encode()).digest()
        share = (int.from_bytes(digest[:7], "big") + 0.5) / 2**56
        sigma = log(self.p99 / self.median) / _P99
        return min(self.median * exp(sigma * NormalDist().inv_cdf(share)), _LONGEST)


@dataclass(frozen=True, slots=True)
class Rule:
    """Applies to `operations` (empty: all) when the request holds `when`.

    Of the requests that match, the first `times` are answered, or every `every`-th one.
    """

    id: str
    operations: frozenset[str]
    when: Mapping[str, Json]
    times: int | None
    every: int | None
    reply: Record | None
    delay: Delay | None
    fault: Record | None

    def applies(self, hit: int) -> bool:
        """Whether the `hit`-th matching request (from 1) is one that this rule answers."""
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


def holds(wanted: Json, value: Json) -> bool:
    """Whether `value` contains `wanted`: mappings by key, lists by position, the rest by equality."""
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
