"""Witnesses: values that were valid before a keyword changed, and are refused since; for answers the other way round.

Compiled validators of both documents decide; the values are those of `candidates.py`.
"""

import copy
import json
from collections.abc import Callable, Iterator

from mockportal.compatibility.schemas.candidates import Subschema, candidates
from mockportal.compatibility.schemas.pair import SchemaPair
from mockportal.compatibility.schemas.shapes import Shape
from mockportal.compatibility.schemas.types import NULL
from mockportal.compatibility.source import Source
from mockportal.errors import SpecError
from mockportal.files.pointers import reference_to, resolve
from mockportal.spec.conversion.directions import Mode
from mockportal.spec.conversion.faults import Faults, sound_schemas, take_out_wrong_kinds
from mockportal.spec.dialect import places_of_others
from mockportal.spec.validation import Validators
from mockportal.values import Json, Record

_GROUPS = (
    ("if", "then", "else"), ("contains", "minContains", "maxContains"), ("dependentRequired",), ("dependentSchemas",),
    ("unevaluatedProperties",), ("unevaluatedItems",), ("not",), ("propertyNames",), ("prefixItems",),
    ("patternProperties",), ("pattern",),
)  # fmt: skip
_Accepts = Callable[[Json], bool]


def judged_together(keywords: list[str]) -> list[list[str]]:
    """The keywords for which witnesses are looked for, those that work together in one list."""
    groups = ([name for name in keywords if name in group] for group in _GROUPS)
    return [group for group in groups if group]


def witnesses(pair: SchemaPair, keywords: list[str]) -> list[Json]:
    """The shortest value that was found, or none: valid by one side, and refused by the other for these keywords.

    The value of a request was valid in the old document; the value of an answer is so in the new one.
    """
    lenient, strict = (pair.old, pair.new) if pair.mode == "request" else (pair.new, pair.old)
    try:
        accepts, blames = _accepts(pair.mode, lenient), _blames(pair.mode, strict, keywords)
        parts = [*_parts(pair.mode, lenient), *_parts(pair.mode, strict)]
    except (SpecError, LookupError):  # a document that cannot be compiled proves nothing
        return []
    found = [value for value in candidates(parts) if accepts(value) and blames(value)]
    return sorted(found, key=_length)[:1]


def is_covered(pair: SchemaPair, alternative: Shape) -> bool:
    """True if the new side takes every value that was tried of an alternative which only the old one has."""
    try:
        accepts, own = _accepts(pair.mode, pair.old), _accepts(pair.mode, alternative)
        takes, parts = _accepts(pair.mode, pair.new), list(_parts(pair.mode, alternative))
    except (SpecError, LookupError):  # a document that cannot be compiled proves nothing
        return False
    tried = [value for value in candidates(parts) if own(value) and accepts(value)]
    return bool(tried) and all(map(takes, tried))


def _length(value: Json) -> tuple[int, str]:
    text = json.dumps(value, sort_keys=True)
    return len(text), text


def _accepts(mode: Mode, shape: Shape) -> _Accepts:
    """Tells whether a value is valid by all the schemas of a shape."""
    validators = _validators(shape.source)
    schema: Record = {"allOf": [{"$ref": f"#{_reference(validators, mode, at)}"} for at in shape.node.places]}
    if shape.node.kind:
        schema["type"] = [shape.node.kind, NULL]
    return validators.of(mode, schema, shape.at).is_valid


def _blames(mode: Mode, shape: Shape, keywords: list[str]) -> _Accepts:
    """Tells whether a value is refused, and would not be without the keywords."""
    validators, pairs = _validators(shape.source), list[tuple[_Accepts, _Accepts]]()
    for at in dict.fromkeys(
        at.rpartition("/")[0] for name in keywords for _, at in shape.keywords.get(name, ())
    ):
        schema = resolve(validators.schemas[mode], _place(validators, mode, at))
        rest = {name: value for name, value in schema.items() if name not in _whole_groups(keywords)}
        pairs.append((validators.of(mode, schema, at).is_valid, validators.of(mode, rest, at).is_valid))
    return lambda value: any(not whole(value) and rest(value) for whole, rest in pairs)


def _whole_groups(keywords: list[str]) -> set[str]:
    return {name for group in _GROUPS if {*group} & {*keywords} for name in group}


def _parts(mode: Mode, shape: Shape) -> Iterator[Subschema]:
    validators = _validators(shape.source)
    for at in shape.node.places:
        root = validators.schemas[mode]
        yield Subschema(root, resolve(root, _place(validators, mode, at)))


def _reference(validators: Validators, mode: Mode, at: str) -> str:
    return reference_to(_place(validators, mode, at)).removeprefix("#")


def _place(validators: Validators, mode: Mode, at: str) -> str:
    """The pointer among the converted schemas."""
    others = places_of_others(validators.schemas[mode])
    outer = max((one for one in others if at == one or at.startswith(f"{one}/")), key=len, default=None)
    return at if outer is None else others[outer] + at[len(outer) :]


def _validators(source: Source) -> Validators:
    """The validators of a document, made once. Raises `SpecError`."""
    if not source.compiled:
        document, faults = copy.deepcopy(source.document), Faults(put_aside=True)
        take_out_wrong_kinds(document, faults)
        source.compiled.append(Validators(str(document["openapi"]), sound_schemas(document, faults)))
    found: Validators = source.compiled[0]
    return found
