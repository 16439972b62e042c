"""The reasons why an operation has no verdict, each with what to do about it."""

from collections.abc import Mapping

from mockportal.judge.model import Interaction, OperationRecord
from mockportal.judge.target.targets import Case
from mockportal.spec.operations import Operation
from mockportal.values import Json

FATAL = "it takes away what a run without worlds stands on: judge it in a mock, or by hand"
_LONGEST = 40
_REFUSED = (401, 403)


def missing(operation: Operation, params: Mapping[str, Json]) -> list[str]:
    """The required parameters for which nobody has a value."""
    return [
        one.key
        for one in operation.parameters
        if one.required and one.default is None and not _given(one.key, params)
    ]


def no_value(names: list[str]) -> str:
    """`no value for id and slug: set params.id and params.slug`."""
    return f"no value for {_and(names)}: set {_and([f'params.{name}' for name in names])}"


def no_token(operation: Operation) -> str:
    """`no token for ApiKey: give --token ApiKey=…`."""
    schemes = sorted({scheme for alternative in operation.security for scheme in alternative})
    return f"no token for {' or '.join(schemes)}: give --token {schemes[-1]}=…"


def unreached(operation: Operation, case: Case, exchange: Interaction | None, record: OperationRecord) -> str:
    """The reason why an operation was never answered with a success, "" if it was; `exchange` is its valid request."""
    if record.successes:
        return ""
    if exchange is None:
        tried = f"never reached with a success in {record.cases} requests"
        return tried if record.cases else "no request was sent"
    if exchange.received is None:
        return f"no answer: {exchange.problem}"
    status, names = exchange.status, _names_of_things(operation, case)
    if status in _REFUSED:
        return f"answered {status} to its token: give one that may, by --token or operations.{operation.id}.token"
    if names:
        shown = ", ".join(f"{name}={str(case.params[name])[:_LONGEST]}" for name in names)
        return f"answered {status} to {shown}: set {_and([f'params.{name}' for name in names])}"
    if case.body is not None:
        return f"answered {status} to its body: set operations.{operation.id}.body"
    return f"answered {status} to its valid request: set operations.{operation.id}.params"


def _names_of_things(operation: Operation, case: Case) -> list[str]:
    """The parameters that name a thing which may not be there: texts that the document does not list."""
    return [
        one.key
        for one in operation.parameters
        if isinstance(case.params.get(one.key), str)
        and not (isinstance(one.schema, dict) and "enum" in one.schema)
    ]


def _given(key: str, params: Mapping[str, Json]) -> bool:
    return key in params or any(name.startswith(f"{key}[") for name in params)


def _and(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
