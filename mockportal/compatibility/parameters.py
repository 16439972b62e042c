"""Compares the parameters of an operation, and the style and schema that they have in common with headers."""

from collections.abc import Iterator
from dataclasses import dataclass

from mockportal.compatibility.changes import PartChange
from mockportal.compatibility.media import normal_name
from mockportal.compatibility.operations import Endpoint, EndpointPair
from mockportal.compatibility.schemas.comparison import SchemaComparison
from mockportal.compatibility.schemas.sameness import keyword_changes
from mockportal.compatibility.schemas.shapes import Node, shape_of
from mockportal.compatibility.source import Source
from mockportal.spec.conversion.directions import Mode

_PARAMETER = frozenset(
    ("name", "in", "required", "deprecated", "schema", "content", "style", "explode", "allowReserved")
)
_NEVER = frozenset(
    ("accept", "content-type", "authorization")
)  # OpenAPI: such header parameters shall be ignored
_FORM = frozenset(("query", "cookie"))
_STYLE = frozenset(("style", "explode", "content", "allowReserved"))
_COMPOUND = frozenset(("array", "object"))

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Parameter:
    """`place` and `name` as documented; `at` is where it stands."""

    place: str
    name: str
    required: bool
    at: str


def parameter_changes(both: EndpointPair, comparison: SchemaComparison) -> Iterator[PartChange]:
    """Parameters that came, went or changed; those of the path go by position. Raises `SpecError`."""
    renamed = {} if both.moved else dict(zip(both.old.path_names, both.new.path_names, strict=False))
    old = {_key(one, renamed): one for one in _parameters(both.old)}
    new = {_key(one, {}): one for one in _parameters(both.new)}
    for key, parameter in old.items():
        if key in new:
            yield from _one_changes(comparison, parameter, new[key])
        elif not (key[0] == "path" and key[1] in both.new.path_names):
            yield PartChange("parameter-removed", parameter.at, f"{_called(parameter)} is gone")
    for key, parameter in new.items():
        if key not in old and not (key[0] == "path" and key[1] in renamed.values()):
            kind = "required" if parameter.required else "optional"
            yield PartChange(f"{kind}-parameter-added", parameter.at, f"{_called(parameter)} is new")


def style_changes(comparison: SchemaComparison, default: str, old: str, new: str) -> Iterator[PartChange]:
    """Changes in how a value is spelled; `explode` matters only where both were lists or objects. Raises
    `SpecError`.

    Where neither side names a style, another spelling comes from another type, which is a change of its own.
    """
    if not (_names_style(comparison.old, old) or _names_style(comparison.new, new)):
        return
    sides = (comparison.old, old), (comparison.new, new)
    compound = all(_is_compound(source, at) for source, at in sides)
    before, after = (_style(source, at, default, compound) for source, at in sides)
    if before != after:
        yield PartChange("parameter-style-changed", comparison.new.real(new), f"was {before}, is {after}")


def schema_changes(
    comparison: SchemaComparison, mode: Mode, old_at: str, new_at: str
) -> Iterator[PartChange]:
    """Changes of the schema of a parameter, header or media type, which may also appear or go. Raises `SpecError`."""
    old, new = _schema_place(comparison.old, old_at), _schema_place(comparison.new, new_at)
    if old and new:
        yield from comparison.schema_changes(mode, old, new)
    elif old:
        yield PartChange(f"{mode}-schema-removed", old, "there is no schema any more")
    elif new:
        yield PartChange(f"{mode}-schema-added", new, "there is a schema now")


def _parameters(operation: Endpoint) -> list[_Parameter]:
    """Those of the path, and the operation's own."""
    source = operation.source
    places = [*source.items(f"{operation.item}/parameters"), *source.items(f"{operation.at}/parameters")]
    found = [_parameter(source, source.real(at)) for at in places]
    return [one for one in found if not (one.place == "header" and one.name.lower() in _NEVER)]


def _parameter(source: Source, at: str) -> _Parameter:
    raw = source.mapping(at)
    place = str(raw.get("in"))
    return _Parameter(place, str(raw.get("name")), place == "path" or raw.get("required") is True, at)


def _key(parameter: _Parameter, renamed: dict[str, str]) -> Key:
    if parameter.place == "path":
        return parameter.place, renamed.get(parameter.name, parameter.name)
    return parameter.place, parameter.name.lower() if parameter.place == "header" else parameter.name


def _called(parameter: _Parameter) -> str:
    return f"{parameter.place} parameter {parameter.name!r}"


def _one_changes(comparison: SchemaComparison, old: _Parameter, new: _Parameter) -> Iterator[PartChange]:
    if old.place == "path" and old.name != new.name:
        yield PartChange("path-parameter-renamed", new.at, f"{old.name!r} is called {new.name!r}")
    if old.required != new.required:
        kind = "required" if new.required else "optional"
        yield PartChange(f"parameter-became-{kind}", new.at, f"{_called(new)} is {kind} now")
    deprecated = (
        source.value(f"{one.at}/deprecated") is True
        for source, one in ((comparison.old, old), (comparison.new, new))
    )
    if tuple(deprecated) == (False, True):
        yield PartChange("parameter-deprecated", f"{new.at}/deprecated", f"{_called(new)} is deprecated now")
    yield from style_changes(comparison, "form" if new.place in _FORM else "simple", old.at, new.at)
    items = _items_of_one(comparison, old, new)
    if items:
        yield PartChange("request-type-widened", items, f"{_called(new)} may have several values now")
        yield from comparison.schema_changes("request", _schema_place(comparison.old, old.at), items)
    else:
        yield from schema_changes(comparison, "request", old.at, new.at)
    yield from keyword_changes(comparison.old, old.at, comparison.new, new.at, _PARAMETER)


def _items_of_one(comparison: SchemaComparison, old: _Parameter, new: _Parameter) -> str:
    """The pointer of the items if a parameter of the query became a list: one value is spelled as before. "" if not."""
    place = _schema_place(comparison.new, new.at)
    if new.place != "query" or not place or _is_compound(comparison.old, old.at):
        return ""
    shape = shape_of(comparison.new, Node((place,)))
    is_list = shape.types is not None and shape.types <= {"array", "null"}
    takes_one = all(least in (0, 1) for least in shape.values("minItems"))
    return shape.place("items") or "" if is_list and takes_one else ""


def _names_style(source: Source, at: str) -> bool:
    return bool(source.mapping(at).keys() & _STYLE)


def _is_compound(source: Source, at: str) -> bool:
    """True if a value may be a list or an object."""
    place = _schema_place(source, at)
    types = shape_of(source, Node((place,))).types if place else None
    return types is None or bool(types & _COMPOUND)


def _style(source: Source, at: str, default: str, compound: bool) -> str:
    raw = source.mapping(at)
    if content := raw.get("content"):
        return ", ".join(normal_name(str(name)) for name in content)
    style = str(raw.get("style", default))
    explode = "exploded" if raw.get("explode", style == "form") else "joined"
    words = [style, explode] if compound else [style]
    return " ".join([*words, "unescaped"] if raw.get("allowReserved") is True else words)


def _schema_place(source: Source, at: str) -> str:
    """The pointer of the schema, that of the content if there is some, empty if there is none."""
    real = source.real(at)
    content = next(iter(source.children(f"{real}/content").values()), "")
    places = (f"{real}/schema", f"{content}/schema" if content else "")
    return next((place for place in places if place and source.value(place) is not None), "")
