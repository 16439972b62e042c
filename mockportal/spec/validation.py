"""Validators for every schema: jsonschema-rs decides, jsonschema explains.

Both read one converted document (`dialect.py`) under two addresses, for requests and for responses.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import jsonschema_rs
from jsonschema import Draft202012Validator, ValidationError, validators
from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

from mockportal.errors import SpecError
from mockportal.files.pointers import leads_somewhere, pointer_to, reference_to, resolve, target_of
from mockportal.spec.conversion.directions import FORBIDDEN, Mode
from mockportal.spec.conversion.sharing import (
    name_in,
    named,
    reference_to_named,
    shared_names,
    without_shared,
)
from mockportal.spec.dialect import places_of_others, references
from mockportal.spec.formats import OWN, format_checker, pattern_keywords
from mockportal.spec.wording.reasons import reason_of
from mockportal.values import Json, Record

_MESSAGE = 300
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_CONTEXT = 3


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing wrong: `where` (path, query, body, …), JSON pointer `path` in it, and the schema's `pointer`.

    `known` are the names that a value which is none of them could have had. `reason` is what was expected, without the
    value, where that is known.
    """

    where: str
    path: str
    message: str
    pointer: str
    known: tuple[str, ...] = ()
    reason: str = field(default="", compare=False)

    def to_json(self) -> Record:
        """`{"in": "body", "path": "/value", "message": "…"}`"""
        return {"in": self.where, "path": self.path, "message": self.message}


class Validator:
    """A schema, compiled when it is first needed: of a large document most never are.

    `pointer` is its JSON pointer in the document.
    """

    def __init__(self, pointer: str, compiled: Callable[[], tuple[Any, Any]]) -> None:
        self.pointer = pointer
        self._compile = compiled

    @cached_property
    def is_valid(self) -> Callable[[Json], bool]:
        """Tells whether a value is valid."""
        valid: Callable[[Json], bool] = self._compiled[0].is_valid
        return valid

    @cached_property
    def _compiled(self) -> tuple[Any, Any]:
        """The schema for jsonschema-rs, which decides, and for jsonschema, which explains."""
        return self._compile()

    def violations(self, value: Json, where: str) -> list[Violation]:
        """Everything wrong with `value`; empty if, and only if, `is_valid` says so."""
        if self.is_valid(value):
            return []
        try:
            errors = list(self._compiled[1].iter_errors(value))
        except RecursionError:  # a value that is nested deeper than it can be explained
            errors = []
        found = [violation for error in errors for violation in _leaves(error, where, self.pointer)]
        return sorted(set(found), key=lambda v: (v.path, v.message)) or self._told(value, where)

    def _told(self, value: Json, where: str) -> list[Violation]:
        """The violations as jsonschema-rs tells them: of `unevaluatedProperties`, or deep inside of a value."""
        told = {
            Violation(where, pointer_to(*error.instance_path), error.message[:_MESSAGE], self.pointer)
            for error in self._compiled[0].iter_errors(value)
        }
        return sorted(told, key=lambda v: (v.path, v.message))


class Validators:
    """Compiles schemas of one document by JSON pointer, each once for each mode.

    Each is compiled when it is first needed, and `all_compile` tells whether that can go wrong; an `eager` one compiles
    them at once, and so tells which of them is wrong.
    """

    def __init__(self, version: str, shadows: Mapping[Mode, dict[str, Any]], eager: bool = False) -> None:
        self.version = version
        self._eager = eager
        self._asked: dict[Mode, list[Record]] = {mode: [] for mode in shadows}
        resources = [
            (_address(mode), DRAFT202012.create_resource(shadow)) for mode, shadow in shadows.items()
        ]
        self.registry: Registry[Any] = Registry().with_resources(resources)
        self.schemas = shadows
        self._others = {mode: places_of_others(shadow) for mode, shadow in shadows.items()}
        self._origins = {
            mode: {at: origin for origin, at in places.items()} for mode, places in self._others.items()
        }
        self._shared = shared_names(shadows)
        asked = without_shared(shadows["request"], self._shared, _address("response"))
        self._fast = jsonschema_rs.Registry(
            [(_address("request"), asked), (_address("response"), shadows["response"])]
        )
        self._explainers = {mode: _explainer(self.registry, mode) for mode in shadows}
        self._formats = format_checker()
        self._compiled: dict[tuple[Mode, str], Validator] = {}

    def at(self, mode: Mode, pointer: str) -> Validator:
        """The validator of the schema at pointer `pointer`; one that only refers to another is that other one.

        Raises `SpecError` for a reference that leads nowhere.
        """
        pointer = self._target(mode, pointer)
        if name_in(pointer) in self._shared:
            mode = "response"
        key = (mode, pointer)
        if key not in self._compiled:
            schema = {"$ref": _address(mode) + reference_to(pointer)}
            self._compiled[key] = self.of(mode, schema, self._origins[mode].get(pointer, pointer))
        return self._compiled[key]

    def _target(self, mode: Mode, pointer: str) -> str:
        """The pointer at the end of a chain of references, in which `check_circles` has found no circle."""
        schemas = self.schemas[mode]
        pointer = self._others[mode].get(pointer, pointer)
        while leads_somewhere(schemas, pointer):
            schema = resolve(schemas, pointer)
            if (
                not isinstance(schema, dict)
                or schema.keys() != {"$ref"}
                or not schema["$ref"].startswith("#/")
            ):
                return pointer
            pointer = target_of(schema["$ref"])
        raise SpecError(pointer, "is a reference that leads nowhere")

    def of(self, mode: Mode, schema: Record, pointer: str) -> Validator:
        """The validator of a converted `schema` that lives at `pointer`; its `#/…` references mean the document."""
        schema = {"$schema": _DIALECT, **_absolute(schema, _address(mode))}

        def compiled() -> tuple[Any, Any]:
            slow = self._explainers[mode](schema, registry=self.registry, format_checker=self._formats)
            return self._fast_validator(schema, pointer), slow

        validator = Validator(pointer, compiled)
        self._asked[mode].append(schema)
        if self._eager:
            assert callable(validator.is_valid)
        return validator

    def all_compile(self) -> bool:
        """True if every schema that was asked for so far compiles, and every named one. They are compiled together,
        which takes a fraction of the time and memory."""
        for mode, schemas in self._asked.items():
            names = named(self.schemas[mode])
            own = names if mode == "response" else names.keys() - self._shared
            components = [{"$ref": _address(mode) + reference_to_named(name)} for name in own]
            together = (
                {"$schema": _DIALECT, "anyOf": [*schemas, *components]} if schemas or components else {}
            )
            try:
                self._fast_validator(together, "")
            except SpecError:
                return False
        return True

    def _fast_validator(self, schema: Record, pointer: str) -> Any:
        """Raises `SpecError` for a schema that does not compile."""
        try:
            return jsonschema_rs.Draft202012Validator(
                schema, formats=OWN, validate_formats=True, registry=self._fast, offline=True
            )
        except (jsonschema_rs.ReferencingError, ValueError) as error:
            place = pointer_to(*getattr(error, "instance_path", ()))
            where = place if place.startswith(f"{pointer}/") else pointer
            problem = str(getattr(error, "message", error))
            raise SpecError(where, f"does not compile: {problem[:_MESSAGE]}") from None

    def apart(self, mode: Mode, pointer: str, schema: Callable[[], Record]) -> Validator:
        """The validator of a converted schema that the document does not have, made once for its `pointer`."""
        key = (mode, pointer)
        if key not in self._compiled:
            self._compiled[key] = self.of(mode, schema(), pointer)
        return self._compiled[key]

    def check_components(self, faults: Callable[[SpecError], None]) -> None:
        """Tells `faults` of every component schema that does not compile."""
        for name in named(self.schemas["response"]):
            try:
                self.at("response", pointer_to("components", "schemas", name))
            except SpecError as error:
                faults(error)

    def check(self) -> None:
        """Every reference leads somewhere. Raises `SpecError`.

        jsonschema resolves lazily, so a dangling reference would show only on the value that needs it.
        """
        for mode, shadow in self.schemas.items():
            resolver = self.registry.resolver(_address(mode))
            for at, target in references(shadow, ()):
                try:
                    resolver.lookup(target)
                except Unresolvable:
                    raise SpecError(pointer_to(*at), f"{target!r} leads nowhere") from None


def _explainer(registry: Registry[Any], mode: Mode) -> type[Draft202012Validator]:
    """jsonschema's validator, which finds each reference into our document once: its own way takes 20 µs a time."""
    resolver = registry.resolver(_address(mode))
    found: dict[str, Any] = {}

    def ref(validator: Any, target: str, instance: Json, schema: Json) -> Iterator[ValidationError]:
        if target not in found:
            found[target] = resolver.lookup(target).contents
        yield from validator.descend(instance, found[target])

    keywords = {"$ref": ref, **pattern_keywords()}
    made: type[Draft202012Validator] = validators.extend(Draft202012Validator, keywords)  # type: ignore[no-untyped-call]
    return made


def check_schema(schema: Json, pointer: str) -> None:
    """Raises `SpecError` if `schema` is not JSON Schema 2020-12."""
    for error in Draft202012Validator(Draft202012Validator.META_SCHEMA).iter_errors(schema):
        raise SpecError(pointer + pointer_to(*error.absolute_path), error.message[:_MESSAGE])


def summary(violations: Iterable[Violation], most: int = 3) -> str:
    """One line for people: `body /value: 'x' is not of type 'number'; …`."""
    shown = [f"{v.where} {v.path}: {v.message}" if v.path else f"{v.where}: {v.message}" for v in violations]
    rest = len(shown) - most
    return "; ".join(shown[:most]) + (f" (and {rest} more)" if rest > 0 else "")


def _address(mode: Mode) -> str:
    return f"urn:mockportal:{mode}"


def _absolute(schema: Any, address: str) -> Any:
    if isinstance(schema, dict):
        return {
            key: address + value
            if key == "$ref" and isinstance(value, str) and value.startswith("#")
            else _absolute(value, address)
            for key, value in schema.items()
        }
    if isinstance(schema, list):
        return [_absolute(item, address) for item in schema]
    return schema


def _leaves(error: ValidationError, where: str, pointer: str) -> Iterator[Violation]:
    """The error itself, or, below a choice, what is wrong with the branch that came closest."""
    if error.context and error.validator in ("oneOf", "anyOf"):
        branches: dict[object, list[ValidationError]] = {}
        for inner in error.context:
            branches.setdefault(inner.schema_path[0], []).append(inner)
        closest = min(
            branches.values(), key=lambda inner: (len(inner) > _CONTEXT, -_depth(inner), len(inner))
        )
        for inner_error in closest:
            yield from _leaves(inner_error, where, pointer)
        return
    message = error.message if len(error.message) <= _MESSAGE else error.message[:_MESSAGE] + "…"
    reason = reason_of(error)
    if error.schema == FORBIDDEN:
        message = reason = "is not allowed here"
    yield Violation(where, pointer_to(*error.absolute_path), message, pointer, _known(error), reason)


def _known(error: ValidationError) -> tuple[str, ...]:
    names: Json = error.validator_value if error.validator == "enum" else ()
    return tuple(name for name in names if isinstance(name, str))


def _depth(errors: list[ValidationError]) -> int:
    return max(len(error.absolute_path) for error in errors)
