"""The request header `Prefer` (RFC 7240): asks for a documented answer ad hoc, as in `code=404, delay=2s`."""

from dataclasses import dataclass

from mockportal.state.clock import duration

HEADER = "prefer"


class BadPreference(ValueError):
    """The request prefers an answer that is not documented."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a request prefers: a status, the name of an example, a delay in seconds. None where it says nothing."""

    code: int | None = None
    example: str | None = None
    delay: float | None = None


def preferences_of(header: str) -> Preferences:
    """The wishes in a `Prefer` header; other preferences are ignored. Raises `BadPreference`."""
    wishes: dict[str, str] = {}
    for part in header.replace(";", ",").split(","):
        name, _, value = part.strip().partition("=")
        wishes[name.lower()] = value.strip('"')
    if "code" in wishes and not wishes["code"].isdigit():
        raise BadPreference(f"Prefer: code={wishes['code']} is no status")
    delay = None
    if "delay" in wishes:
        try:
            delay = max(duration(wishes["delay"]).total_seconds(), 0.0)
        except ValueError as error:
            raise BadPreference(f"Prefer: {error}") from None
    return Preferences(int(wishes["code"]) if "code" in wishes else None, wishes.get("example"), delay)
