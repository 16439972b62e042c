"""The formats that are really checked, in one place for both validators.

jsonschema skips unknown formats silently, and its own checkers disagree with those of jsonschema-rs; so the
slow one asks the fast one. A malformed `ulid` is simply an unknown id, so that format is not in the list.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

import jsonschema_rs
from jsonschema import FormatChecker

CHECKED = ("date", "date-time", "uuid", "email", "uri")

_fast: dict[str, Callable[[object], bool]] = {
    name: jsonschema_rs.Draft202012Validator({"format": name}, validate_formats=True).is_valid
    for name in CHECKED
}


def is_url(value: object) -> bool:
    """An absolute `http` or `https` address with a host."""
    if not isinstance(value, str):
        return True
    if not _fast["uri"](value):
        return False
    parts = urlsplit(value)
    return parts.scheme in ("http", "https") and bool(parts.hostname)


OWN: dict[str, Callable[[object], bool]] = {"url": is_url}


def format_checker() -> FormatChecker:
    """A checker for jsonschema that knows just our formats."""
    checker = FormatChecker(formats=())
    for name, check in {**_fast, **OWN}.items():
        checker.checks(name)(check)
    return checker
