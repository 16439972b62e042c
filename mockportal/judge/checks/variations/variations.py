"""The valid case of an operation with one thing changed about it: to something its schema forbids, or to something else
that it allows. What is forbidden and allowed is decided by the validators, so a variation is what it says it is."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from mockportal.files.pointers import resolve
from mockportal.judge.target.targets import Case
from mockportal.spec.dialect import convert
from mockportal.spec.operations import JSON_TYPE, Operation
from mockportal.spec.parameters import Parameter
from mockportal.spec.spec import Spec
from mockportal.values import Json, Record, decode, encode

Values = Callable[[Record, Json], Iterator[tuple[str, Json]]]
Path = tuple[str | int, ...]

ABSENT: Json = object()
_DEEPEST = 6
_REFERENCES = 20
_CHOICES = ("allOf", "oneOf", "anyOf")


@dataclass(frozen=True, slots=True)
class Variation:
    """`where` it differs (`query.size`, `body.files.filename`) and how; `params` and `body` are all that is sent."""

    where: str
    kind: str
    value: Json
    params: Record
    body: Json

    @property
    def shown(self) -> str:
        """The value for people."""
        if self.value is ABSENT:
            return "left out"
        text = self.value.decode() if isinstance(self.value, bytes) else encode(self.value).decode()
        return text if len(text) <= 60 else f"{text[:60]}…"


def varied(spec: Spec, operation: Operation, case: Case, values: Values, valid: bool) -> list[Variation]:
    """The variations that `values` makes of a case, those that its schemas allow or else those that they forbid."""
    made = [*_of_parameters(spec, operation, case, values, valid)]
    if operation.body is not None and case.media_type == JSON_TYPE and JSON_TYPE in operation.body.validators:
        made += _of_body(spec, operation, case, values, valid)
    return made


def _of_parameters(
    spec: Spec, operation: Operation, case: Case, values: Values, valid: bool
) -> Iterator[Variation]:
    names = [parameter.name for parameter in operation.parameters]
    known = {name: case.params[name] for name in names if name in case.params}
    for parameter in operation.parameters:
        if parameter.opaque or parameter.location not in ("query", "path"):
            continue
        seen: set[bytes] = set()
        for kind, value in _parameter_values(spec, parameter, known.get(parameter.name, ABSENT), values):
            if value is ABSENT and (parameter.location == "path" or parameter.name not in known):
                continue
            spelled = _as_read(parameter, value)
            rest = {name: item for name, item in known.items() if name != parameter.name}
            whole = rest if value is ABSENT else {**rest, parameter.name: spelled}
            key = b"" if value is ABSENT else encode([spelled])
            if key in seen or operation.parameter_validator.is_valid(whole) is not valid:
                continue
            seen.add(key)
            given = None if value is ABSENT else value
            yield Variation(
                f"{parameter.location}.{parameter.name}",
                kind,
                value,
                {**case.params, parameter.name: given},
                case.body,
            )


def _parameter_values(
    spec: Spec, parameter: Parameter, value: Json, values: Values
) -> Iterator[tuple[str, Json]]:
    """The values that can be written for a parameter: texts, and lists of texts."""
    modern = not str(spec.validators.version).startswith("3.0")
    node = _followed(spec, convert(parameter.schema, "request", modern))
    yield "missing" if parameter.required else "left out", ABSENT
    for kind, item in values(node, value):
        if _is_text(parameter.kind, kind, item) or (isinstance(item, list) and item and kind != "type"):
            yield kind, item
    if parameter.kind == "array":
        old = value[0] if isinstance(value, list) and value else ABSENT
        for kind, item in values(_followed(spec, node.get("items", {})), old):
            if _is_text(parameter.items, kind, item):
                yield f"item {kind}", [item]


def _is_text(expected: str, kind: str, item: Json) -> bool:
    """True if a parameter can be written like this: any text is a string, and also a list of one."""
    return isinstance(item, str | int | float) and not (kind == "type" and expected in ("string", "array"))


def _as_read(parameter: Parameter, value: Json) -> Json:
    """The value that a parameter has once it was text."""
    if parameter.kind == "array":
        return [_scalar(parameter.items, one) for one in (value if isinstance(value, list) else [value])]
    return _scalar(parameter.kind, value)


def _scalar(kind: str, value: Json) -> Json:
    text = value if isinstance(value, str) else encode(value).decode() if value is not ABSENT else ""
    if kind in ("integer", "number", "boolean"):
        try:
            read = decode(text.encode())
        except ValueError:
            return text
        return (
            read if isinstance(read, int | float) and isinstance(read, bool) == (kind == "boolean") else text
        )
    return text


def _of_body(
    spec: Spec, operation: Operation, case: Case, values: Values, valid: bool
) -> Iterator[Variation]:
    assert operation.body is not None
    validator = operation.body.validators[JSON_TYPE]
    if operation.body.required and not valid and case.body is not None:
        yield Variation("body", "missing", ABSENT, case.params, None)
        yield Variation("body", "not JSON", b"{", case.params, b"{")
    schema = resolve(spec.validators.schemas["request"], validator.pointer)
    seen: set[tuple[Path, bytes]] = set()
    for path, kind, value in _below(spec, schema, case.body, values, (), 0):
        key = (path, b"" if value is ABSENT else encode(value))
        body = put(case.body, path, value)
        if key in seen or body is ABSENT or validator.is_valid(body) is not valid:
            continue
        seen.add(key)
        where = ".".join(["body", *(str(step) for step in path if isinstance(step, str))])
        yield Variation(where, kind, value, case.params, b"null" if body is None else body)


def _below(
    spec: Spec, schema: Json, value: Json, values: Values, path: Path, depth: int
) -> Iterator[tuple[Path, str, Json]]:
    """Everything to try at a place and below it; what is not there is tried itself, but nothing below it."""
    node = _followed(spec, schema)
    for kind, item in values(node, value):
        yield path, kind, item
    for keyword in _CHOICES:
        for part in node.get(keyword, ()):
            yield from _below(spec, part, value, values, path, depth)
    if depth == _DEEPEST or value is ABSENT:
        return
    if isinstance(value, dict):
        yield from _properties(spec, node, value, values, path, depth)
    elif isinstance(value, list) and value and "items" in node:
        yield from _below(spec, node["items"], value[0], values, (*path, 0), depth + 1)


def _properties(
    spec: Spec, node: Record, value: Record, values: Values, path: Path, depth: int
) -> Iterator[tuple[Path, str, Json]]:
    required = node.get("required", ())
    for name in (name for name in required if name in value):
        yield (*path, name), "missing", ABSENT
    for name, schema in node.get("properties", {}).items():
        if name in value and name not in required:
            yield (*path, name), "left out", ABSENT
        yield from _below(spec, schema, value.get(name, ABSENT), values, (*path, name), depth + 1)
    if node.get("additionalProperties") is False:
        yield (*path, "unknown_property"), "additional", "x"


def _followed(spec: Spec, schema: Json) -> Record:
    """The schema behind references; an empty one for `true`."""
    for _ in range(_REFERENCES):
        if not isinstance(schema, dict) or "$ref" not in schema:
            break
        schema = resolve(spec.validators.schemas["request"], schema["$ref"].removeprefix("#"))
    return schema if isinstance(schema, dict) else {}


def put(value: Json, path: Path, new: Json) -> Json:
    """A copy of the value with `new` at `path`; `ABSENT` takes away what is there."""
    if not path:
        return new
    step, rest = path[0], path[1:]
    if isinstance(value, list) and isinstance(step, int):
        return [put(item, rest, new) if at == step else item for at, item in enumerate(value)]
    if not isinstance(value, Mapping):
        return ABSENT
    if new is ABSENT and not rest:
        return {name: item for name, item in value.items() if name != step}
    return {**value, str(step): put(value.get(str(step), {}), rest, new)}


def types(node: Record) -> frozenset[str]:
    """The JSON types that a schema names; none if it names none."""
    named = node.get("type", ())
    return frozenset((named,) if isinstance(named, str) else named)
