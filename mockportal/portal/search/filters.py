"""The filters of searches and targets: a list of clauses, all of which have to hold, compiled into one predicate.

A clause has one key: `term`, `terms`, `ids`, `range`, `exists`, `$and`, `$or` or `$not`. A field is a dotted path, a
trailing `.keyword` does not count, and of several values any may match. Values are compared by their text, so 84
equals "84".
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from mockportal.config import LIMITS
from mockportal.errors import BadRequest, hint
from mockportal.portal.entity.paths import Lens, values_at
from mockportal.portal.search.ranges import compile_range
from mockportal.values import Json, Record

Predicate = Callable[[Lens, Record], bool]
Path = tuple[str, ...]

_STEPS = 20  # a path may be this long
_ID_SUFFIXES = (".$relation.entity_id", ".entity_id")  # a relation compares by its ids anyway


def compile_filters(clauses: Json, now: datetime, where: str = "filters") -> Predicate:
    """True for an entity that fits all clauses. Raises `BadRequest` for what is no clause."""
    _check_size(clauses)
    return _all(_clauses(clauses, where, now))


def _check_size(clauses: Json) -> None:
    """Raises `BadRequest` for filters that take too long; an object in a list is a clause, all else is a value."""
    lists, found, values = [clauses], 0, 0
    while lists:
        value = lists.pop()
        if isinstance(value, dict):
            lists.extend(one for one in value.values() if isinstance(one, list | dict))
        elif isinstance(value, list):
            inner = [one for one in value if isinstance(one, dict)]
            found, values = found + len(inner), values + len(value) - len(inner)
            lists.extend(inner)
    for limit, size in (("search_clauses", found), ("search_values", values)):
        if size > getattr(LIMITS, limit):
            raise BadRequest(LIMITS.said(limit))


def path_of(field: Json, where: str) -> Path:
    """The steps of a dotted path. Raises `BadRequest`."""
    if not isinstance(field, str):
        raise BadRequest(f"{where}: a field is a path such as billing_account.billing_account_number")
    name = field.removesuffix(".keyword")
    for suffix in _ID_SUFFIXES:
        name = name.removesuffix(suffix)
    steps = tuple(name.split("."))
    if not all(steps) or len(steps) > _STEPS:
        raise BadRequest(f"{where}: {field[:100]!r} is not a path of at most {_STEPS} steps")
    return steps


def comparable(value: Json) -> str | None:
    """The text by which values are compared and grouped; None for objects."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, str | int | float) else None


def _clauses(value: Json, where: str, now: datetime) -> list[Predicate]:
    if not isinstance(value, list):
        raise BadRequest(f"{where}: this has to be a list of clauses")
    return [_clause(one, f"{where}[{number}]", now) for number, one in enumerate(value)]


def _clause(value: Json, where: str, now: datetime) -> Predicate:
    if not isinstance(value, dict) or len(value) != 1:
        raise BadRequest(f"{where}: a clause is an object with one key: {', '.join(_CLAUSES)}")
    [(name, argument)] = value.items()
    if name not in _CLAUSES:
        raise BadRequest(f"{where}: there is no clause {name[:100]!r}{hint(name[:100], _CLAUSES)}")
    return _CLAUSES[name](argument, f"{where}.{name}", now)


def _term(argument: Json, where: str, now: datetime) -> Predicate:
    field, value = _only_field(argument, where)
    return _any_of(field, [value], where)


def _terms(argument: Json, where: str, now: datetime) -> Predicate:
    field, values = _only_field(argument, where)
    if not isinstance(values, list):
        raise BadRequest(f"{where}: this has to be a list of values")
    return _any_of(field, values, where)


def _ids(argument: Json, where: str, now: datetime) -> Predicate:
    if (
        not isinstance(argument, dict)
        or set(argument) != {"values"}
        or not isinstance(argument["values"], list)
    ):
        raise BadRequest(f"{where}: this has to be an object with a list of ids as values")
    return _any_of("_id", argument["values"], where)


def _exists(argument: Json, where: str, now: datetime) -> Predicate:
    if not isinstance(argument, dict) or set(argument) != {"field"}:
        raise BadRequest(f"{where}: this has to be an object with a field")
    path = path_of(argument["field"], where)
    return lambda lens, record: bool(values_at(lens, record, path))


def _range(argument: Json, where: str, now: datetime) -> Predicate:
    field, conditions = _only_field(argument, where)
    path = path_of(field, where)
    try:
        within = compile_range(conditions, now)
    except ValueError as error:
        raise BadRequest(f"{where}: {error}") from None
    return lambda lens, record: any(within(value) for value in values_at(lens, record, path))


def _and(argument: Json, where: str, now: datetime) -> Predicate:
    return _all(_clauses(argument, where, now))


def _or(argument: Json, where: str, now: datetime) -> Predicate:
    choices = _clauses(argument, where, now)
    return lambda lens, record: any(choice(lens, record) for choice in choices)


def _not(argument: Json, where: str, now: datetime) -> Predicate:
    """None of the clauses holds; a single one need not be in a list."""
    excluded = (_or if isinstance(argument, list) else _clause)(argument, where, now)
    return lambda lens, record: not excluded(lens, record)


_CLAUSES: Mapping[str, Callable[[Json, str, datetime], Predicate]] = MappingProxyType(
    {
        "term": _term,
        "terms": _terms,
        "ids": _ids,
        "range": _range,
        "exists": _exists,
        "$and": _and,
        "$or": _or,
        "$not": _not,
    }
)


def _all(predicates: Sequence[Predicate]) -> Predicate:
    if len(predicates) == 1:
        return predicates[0]
    return lambda lens, record: all(predicate(lens, record) for predicate in predicates)


def _any_of(field: Json, values: list[Json], where: str) -> Predicate:
    path = path_of(field, where)
    wanted = {comparable(value) for value in values}
    if None in wanted:
        raise BadRequest(f"{where}: a value is a text, a number or a boolean")
    return lambda lens, record: any(comparable(value) in wanted for value in values_at(lens, record, path))


def _only_field(argument: Json, where: str) -> tuple[Json, Json]:
    if not isinstance(argument, dict) or len(argument) != 1:
        raise BadRequest(f"{where}: this has to be an object with one field")
    [(field, value)] = argument.items()
    return field, value
