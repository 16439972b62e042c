"""Waits: the clock of the gate, and the time that a target asks for by `Retry-After`."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

from mockportal.judge.model import Received


@dataclass(frozen=True, slots=True)
class WaitingClock:
    """The clock of a gate: `now` and `sleep` in seconds, `today` in seconds since 1970."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    today: Callable[[], float] = time.time


def may_repeat(method: str, status: int) -> bool:
    """True if a request that was turned away can be sent again without being carried out twice."""
    return status == 429 or method in ("GET", "HEAD", "OPTIONS")


def wait_asked_for(received: Received, today: float) -> float | None:
    """The seconds to wait before another try, if the target asks for one: it says how many, or until when."""
    asked = (received.header("retry-after") or "").strip()
    if received.status not in (429, 503) or not asked:
        return None
    if asked.isascii() and asked.isdigit():
        return float(asked)
    until = _seconds(asked)
    return None if until is None else max(0.0, until - (_seconds(received.header("date") or "") or today))


def _seconds(date: str) -> float | None:
    """An HTTP date as seconds since 1970."""
    try:
        found = parsedate_to_datetime(date)
    except (TypeError, ValueError):
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
