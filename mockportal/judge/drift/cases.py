"""The requests for both targets: the case of the targets file, and variations of it that the contract allows."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from mockportal.judge.drift.model import Asked
from mockportal.judge.drift.pairing import Ids, grounded, is_id
from mockportal.judge.target.targets import Case, Target
from mockportal.spec.document import follow
from mockportal.spec.operations import Operation
from mockportal.spec.parameters import Parameter
from mockportal.spec.spec import Spec
from mockportal.values import Json, Record

# The same case for the left and for the right.
Twins = tuple[Asked, Asked]

_SAMPLES: Mapping[str, Json] = {
    "date": "2026-06-01",
    "date-time": "2026-06-01T00:00:00Z",
    "email": "nobody@example.org",
    "uri": "https://www.example.org/",
}
_SIZES = (1, 3, 10)


def base(left: Case, right: Case, ids: Ids) -> Twins:
    """The valid case of each targets file. A body that both have from the document gets the ids of the right."""
    one, other = _asked(left), _asked(right)
    return one, replace(other, body=ids.translated(other.body)) if one.body == other.body else other


def variations(
    spec: Spec, operation: Operation, twins: Twins, targets: tuple[Target, Target], seed: int, most: int
) -> list[Twins]:
    """At most `most` cases that differ from the own ones in one parameter of the query: an enum's value, a flag, a
    page's size, a sample. Which ones, `seed` decides."""
    known = tuple(known_values(target) for target in targets)
    possible = [
        (parameter.name, values)
        for parameter in operation.parameters
        if parameter.location == "query" and not parameter.opaque
        for values in _values(spec, parameter, known)
    ]
    changed = (
        (_with(twins[0], name, values[0]), _with(twins[1], name, values[1]))
        for name, values in chosen(possible, f"{seed} {operation.id}")
    )
    return list(islice((one for one in changed if one != twins), most))


def known_values(target: Target) -> Record:
    """The parameters that the cases of a target give, by name; the first one counts."""
    known: Record = {}
    for case in target.cases.values():
        known = {**case.params, **known}
    return known


def adapted(made: Asked, twins: Twins, targets: tuple[Target, Target], ids: Ids) -> Twins:
    """A made-up case as both targets can take it: what leads to data (the required parameters, ids, what the targets
    file has a value for) is that of each target."""
    sides = []
    for asked, target in zip(twins, targets, strict=True):
        known = known_values(target)
        params = {
            name: known[name]
            if name in known and (is_id(name, known[name]) or name in asked.params)
            else value
            for name, value in made.params.items()
        }
        body = grounded(made.body, asked.body)
        sides.append(Asked({**params, **asked.params}, body, made.media_type))
    left, right = sides
    return left, Asked(right.params, ids.translated(right.body), right.media_type)


def followed(twins: Twins, ids: Ids, seed: str, most: int) -> list[Twins]:
    """At most `most` cases with another id, found in a list in which the own one stands too."""
    possible = [
        (name, other)
        for name, value in twins[0].params.items()
        if isinstance(value, str) and twins[1].params.get(name) == ids.partner.get(value)
        for other in ids.like(value)
    ]
    return [
        (_with(twins[0], name, other), _with(twins[1], name, ids.partner[other]))
        for name, other in islice(chosen(possible, seed), most)
    ]


def chosen(items: Iterable[tuple[str, Json]], seed: str) -> Sequence[tuple[str, Json]]:
    """The items in an order that only `seed` and they themselves decide."""
    return sorted(items, key=lambda item: hashlib.sha256(f"{seed} {item!r}".encode()).digest())


def _asked(case: Case) -> Asked:
    return Asked(case.params, case.body, case.media_type)


def _with(asked: Asked, name: str, value: Json) -> Asked:
    return Asked({**asked.params, name: value}, asked.body, asked.media_type)


def _values(spec: Spec, parameter: Parameter, known: tuple[Record, ...]) -> Iterator[tuple[Json, Json]]:
    """(value at the left, value at the right) for a parameter."""
    if all(parameter.name in values for values in known) and not parameter.required:
        yield known[0][parameter.name], known[1][parameter.name]
    schema = follow(spec.document, parameter.schema, parameter.pointer)[0]
    for value in _allowed(spec, schema, parameter.pointer):
        yield value, value


def _allowed(spec: Spec, schema: Record, pointer: str) -> list[Json]:
    """Values that the schema of a parameter allows, as far as it names them or they are plain."""
    if "enum" in schema:
        return [value for value in schema["enum"] if value is not None]
    named = [schema[key] for key in ("example", "default") if key in schema]
    match schema.get("type"):
        case "boolean":
            return [True, False]
        case "integer" | "number":
            return named + [size for size in _SIZES if _fits(size, schema)]
        case "array":
            items = follow(spec.document, schema.get("items", {}), pointer)[0]
            return named + [[value] for value in _allowed(spec, items, pointer)]
        case "string" if schema.get("format") in _SAMPLES:
            return [*named, _SAMPLES[schema["format"]]]
    return named


def _fits(size: int, schema: Record) -> bool:
    return bool(schema.get("minimum", size) <= size <= schema.get("maximum", size))
