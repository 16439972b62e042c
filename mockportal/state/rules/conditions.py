"""The conditions of a rule on a request, and which of them one does not meet."""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import jsonpath_rfc9535
import jsonschema_rs

from mockportal.files.pointers import leads_somewhere, pointer_to, resolve
from mockportal.values import Json, Record

PLACES = ("params", "headers", "body")  # where the pointers of `matches` begin
_LARGEST = 1024 * 1024  # bytes of a compiled regular expression
_SHOWN = 80


class Seen(NamedTuple):
    """The parts of a request that conditions look at; the names of headers are in lower case."""

    params: Mapping[str, Json]
    headers: Mapping[str, str]
    body: Json
    fields: Record


def unmet(when: Mapping[str, Json], seen: Seen) -> str:
    """The first condition that a request does not meet, as `/when/params/id: wants "a", came "b"`; "" if it meets all.

    The caller (`as`) is looked at elsewhere: that takes the tokens of a world.
    """
    for name, check in _CHECKS.items():
        if name in when:
            problem = next(check(when[name], seen), "")
            if problem:
                return f"/when/{name}{problem}"
    return ""


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


@lru_cache(maxsize=1_000)
def pattern_of(text: str) -> Callable[[str], bool]:
    """True for a text that a regular expression finds something in, in time that grows with the text alone.

    Raises `ValueError` for one that is none, or that looks around or back.
    """
    options = jsonschema_rs.RegexOptions(size_limit=_LARGEST)
    try:
        return jsonschema_rs.Draft202012Validator({"pattern": text}, pattern_options=options).is_valid
    except jsonschema_rs.ValidationError:
        raise ValueError(f"{text!r} is no regular expression without look-around and references") from None


@lru_cache(maxsize=1_000)
def query_of(text: str) -> jsonpath_rfc9535.JSONPathQuery:
    """The JSONPath query (RFC 9535) that a text spells. Raises `ValueError`."""
    try:
        return jsonpath_rfc9535.compile(text)
    except jsonpath_rfc9535.JSONPathError as error:
        raise ValueError(f"{text!r} is no JSONPath query: {str(error).splitlines()[0]}") from None


def _params(wanted: Record, seen: Seen) -> Iterator[str]:
    return _parts(wanted, seen.params)


def _body(wanted: Record, seen: Seen) -> Iterator[str]:
    return _parts(wanted, seen.fields)


def _headers(wanted: Mapping[str, str], seen: Seen) -> Iterator[str]:
    return _parts({name.lower(): value for name, value in wanted.items()}, seen.headers)


def _parts(wanted: Mapping[str, Json], given: Mapping[str, Json]) -> Iterator[str]:
    for name, value in wanted.items():
        if name not in given:
            yield f"{pointer_to(name)}: wants {shown(value)}, there is none"
        elif not holds(value, given[name]):
            yield f"{pointer_to(name)}: wants {shown(value)}, came {shown(given[name])}"


def _jsonpath(wanted: str, seen: Seen) -> Iterator[str]:
    if seen.body is None or not query_of(wanted).find(seen.body):
        yield f": {wanted} selects nothing in the body"


def _matches(wanted: Mapping[str, str], seen: Seen) -> Iterator[str]:
    for pointer, pattern in wanted.items():
        value = _at(pointer, seen)
        if value is None:
            yield f"{pointer_to(pointer)}: wants {pattern}, there is none"
        elif not pattern_of(pattern)(value):
            yield f"{pointer_to(pointer)}: wants {pattern}, came {shown(value)}"


def _at(pointer: str, seen: Seen) -> str | None:
    """The text at `/params/NAME`, `/headers/NAME` or `/body/…`; a number as its digits."""
    place, slash, rest = pointer[1:].partition("/")
    parts: Mapping[str, Json] = {"params": seen.params, "headers": seen.headers, "body": seen.body}
    inside = slash + (rest.lower() if place == "headers" else rest)
    tree = parts[place]
    if not leads_somewhere(tree, inside):
        return None
    value = resolve(tree, inside)
    return value if isinstance(value, str) else shown(value)


def shown(value: Json) -> str:
    """A value in one line, shortened."""
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _same_number(wanted: Any, value: Any) -> bool:
    numbers = (int, float)
    if isinstance(wanted, bool) or isinstance(value, bool):
        return False
    return isinstance(wanted, numbers) and isinstance(value, numbers) and wanted == value


_CHECKS: Mapping[str, Callable[[Any, Seen], Iterator[str]]] = {
    "params": _params,
    "headers": _headers,
    "body": _body,
    "jsonpath": _jsonpath,
    "matches": _matches,
}
