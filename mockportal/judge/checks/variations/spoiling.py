"""Valid requests, spoilt in one place each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mockportal.json_tree import leaves, replaced, walk
from mockportal.judge.context import Context
from mockportal.values import Json, Record

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NOBODY = "5d9ae3c4-6a3c-4a8f-9d0a-6f1f0f7f2c11"
_MOST = 14


@dataclass(frozen=True, slots=True)
class Spoilt:
    """A request: the whole parameters and body; `token` None is that of the case."""

    params: Record
    body: Json
    token: str | None = None


def spoilt(context: Context, name: str) -> Iterator[Spoilt]:
    """The case of an operation, each time wrong in one place: a parameter or an id that names nothing, a value of
    another type, a list whose last item is wrong."""
    case = context.case(name)
    for parameter in context.spec.operations[name].parameters:
        if parameter.name in case.params:
            yield Spoilt({**case.params, parameter.name: _NOBODY}, case.body)
        if parameter.required and parameter.location == "query":
            yield Spoilt({**case.params, parameter.name: None}, case.body)
    if not isinstance(case.body, dict | list):
        return
    for number, body in enumerate(_bodies(case.body)):
        if number < _MOST:
            yield Spoilt(case.params, body)


def _bodies(body: Json) -> Iterator[Json]:
    yield "no object" if isinstance(body, list) else []
    for path, value in leaves(body):
        if isinstance(value, str) and _UUID.fullmatch(value):
            yield replaced(body, path, _NOBODY)
    lists = ((path, item) for path, item in walk(body) if isinstance(item, list) and item)
    for path, items in lists:
        yield replaced(body, path, [*items, 0 if not isinstance(items[-1], int) else "x"])
        yield replaced(body, path, [*items, _unknown(items[-1])])
    if isinstance(body, dict):
        for key in body:
            yield {**body, key: _other(body[key])}
            yield {name: value for name, value in body.items() if name != key}


def _unknown(item: Json) -> Json:
    """The item, with every id in it as one that nobody has."""
    changed = item
    for path, value in leaves(item):
        if isinstance(value, str) and _UUID.fullmatch(value):
            changed = replaced(changed, path, _NOBODY)
    return changed


def _other(value: Json) -> Json:
    """A value of another type."""
    return "x" if isinstance(value, dict | list | int | float) else {"x": 1}
