"""Parameters as a client spells them, in the styles that `styles` reads."""

from collections.abc import Iterator
from types import MappingProxyType
from urllib.parse import quote, quote_plus

from mockportal.spec.parameters import Parameter
from mockportal.values import Json, encode

_SEPARATORS = MappingProxyType({"spaceDelimited": "%20", "pipeDelimited": "%7C"})


def query_pairs(parameter: Parameter, value: Json) -> list[tuple[str, str]]:
    """`(name, text)` of everything that a parameter adds to a query, encoded."""
    name = quote_plus(parameter.name)
    if parameter.media_type:
        return [(name, quote_plus(encode(value).decode()))]
    if isinstance(value, dict) and not parameter.opaque:
        return [*_members(parameter, value)]
    items = value if isinstance(value, list) else [value]
    if isinstance(value, list) and not parameter.explode and not parameter.opaque:
        separator = _SEPARATORS.get(parameter.style, ",")
        return [(name, separator.join(quote_plus(plain_text(item)) for item in items))]
    return [(name, quote_plus(plain_text(item))) for item in items]


def unknown_pairs(name: str, value: Json) -> list[tuple[str, str]]:
    """The same for a parameter that the document does not have."""
    items = value if isinstance(value, list) else [value]
    return [(quote_plus(name), quote_plus(plain_text(one))) for one in items]


def path_text(parameter: Parameter, value: Json) -> str:
    """The text of a parameter in a path, encoded."""
    style, explode = parameter.style, parameter.explode
    first, between = {"label": (".", "." if explode else ","), "matrix": (";", ";" if explode else ",")}.get(
        style, ("", ",")
    )
    named = style == "matrix"
    if isinstance(value, list):
        items = [_quoted(item) for item in value]
        if named and explode:
            return first + between.join(f"{parameter.name}={item}" for item in items)
        return first + (f"{parameter.name}=" if named else "") + between.join(items)
    if isinstance(value, dict):
        pairs = [(quote(name, safe=""), _quoted(item)) for name, item in value.items()]
        if explode:
            return first + between.join(f"{name}={item}" for name, item in pairs)
        return (
            first
            + (f"{parameter.name}=" if named else "")
            + ",".join(part for pair in pairs for part in pair)
        )
    return first + (f"{parameter.name}=" if named else "") + _quoted(value)


def plain_text(value: Json) -> str:
    """A value as the text that stands for it; lists and objects are JSON."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    return encode(value).decode() if isinstance(value, dict | list) else str(value)


def _members(parameter: Parameter, value: dict[str, Json]) -> Iterator[tuple[str, str]]:
    if parameter.style == "deepObject":
        for name, item in value.items():
            yield from _deep(f"{parameter.name}[{name}]", item)
    elif parameter.explode:
        for name, item in value.items():
            for one in item if isinstance(item, list) else [item]:
                yield quote_plus(name), quote_plus(plain_text(one))
    else:
        parts = [quote_plus(part) for pair in value.items() for part in (pair[0], plain_text(pair[1]))]
        yield quote_plus(parameter.name), ",".join(parts)


def _deep(name: str, value: Json) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _deep(f"{name}[{key}]", item)
    elif isinstance(value, list):
        for item in value:
            yield from _deep(f"{name}[]", item)
    else:
        yield quote_plus(name), quote_plus(plain_text(value))


def _quoted(value: Json) -> str:
    return quote(plain_text(value), safe="")
