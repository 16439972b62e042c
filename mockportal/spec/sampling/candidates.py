"""Candidates for a text or a number, and the choice of the first that its schema accepts."""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from random import Random
from types import MappingProxyType

import jsonschema_rs
from rstr import Rstr

from mockportal.values import Json, Record, decode, encode

FORMATS = MappingProxyType(
    {
        "date": "2026-06-15",
        "date-time": "2026-06-15T07:00:00Z",
        "time": "07:00:00Z",
        "duration": "P1D",
        "hostname": "example.org",
        "idn-hostname": "example.org",
        "ipv4": "192.0.2.1",
        "ipv6": "2001:db8::1",
        "json-pointer": "/a",
        "relative-json-pointer": "0",
        "regex": "^a$",
        "uri-reference": "/a",
        "iri-reference": "/a",
        "uri-template": "/a/{id}",
        "byte": "QWxwaGE=",
    }
)
_CHECKED = (
    "type", "pattern", "minLength", "maxLength", "format", "enum", "const", "minimum", "maximum", "exclusiveMinimum",
    "exclusiveMaximum", "multipleOf", "not",
)  # fmt: skip
_ATTEMPTS = 5  # at a text for a pattern
_WIDTH = 100  # of a range that is open at one end
_FILLING = "x"


def chosen(candidates: Iterable[Json], schema: Record) -> Json:
    """The first candidate that a schema accepts; the last one if it accepts none."""
    accepts = _accepts(encode({key: schema[key] for key in _CHECKED if key in schema}))
    last: Json = None
    for last in candidates:
        if accepts(last):
            return last
    return last


def texts(made: str, schema: Record, others: Iterable[str], seed: int) -> Iterator[str]:
    """Texts for a schema, `made` and those like it first."""
    least, most = schema.get("minLength", 0), schema.get("maxLength")
    for text in (made, made.lower(), *others):
        yield text.ljust(least, _FILLING)[:most]
    if "pattern" in schema:
        yield from by_pattern(schema["pattern"], least, most, seed)


def numbers(made: int, schema: Record) -> Iterator[Json]:
    """Numbers for a schema, `made` first."""
    yield made
    low, high = bounds(schema)
    step = Fraction(str(schema.get("multipleOf", 1)))
    for number in (ceil(low / step) * step, (floor(low / step) + 1) * step, floor(high / step) * step):
        yield _plain(number)
    for number in ((low + high) / 2, low, high):
        yield _plain(number)


def bounds(schema: Record) -> tuple[Fraction, Fraction]:
    """The lowest and the highest number, a wide range where the schema names one of them only."""
    lows = [schema.get(name) for name in ("minimum", "exclusiveMinimum")]
    highs = [schema.get(name) for name in ("maximum", "exclusiveMaximum")]
    low = max((Fraction(str(one)) for one in lows if _is_number(one)), default=None)
    high = min((Fraction(str(one)) for one in highs if _is_number(one)), default=None)
    if low is None:
        low = Fraction(0) if high is None or high >= 0 else high - _WIDTH
    return low, low + _WIDTH if high is None else high


def by_pattern(pattern: str, least: int, most: int | None, seed: int) -> Iterator[str]:
    """Texts that match a regular expression, if it is one that the library understands."""
    maker = Rstr(Random(seed))
    for _ in range(_ATTEMPTS):
        try:
            text = maker.xeger(pattern)
        except Exception:  # the library has no errors of its own: it fails on what it does not know
            return
        yield text
        yield text.ljust(least, _FILLING)[:most]


@lru_cache(maxsize=1024)
def _accepts(schema: bytes) -> Callable[[Json], bool]:
    return jsonschema_rs.Draft202012Validator(decode(schema), validate_formats=True).is_valid


def _plain(number: Fraction) -> Json:
    return int(number) if number.denominator == 1 else float(number)


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
