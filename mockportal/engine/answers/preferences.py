"""The request header `Prefer` (RFC 7240): asks for a documented answer ad hoc, as in `code=404, delay=2s`.

A preference is a token, perhaps with a value; the first of a name counts. Its parameters (after `;`) mean nothing here,
and a quoted text is one value, whatever is in it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mockportal.state.clock import DURATION, duration
from mockportal.state.rules.actions import BREAKAGES, CONNECTIONS

HEADER = "prefer"
LONGEST_DELAY = 120.0
_STATUSES = range(200, 600)
_SHOWN = 20
FAULTS = (*CONNECTIONS, *BREAKAGES)
_BLANKS = " \t"
# One element of the list: its preference, and its parameters. A quoted text that never ends goes to the end.
_QUOTED = r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)'
_ELEMENT = re.compile(rf"((?:[^\",;]|{_QUOTED})*+)(?:;(?:[^\",]|{_QUOTED})*+)?+(?:,|\Z)", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class BadPreference(ValueError):
    """The request prefers an answer that is not documented."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """The wishes of a request: a status, the name of an example, a delay in seconds; None for no wish.

    fault:     the way to break the answer or its connection; "" for none
    unchecked: True if the status need not be documented
    """

    code: int | None = None
    example: str | None = None
    delay: float | None = None
    fault: str = ""
    unchecked: bool = False


def preferences_of(header: str) -> Preferences:
    """The wishes in a `Prefer` header; other preferences are ignored. Raises `BadPreference`."""
    wishes: dict[str, str] = {}
    for name, value in _preferences(header):
        wishes.setdefault(name, value)
    return Preferences(
        _code(wishes.get("code")),
        wishes.get("example"),
        _delay(wishes.get("delay")),
        _fault(wishes.get("fault", "")),
        "unchecked" in wishes,
    )


def _code(text: str | None) -> int | None:
    if text is None:
        return None
    if len(text) != 3 or not (text.isascii() and text.isdigit()) or int(text) not in _STATUSES:
        raise BadPreference(f"Prefer: code={text[:_SHOWN]} is not a status code")
    return int(text)


def _delay(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        seconds = duration(text).total_seconds()
    except ValueError:
        raise BadPreference(f"Prefer: delay={text[:_SHOWN]} is not {DURATION}") from None
    if seconds > LONGEST_DELAY:
        raise BadPreference(f"Prefer: delay={text[:_SHOWN]} is longer than {LONGEST_DELAY:.0f} s")
    return max(seconds, 0.0)


def _fault(text: str) -> str:
    if text and text not in FAULTS:
        raise BadPreference(f"Prefer: fault={text[:_SHOWN]} is none of {', '.join(FAULTS)}")
    return text


def _preferences(header: str) -> Iterator[tuple[str, str]]:
    """(name in lower case, value) of each element."""
    for found in _ELEMENT.finditer(header):
        name, _, value = found.group(1).partition("=")
        yield name.strip(_BLANKS).lower(), _word(value.strip(_BLANKS))


def _word(value: str) -> str:
    """The text of a token or of a quoted text."""
    return _ESCAPED.sub(r"\1", value[1:].removesuffix('"')) if value.startswith('"') else value
