"""Faults of a document, each put aside with what it breaks, so that the rest of the document can be used."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mockportal.errors import SpecError
from mockportal.files.pointers import pointer_to, resolve
from mockportal.spec.conversion.directions import Mode
from mockportal.spec.conversion.sharing import named, same_both_ways
from mockportal.spec.dialect import check_circles, convert_document
from mockportal.spec.document import METHODS, wrong_kinds
from mockportal.values import Json, Record

_NOWHERE = {
    "$ref": "#/x-circle"
}  # in place of a schema that holds itself: nothing that refers to it compiles


@dataclass(slots=True)
class Faults:
    """The faults that were found; without `put_aside` the first one is raised.

    operations: (path, method, fault) of the operations that were taken out of the document
    """

    put_aside: bool = False
    found: list[SpecError] = field(default_factory=list)
    operations: list[tuple[str, str, SpecError]] = field(default_factory=list)

    def add(self, error: SpecError) -> None:
        """Notes a fault. Raises it, unless faults are put aside."""
        if not self.put_aside:
            raise error
        self.found.append(error)

    def copied(self) -> "Faults":
        """The same faults, for a try that may come to nothing."""
        return Faults(self.put_aside, [*self.found], [*self.operations])


def take_out_wrong_kinds(document: Record, faults: Faults) -> None:
    """Takes the operations and components out of a document that have a text where a list belongs, or the like.

    Raises `SpecError` where that is not in any of them.
    """
    for at, problem in [*wrong_kinds(document)]:
        error = SpecError(at, problem)
        steps = [step.replace("~1", "/").replace("~0", "~") for step in at.split("/")[1:]]
        if steps[:1] == ["paths"] and len(steps) > 1:
            faults.add(error)
            _take_out_operations(document, steps[1], steps[2:3], error, faults)
        elif steps[:1] == ["components"] and len(steps) > 2:
            faults.add(error)
            document["components"][steps[1]].pop(steps[2], None)
        else:
            raise error


def _take_out_operations(
    document: Record, path: str, method: list[str], error: SpecError, faults: Faults
) -> None:
    """Takes out the operation, or all operations of the path if what they share is at fault."""
    item = document["paths"].get(path)
    methods = [name for name in METHODS if isinstance(item, dict) and name in item]
    for name in method if method and method[0] in METHODS else methods:
        if name in methods:
            del item[name]
            faults.operations.append((path, name, error))
    if not isinstance(item, dict) or not method or method[0] not in METHODS:
        document["paths"].pop(path, None)


def sound_schemas(document: Record, faults: Faults) -> Mapping[Mode, dict[str, Any]]:
    """Every schema as JSON Schema, for each mode, none of which holds itself for the same value."""
    answered = convert_document(document, "response")
    known = {name: named(answered)[name] for name in same_both_ways(document)}
    shadows: dict[Mode, dict[str, Any]] = {
        "request": convert_document(document, "request", known),
        "response": answered,
    }
    for shadow in shadows.values():
        while True:
            try:
                check_circles(shadow)
                break
            except SpecError as error:
                faults.add(error)
                _replace(shadow, error.where)
    return shadows


def _replace(shadow: Json, at: str) -> None:
    holder_at, _, _ = at.rpartition("/")
    holder = resolve(shadow, holder_at)
    key = next(key for key in _keys(holder) if pointer_to(key) == at[len(holder_at) :])
    holder[key] = dict(_NOWHERE)


def _keys(holder: Json) -> list[Any]:
    return [*range(len(holder))] if isinstance(holder, list) else [*holder]
