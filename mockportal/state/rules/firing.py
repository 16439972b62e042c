"""The times at which a rule fires, among the requests that fit it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from mockportal.state.clock import clock_instant
from mockportal.values import Json, Record


class BadRule(ValueError):
    """A value of a rule, at a pointer in it, means nothing."""

    def __init__(self, pointer: str, problem: str) -> None:
        super().__init__(problem)
        self.pointer = pointer


class Occasion(NamedTuple):
    """A request that fits a rule.

    number: how many have fitted it, this one included
    fired:  how often it has fired before
    now:    the instant on the world's clock, `n` the number that the exchange will have
    draw:   the text that chance is drawn from: the same text, the same chance
    """

    number: int
    fired: int
    now: datetime
    n: int
    draw: str


@dataclass(frozen=True, slots=True)
class Firing:
    """After the first `after` requests that fit: the first `times` of them, every `every`-th, with `chance` (0 to 1),
    `until` an instant or the exchange of that number, which is the last one."""

    times: int | None = None
    after: int = 0
    every: int = 1
    chance: float = 1.0
    until: datetime | int | None = None

    @property
    def is_always(self) -> bool:
        """True if it fires for every request that fits."""
        return self == Firing()

    def misses(self, occasion: Occasion) -> str:
        """The key that keeps the rule from firing, with the reason: `/times: has fired 2 times`; "" if it fires."""
        number = occasion.number - self.after
        if number <= 0:
            return f"/after: is request {occasion.number}, the first {self.after} pass"
        if number % self.every:
            return f"/every: is request {number}, every {self.every}th counts"
        if self.times is not None and occasion.fired >= self.times:
            return f"/times: has fired {occasion.fired} times"
        if isinstance(self.until, int) and occasion.n > self.until:
            return f"/until: is exchange {occasion.n}, {self.until} was the last"
        if isinstance(self.until, datetime) and occasion.now >= self.until:
            return f"/until: {self.until.isoformat()} has passed"
        if self.chance < 1 and share(f"{occasion.draw}/chance") >= self.chance:
            return f"/chance: {self.chance:g} was not enough this time"
        return ""


def firing_of(raw: Record) -> Firing:
    """The firing that a rule's keys describe. Raises `BadRule` for what is no instant."""
    until = raw.get("until")
    try:
        until = clock_instant(until) if isinstance(until, str) else until
    except ValueError as error:
        raise BadRule("/until", str(error)) from None
    return Firing(
        times=raw.get("times"),
        after=raw.get("after", 0),
        every=raw.get("every", 1),
        chance=raw.get("chance", 1.0),
        until=until,
    )


def share(name: str) -> float:
    """A number between 0 and 1, evenly spread over names; the same name always gets the same."""
    digest = hashlib.sha256(name.encode()).digest()
    return (int.from_bytes(digest[:7], "big") + 0.5) / 2**56


FIRING_KEYS: Mapping[str, Json] = {
    "times": {"type": "integer", "minimum": 1, "description": "only the first so many answers"},
    "after": {"type": "integer", "minimum": 0, "description": "only after so many requests that fit"},
    "every": {"type": "integer", "minimum": 1, "description": "only every so-many-th request that fits"},
    "chance": {
        "type": "number",
        "minimum": 0,
        "maximum": 1,
        "description": "only with this probability, drawn from the seed",
    },
    "until": {
        "oneOf": [{"type": "string", "minLength": 1}, {"type": "integer", "minimum": 1}],
        "description": "an RFC 3339 instant on the world's clock, or the number of the last exchange",
    },
}
