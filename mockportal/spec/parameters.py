"""The parameters of an operation, compiled: where each stands, how it is spelled, and what it has to be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from mockportal.files.pointers import pointer_to
from mockportal.spec.codecs.types import TypeTree, type_tree_of, typed
from mockportal.spec.dialect import convert
from mockportal.spec.document import follow, follow_part
from mockportal.spec.validation import Validator, Validators
from mockportal.values import Json, Record

# OpenAPI: parameters with these names are ignored; they are said elsewhere in the document
_SAID_ELSEWHERE = frozenset(("accept", "content-type", "authorization"))
_FORM_PLACES = ("query", "cookie")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter, or a header of an answer.

    key:        its name in a call: the name, with its place before it where another parameter has the same name
    location:   path, query, header or cookie
    kind:       the JSON type that its text is read as first; `items` is that of a list's items
    properties: the same for the properties of an object
    explode:    whether lists and objects are spelled as one text for each part
    style:      the way in which lists and objects are spelled
    opaque:     whether it is a list of objects in the query, whose spelling OpenAPI leaves open
    default:    its value where none is given
    schema:     as in the document, at `pointer`
    types:      the types that its value may have
    media_type: of a text that holds a whole document, such as JSON; "" for all others
    may_be_empty: whether it may be given without a value
    accepts:    tells the right one of several values that a text may stand for; None where there is only one
    """

    name: str
    key: str
    location: str
    required: bool
    kind: str
    items: str
    explode: bool
    style: str
    opaque: bool
    properties: Mapping[str, str]
    default: Json
    schema: Json
    pointer: str
    types: TypeTree
    media_type: str = ""
    may_be_empty: bool = False
    accepts: Callable[[Json], bool] | None = None


def parameters_of(
    document: Record, validators: Validators, path: str, raw: Record, at: str
) -> tuple[Parameter, ...]:
    """An operation's own parameters and those of its path; the own ones win. Raises `SpecError`."""
    found: dict[tuple[str, str], Parameter] = {}
    places = (
        (document["paths"][path].get("parameters", ()), pointer_to("paths", path, "parameters")),
        (raw.get("parameters", ()), f"{at}/parameters"),
    )
    for listed, place in places:
        for number, value in enumerate(listed):
            parameter = parameter_of(
                document, *follow_part(document, value, f"{place}/{number}", "parameter")
            )
            if parameter.location == "header" and parameter.name.lower() in _SAID_ELSEWHERE:
                continue
            found[(parameter.location, parameter.name)] = _deciding(parameter, validators)
    return _with_keys(tuple(found.values()))


def parameter_of(document: Record, raw: Record, at: str) -> Parameter:
    """A parameter, or a header, as the document describes it at pointer `at`. Raises `SpecError`."""
    media_type, schema, pointer = _schema(raw, at)
    types = type_tree_of(document, schema, pointer)
    style = raw.get("style", "form" if raw["in"] in _FORM_PLACES else "simple")
    followed = follow(document, schema, pointer)[0]
    return Parameter(
        name=raw["name"],
        key=raw["name"],
        location=raw["in"],
        required=raw.get("required", False),
        kind=types.kind,
        items=types.items.kind,
        explode=raw.get("explode", style == "form"),
        style=style,
        opaque=types.kind == "array" and types.items.kind == "object" and not media_type,
        properties=MappingProxyType({name: one.kind for name, one in types.properties}),
        default=typed(types, followed.get("default")) if isinstance(followed, dict) else None,
        schema=schema,
        pointer=pointer,
        types=types,
        media_type=media_type,
        may_be_empty=raw.get("allowEmptyValue", False),
    )


def parameter_validator(validators: Validators, parameters: tuple[Parameter, ...], at: str) -> Validator:
    """One validator for all parameters of an operation, by their keys."""
    checked = [parameter for parameter in parameters if not parameter.opaque]
    modern = not str(validators.version).startswith("3.0")
    schema = {
        "type": "object",
        "properties": {parameter.key: convert(parameter.schema, "request", modern) for parameter in checked},
        "required": [parameter.key for parameter in checked if parameter.required],
    }
    return validators.of("request", schema, at)


def _schema(raw: Record, at: str) -> tuple[str, Json, str]:
    """(media type, schema, its pointer): what a text holds, or "", and what it has to be."""
    for media_type, media in (raw.get("content") or {}).items():
        return media_type, media.get("schema", {}), f"{at}{pointer_to('content', media_type, 'schema')}"
    return "", raw.get("schema", {}), f"{at}/schema"


def _deciding(parameter: Parameter, validators: Validators) -> Parameter:
    """The parameter with the means to decide between the readings of its text, if there are several, and without a
    default that breaks its schema."""
    kinds = {kind for kind in parameter.types.kinds if kind != "null"}
    if parameter.default is not None and not _accepts(parameter, validators)(parameter.default):
        parameter = replace(parameter, default=None)  # one that its own schema refuses
    if len(kinds) < 2 or parameter.opaque or parameter.media_type:
        return parameter
    return replace(parameter, accepts=_accepts(parameter, validators))


def _accepts(parameter: Parameter, validators: Validators) -> Callable[[Json], bool]:
    return validators.at("request", parameter.pointer).is_valid


def _with_keys(parameters: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
    taken: set[str] = set()
    keyed = []
    for parameter in parameters:
        key = f"{parameter.location}:{parameter.name}" if parameter.name in taken else parameter.name
        taken.add(parameter.name)
        keyed.append(replace(parameter, key=key))
    return tuple(keyed)
