"""Translation of the errors of JSON Schema for somebody who writes a file.

The error of a choice (`oneOf`) holds the errors of each branch. Only those of the branch that was probably meant are
told: the one with the fewest mistakes. A branch that wants a value of another type was not meant.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from jsonschema import ValidationError

from mockportal.errors import hint
from mockportal.files.pointers import escape, pointer_to
from mockportal.values import Json

_LONGEST = 100
_LISTED = 40
_MESSAGE = 300
_URGENT = {"additionalProperties": 0, "enum": 1, "type": 2}
_WORDS = {None: "null", True: "true", False: "false"}
_NONE = re.compile("None is not of type (.+)")
_DEPENDENCY = re.compile("(.+) is a dependency of (.+)")


class Problem(NamedTuple):
    """`message` is about the value at the pointer `at`; the one with the smallest `urgency` is to be read first."""

    urgency: tuple[int, int]
    at: str
    message: str


def problems(errors: Sequence[ValidationError]) -> Iterator[Problem]:
    """The messages for sibling errors. A missing key is left out where a misspelt one stands in its place."""
    unknown = {tuple(error.absolute_path): _unknown(error) for error in errors if _is_closed(error)}
    for error in errors:
        missing = error.message.split("'")[1] if error.validator == "required" else ""
        if missing and hint(missing, unknown.get(tuple(error.absolute_path), ())):
            continue
        yield from _choice(error) if error.context else _single(error)


def shown(value: Json) -> str:
    """The value as YAML may write it on one line, cut where it is long."""
    text = _flow(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def without_none(message: str) -> str:
    """A message of a validator, in which a value that is missing is not called `None`."""
    found = _NONE.fullmatch(message)
    return f"has no value; one of type {found[1]} is expected" if found else message


def known_names(names: Sequence[str]) -> str:
    """` (known: a, b)`; nothing for more names than somebody would read."""
    return f" (known: {', '.join(names)})" if 0 < len(names) <= _LISTED else ""


def _flow(value: Json) -> str:
    if isinstance(value, str):
        return repr(value[: _LONGEST + 1])
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flow(name)}: {_flow(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value[:_LONGEST])) + "]"
    return _WORDS[value] if value is None or isinstance(value, bool) else str(value)


def _choice(error: ValidationError) -> Iterator[Problem]:
    branches: dict[object, list[ValidationError]] = {}
    for inner in error.context or ():
        branches.setdefault(inner.schema_path[0], []).append(inner)
    meant = [branch for branch in branches.values() if not any(_is_other_type(one, error) for one in branch)]
    if not meant:
        types = [name for branch in branches.values() for one in branch for name in _types(one)]
        yield _problem(error, "type", _wrong_type(error.instance, types))
        return
    closed = [one for branch in meant for one in branch if _is_closed(one)]
    known = sorted({name for one in closed for name in _known(one)})
    for one in problems(min(meant, key=_cost)):
        name = one.at.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
        nowhere = one.urgency[0] == 0 and name not in known
        yield one._replace(message=_unknown_key(name, known)) if nowhere else one


def _cost(branch: Sequence[ValidationError]) -> int:
    return sum(2 * len(_unknown(error)) if _is_closed(error) else 1 for error in branch)


def _is_other_type(inner: ValidationError, choice: ValidationError) -> bool:
    """True if a branch fails because the value at the choice itself has another type."""
    return inner.absolute_path == choice.absolute_path and (
        inner.validator == "type" or (inner.validator == "enum" and not isinstance(inner.instance, str))
    )


def _types(error: ValidationError) -> list[str]:
    if error.validator == "enum":
        return ["string"]
    wanted: Json = error.validator_value if error.validator == "type" else []
    return [wanted] if isinstance(wanted, str) else wanted


def _single(error: ValidationError) -> Iterator[Problem]:
    if _is_closed(error):
        for name in _unknown(error):
            message = _unknown_key(name, list(_known(error)))
            yield _problem(error, "additionalProperties", message, f"/{escape(name)}")
        return
    path = list(error.absolute_schema_path)
    if "propertyNames" in path[-2:-1]:
        yield _problem(error, "enum", _message(error), f"/{escape(str(error.instance))}")
    else:
        yield _problem(error, str(error.validator), _message(error))


def _problem(error: ValidationError, validator: str, message: str, below: str = "") -> Problem:
    urgency = _URGENT.get(validator, 9), -len(error.absolute_path)
    return Problem(urgency, pointer_to(*error.absolute_path) + below, message)


def _message(error: ValidationError) -> str:
    instance, schema = error.instance, error.schema
    wanted: Json = error.validator_value
    if error.validator == "type":
        return _wrong_type(instance, _types(error))
    if error.validator == "enum" and isinstance(instance, str):
        return _unknown_name(error, [name for name in wanted if isinstance(name, str)])
    if error.validator == "pattern" and isinstance(schema, dict) and "description" in schema:
        return f"{shown(instance)} is not {schema['description']}"
    if error.validator == "const":
        return f"{shown(instance)} is not {shown(wanted)}, the only value here"
    if error.validator in ("not", "maxProperties"):
        path = list(error.absolute_schema_path)
        other = f" with {path[path.index('dependentSchemas') + 1]!r}" if "dependentSchemas" in path else ""
        return f"{'cannot' if error.validator == 'not' else 'has too many keys to'} stand together{other}"
    needed = _DEPENDENCY.fullmatch(error.message)
    if needed:
        return f"{needed[2]} needs {needed[1]} too"
    problem = error.message.removeprefix(repr(instance))
    problem = error.message if problem == error.message else shown(instance) + problem
    return problem if len(problem) < _MESSAGE else "has the wrong shape"


def _wrong_type(instance: Json, types: Sequence[str]) -> str:
    names = " or ".join(map(repr, dict.fromkeys(types)))
    if instance is None:
        return f"has no value; one of type {names} is expected"
    return f"{shown(instance)} is not of type {names}"


def _unknown_name(error: ValidationError, known: Sequence[str]) -> str:
    path, at = list(error.absolute_path), pointer_to(*error.absolute_path)
    what = {"/entities": "collection"}.get(at, "operation" if "operation" in path[-2:] else "value")
    near = hint(str(error.instance), known)
    return f"unknown {what} {shown(error.instance)}{near or known_names(known)}"


def _unknown_key(name: str, known: Sequence[str]) -> str:
    return f"unknown key {shown(name)}{hint(name, known)}{known_names(known)}"


def _is_closed(error: ValidationError) -> bool:
    return error.validator == "additionalProperties" and isinstance(error.schema, dict)


def _known(error: ValidationError) -> Sequence[str]:
    schema: Json = error.schema
    return list(schema["properties"])


def _unknown(error: ValidationError) -> list[str]:
    instance: Json = error.instance
    return [name for name in instance if name not in _known(error)]
