"""The styles in which a URL, a header or a cookie spells lists and objects (OpenAPI 3, Parameter Object; RFC 6570).

A text is split before it is decoded, so that an encoded comma inside of an item is part of it.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from urllib.parse import unquote, unquote_plus

from mockportal.spec.codecs.types import TypeTree, scalar, scalars, typed
from mockportal.spec.parameters import Parameter
from mockportal.values import Json, Record, decode

Pairs = Mapping[str, Sequence[str]]  # the names of a query, decoded, and their values as they were sent

_BLANKS = " \t"  # around the items of a list in a header (RFC 9110), no part of them
_SPACES, _PIPES = re.compile(r"%20|\+| "), re.compile(r"\||%7[Cc]")
_BRACKETS = re.compile(r"\[([^\[\]]*)\]")
_DECODERS: Mapping[str, Callable[[str], str]] = MappingProxyType({"query": unquote_plus, "path": unquote})


def _readings(parameter: Parameter, raw: Sequence[str]) -> Iterator[Json]:
    """The values that the texts of a parameter may stand for, the likeliest first; none if it was given more often
    than it may be."""
    types = parameter.types
    if "array" in types.kinds:
        yield [scalar(types.items, text) for text in _items(parameter, raw)]
    if "object" in types.kinds and len(raw) == 1:
        yield {name: typed(types.of(name), text) for name, text in _members(parameter, raw[0])}
    if len(raw) == 1 and (not types.kinds or {*types.kinds} - {"array", "object"}):
        yield from scalars(types, _decoder(parameter)(_bare(parameter, raw[0])))


def read_value(parameter: Parameter, raw: Sequence[str]) -> Json:
    """The value of a parameter: of several readings the first that its schema accepts.

    Raises `ValueError` for one that is given more often than it may be.
    """
    if parameter.media_type:
        return _document(_decoder(parameter)(raw[0]))
    readings = _readings(parameter, raw)
    if parameter.accepts is None:
        return _checked(next(readings, _NOTHING))
    all_readings = list(readings)
    return _checked(next(filter(parameter.accepts, all_readings), next(iter(all_readings), _NOTHING)))


def read_members(parameter: Parameter, pairs: Pairs, taken: frozenset[str]) -> Json:
    """The object that is spread over a query: `filter[a]=1` (deepObject), or a name for each property (form).

    None if there is nothing of it. `taken` are the names of other parameters.
    """
    if parameter.style == "deepObject":
        tree = nested(
            (name.removeprefix(parameter.name), unquote_plus(text))
            for name, texts in pairs.items()
            if name.startswith(f"{parameter.name}[")
            for text in texts
        )
        return typed(parameter.types, tree) if tree else None
    if parameter.types.others is not None:
        names = [name for name in pairs if name not in taken]
    else:
        names = [name for name in parameter.types.inner if name in pairs]
    members = {name: [unquote_plus(text) for text in pairs[name]] for name in names}
    return {name: _member(parameter.types.of(name), texts) for name, texts in members.items()} or None


def nested(pairs: Iterator[tuple[str, str]]) -> Record:
    """`[a][b]` and `[c][]`, with a text each, as `{"a": {"b": …}, "c": […]}`; a name that comes twice is a list."""
    tree: Record = {}
    for name, text in pairs:
        steps = [step for step in _BRACKETS.findall(name) if step != ""]
        if not steps:
            continue
        here = tree
        for step in steps[:-1]:
            inner = here.setdefault(step, {})
            here = inner if isinstance(inner, dict) else here
        last = steps[-1]
        if last in here or name.endswith("[]"):
            known = here.get(last, [])
            here[last] = [*(known if isinstance(known, list) else [known]), text]
        else:
            here[last] = text
    return tree


_NOTHING = object()


def _checked(value: Json) -> Json:
    if value is _NOTHING:
        raise ValueError("is given more than once")
    return value


def _decoder(parameter: Parameter) -> Callable[[str], str]:
    return _DECODERS.get(parameter.location, str)


def _member(types: TypeTree, texts: list[str]) -> Json:
    if types.kind == "array":
        return [scalar(types.items, text) for text in texts]
    return scalar(types, texts[0])


def _document(text: str) -> Json:
    """The JSON in a text; the text itself if it holds none, which its schema then refuses."""
    try:
        return decode(text.encode())
    except ValueError:
        return text


def _bare(parameter: Parameter, raw: str) -> str:
    """The text without what its style puts before it: `.5` is 5 as a label, `;id=5` as a matrix."""
    if parameter.style == "label":
        return raw.removeprefix(".")
    if parameter.style == "matrix":
        return raw.removeprefix(f";{parameter.name}").removeprefix("=")
    return raw


def _items(parameter: Parameter, raw: Sequence[str]) -> list[str]:
    """The items of a list, decoded."""
    if parameter.explode and parameter.location in ("query", "cookie"):
        parts = [*raw]
    else:
        parts = [part for text in raw for part in _parts(parameter, text)]
    decoder = _decoder(parameter)
    items = [decoder(part) for part in parts]
    return [item.strip(_BLANKS) for item in items] if parameter.location == "header" else items


def _parts(parameter: Parameter, text: str) -> list[str]:
    """The pieces of a text, still encoded."""
    style = parameter.style
    if style == "spaceDelimited":
        return _SPACES.split(text)
    if style == "pipeDelimited":
        return _PIPES.split(text)
    if style == "matrix" and parameter.explode:
        prefix = f"{parameter.name}="
        return [piece.removeprefix(prefix) for piece in text.split(";")[1:]]
    if style == "label" and parameter.explode:
        return text.split(".")[1:]
    return _bare(parameter, text).split(",")


def _members(parameter: Parameter, text: str) -> Iterator[tuple[str, str]]:
    """(name, text) of the properties of an object in one text: `a,1,b,2`, or `a=1,b=2` where it is exploded."""
    decoder = _decoder(parameter)
    if parameter.explode and parameter.style != "form":
        for piece in _parts(parameter, text):
            name, _, value = piece.partition("=")
            yield decoder(name.strip(_BLANKS)), decoder(value.strip(_BLANKS))
        return
    parts = [part.strip(_BLANKS) for part in _parts(parameter, text)]
    for name, value in zip(parts[::2], parts[1::2], strict=False):
        yield decoder(name), decoder(value)
