"""Behaviours: plain functions that answer operations from state, and how they are found.

The decorator only leaves a note on the function; nothing is registered by importing. `collect` reads the notes of
a package and checks each operationId against the spec.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import TypeVar

from mockportal.engine.call import Call, Caller, Reply
from mockportal.errors import BehaviourError, hint
from mockportal.spec.operations import Operation
from mockportal.spec.spec import Spec
from mockportal.state.store import Draft
from mockportal.values import Json

Behaviour = Callable[[Call, Draft], Json]
Admission = Callable[[Operation, Caller, Draft], Caller]

_F = TypeVar("_F", bound=Behaviour)
_NOTE = "__mockportal_operations__"


@dataclass(frozen=True, slots=True)
class Behaviours:
    """`by_operation` answers; `admit` completes a caller, or refuses one whom the token alone would let in."""

    by_operation: dict[str, Behaviour]
    admit: Admission


def operation(*ids: str) -> Callable[[_F], _F]:
    """Marks a function as the answer to these operations; it returns the body, or a `Reply`."""

    def note(function: _F) -> _F:
        setattr(function, _NOTE, ids)
        return function

    return note


def collect(package: str, spec: Spec) -> Behaviours:
    """The behaviours of a package and its modules. Raises `BehaviourError`."""
    found: dict[str, Behaviour] = {}
    admit: Admission = admit_as_is
    for module in _modules(package):
        admit = getattr(module, "admit", admit)
        for function in vars(module).values():
            if getattr(function, "__module__", None) == module.__name__:
                for id in getattr(function, _NOTE, ()):
                    _bind(id, function, found, spec)
    return Behaviours(found, admit)


def admit_as_is(operation: Operation, caller: Caller, draft: Draft) -> Caller:
    """The admission of a package that has none of its own."""
    return caller


def name_of(behaviour: Behaviour) -> str:
    """`mockportal.portal.metering.readings.create_reading`"""
    return f"{behaviour.__module__}.{behaviour.__qualname__}"


def reply_of(call: Call, answer: Json) -> Reply:
    """What a behaviour returned, as a reply: a body goes with the lowest documented success."""
    return answer if isinstance(answer, Reply) else Reply(call.operation.success, answer)


def _bind(id: str, function: Behaviour, found: dict[str, Behaviour], spec: Spec) -> None:
    if id not in spec.operations:
        known = hint(id, spec.operations)
        raise BehaviourError(name_of(function), f"the spec has no operation {id!r}{known}")
    if id in found:
        raise BehaviourError(name_of(function), f"{id!r} is answered by {name_of(found[id])} already")
    found[id] = function


def _modules(package: str) -> Iterator[ModuleType]:
    try:
        root = importlib.import_module(package)
    except ImportError as error:
        raise BehaviourError(package, f"cannot be imported: {error}") from None
    yield root
    for info in pkgutil.walk_packages(getattr(root, "__path__", ()), f"{package}."):
        yield importlib.import_module(info.name)
