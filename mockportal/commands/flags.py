"""The values of flags, read from their texts. Bad ones raise `argparse.ArgumentTypeError`."""

import argparse

from mockportal.errors import UsageError
from mockportal.state.clock import Clock, parse_clock

STAGES = ("examples", "coverage", "fuzzing", "stateful", "checks", "journeys")


def clock_of(text: str) -> Clock:
    """The clock that `--clock` names."""
    try:
        return parse_clock(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is neither an RFC 3339 instant nor `now`") from None


def token_of(text: str) -> tuple[str, str]:
    """A scheme and its token. Raises `UsageError`."""
    scheme, equals, value = text.partition("=")
    if not (scheme and equals and value):
        raise UsageError("--token", "is SCHEME=VALUE, such as PortalAuth=…")
    return scheme, value


def stages_of(text: str) -> tuple[str, ...]:
    """The stages of a comma-separated list."""
    chosen = tuple(text.split(","))
    for one in chosen:
        if one not in STAGES:
            raise argparse.ArgumentTypeError(f"{one!r} is none of {', '.join(STAGES)}")
    return chosen


def rate_of(text: str) -> float:
    """Requests a second, as in `5` or `5/s`."""
    try:
        rate = float(text.removesuffix("/s"))
    except ValueError:
        rate = -1.0
    if not 0 <= rate < 1e6:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of requests a second")
    return rate


def count_of(text: str) -> int:
    """A whole number above 0."""
    if not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no number above 0")
    return int(text)
