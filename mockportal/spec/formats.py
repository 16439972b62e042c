"""The formats and patterns that are really checked, in one place for both validators.

jsonschema skips unknown formats silently, and its own checkers disagree with those of jsonschema-rs; so the
slow one asks the fast one. A malformed `ulid` is simply an unknown id, so that format is not in the list.

Patterns as well: jsonschema uses Python's `re`, which does not know the expressions of ECMA-262 (`\\p{L}`), reads some
of them differently, and may take years over one like `(a+)+$`.
"""

import base64
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs
from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from referencing.exceptions import Unresolvable

from mockportal.values import Json

Keyword = Callable[[Any, Any, Any, Any], Iterator[ValidationError]]

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


def is_day_or_instant(value: object) -> bool:
    """A date, or an instant with its offset, far enough from both ends of the calendar to be reckoned with."""
    if not isinstance(value, str):
        return True
    return (_fast["date"](value) or _fast["date-time"](value)) and "0001" < value[:4] < "9998"


def is_base64(value: object) -> bool:
    """Base64 with its padding (OpenAPI 3.0: `byte`)."""
    if not isinstance(value, str):
        return True
    try:
        return value.isascii() and bool(base64.b64decode(value, validate=True) or not value)
    except ValueError:
        return False


OWN: dict[str, Callable[[object], bool]] = {
    "url": is_url,
    "date or date-time": is_day_or_instant,
    "byte": is_base64,
}


def format_checker() -> FormatChecker:
    """A checker for jsonschema that knows just our formats."""
    checker = FormatChecker(formats=())
    for name, check in {**_fast, **OWN}.items():
        checker.checks(name)(check)
    return checker


def pattern_keywords() -> dict[str, Keyword]:
    """The keywords that hold patterns, for jsonschema; each pattern is compiled once."""
    patterns = _Patterns()
    return {
        "pattern": patterns.pattern,
        "patternProperties": patterns.pattern_properties,
        "additionalProperties": patterns.additional_properties,
        "unevaluatedProperties": _unevaluated_properties,
    }


class _Patterns:
    def __init__(self) -> None:
        self._compiled: dict[str, Callable[[Json], bool]] = {}

    def match(self, pattern: str, text: str) -> bool:
        """True if a text has the pattern somewhere."""
        if pattern not in self._compiled:
            self._compiled[pattern] = jsonschema_rs.Draft202012Validator({"pattern": pattern}).is_valid
        return self._compiled[pattern](text)

    def pattern(
        self, validator: Any, pattern: str, instance: Json, schema: Json
    ) -> Iterator[ValidationError]:
        if isinstance(instance, str) and not self.match(pattern, instance):
            yield ValidationError(f"{instance!r} does not match {pattern!r}")

    def pattern_properties(
        self, validator: Any, patterns: dict[str, Json], instance: Json, schema: Json
    ) -> Iterator[ValidationError]:
        for pattern, inside in patterns.items() if isinstance(instance, dict) else ():
            for name, value in instance.items():
                if self.match(pattern, name):
                    yield from validator.descend(value, inside, path=name, schema_path=pattern)

    def additional_properties(
        self, validator: Any, inside: Json, instance: Json, schema: Json
    ) -> Iterator[ValidationError]:
        patterns = schema.get("patternProperties", {})
        if not patterns or not isinstance(instance, dict):
            own = Draft202012Validator.VALIDATORS["additionalProperties"]
            yield from own(validator, inside, instance, schema)
            return
        known = {name for name in instance if any(self.match(pattern, name) for pattern in patterns)}
        known |= schema.get("properties", {}).keys()
        for name in sorted(instance.keys() - known):
            if inside is False:
                yield ValidationError(f"{name!r} is not expected, and matches none of the patterns")
            else:
                yield from validator.descend(instance[name], inside, path=name)


def _unevaluated_properties(
    validator: Any, inside: Json, instance: Json, schema: Json
) -> Iterator[ValidationError]:
    try:
        yield from Draft202012Validator.VALIDATORS["unevaluatedProperties"](
            validator, inside, instance, schema
        )
    except (
        re.error,
        Unresolvable,
    ):  # of a pattern, or of a reference, in a schema that applies to the same value
        return
