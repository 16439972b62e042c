"""Input that the contract forbids is refused, one fault at a time."""

from collections.abc import Iterator

from mockportal.judge.checks.variations.sending import excused, send
from mockportal.judge.checks.variations.variations import types, varied
from mockportal.judge.context import Context
from mockportal.spec.conversion.directions import FORBIDDEN
from mockportal.values import Json, Record

_OTHER_TYPES: tuple[tuple[frozenset[str], Json], ...] = (
    (frozenset(("string",)), "not of this type"),
    (frozenset(("integer", "number")), 12345),
    (frozenset(("boolean",)), True),
    (frozenset(("array",)), ["not of this type"]),
    (frozenset(("object",)), {"not": "of this type"}),
)
_BAD_FORMATS: dict[str, tuple[str, ...]] = {
    "uuid": ("not-a-uuid", "b3022fff-43bb-5c2a-8753-d7615ce57ff"),
    "date-time": ("yesterday", "2026-13-45T00:00:00Z", "2026-06-01"),
    "date": ("yesterday", "2026-02-30"),
    "email": ("nobody", "nobody at home"),
    "uri": ("no address",),
    "url": ("no address", "ftp://example.org/x"),
}
_LONGEST = 10_000
_ID = "b3022fff-43bb-5c2a-8753-d7615ce57ff8"
_READ_ONLY = "read only"  # whether that is refused, OpenAPI leaves open


def wrong_input_is_refused(context: Context) -> None:
    """A request that is valid but for one parameter or one property is refused with a 4xx: another type, a value
    outside of the enum, the bounds or the format, null where there is none, too few items or the same one twice, a
    property that is missing or unknown. The signature names the place and the fault. Arrays of objects in the query are
    left out, since OpenAPI leaves open how they are spelled."""
    for name, operation in context.operations.items():
        if not context.usable(name):
            continue
        for variation in varied(context.spec, operation, context.case(name), _faults, False):
            chosen = variation.kind == _READ_ONLY and not context.populated
            if chosen or excused("accepted", name, variation):
                continue
            exchange = send(context, name, variation)
            if exchange.received is not None:
                message = f"{variation.where} {variation.shown} ({variation.kind}) is answered with {exchange.status}"
                good = exchange.status >= 400
                context.expect(good, name, f"{variation.where} {variation.kind}", message, exchange)


def _faults(node: Record, value: Json) -> Iterator[tuple[str, Json]]:
    """Values that a schema forbids, or might; the validator has the last word."""
    if node == FORBIDDEN:
        yield _READ_ONLY, "x"
        return
    named = types(node)
    if named:
        yield from (("type", other) for kinds, other in _OTHER_TYPES if not kinds & named)
    yield "null", None
    if "enum" in node:
        yield "enum", "not one of these"
        yield from (("enum", item.swapcase()) for item in node["enum"][:1] if isinstance(item, str))
    yield from (("format", text) for text in _BAD_FORMATS.get(str(node.get("format")), ()))
    yield from _beyond(node)
    if "minItems" in node:
        yield "minItems", []
    if node.get("uniqueItems") and isinstance(value, list) and value:
        yield "uniqueItems", [*value, value[0]]
    elif node.get("uniqueItems"):
        yield "uniqueItems", [_ID, _ID]
    if "minProperties" in node:
        yield "minProperties", {}


def _beyond(node: Record) -> Iterator[tuple[str, Json]]:
    """Just outside of each bound."""
    if "integer" in types(node):
        yield "fraction", 1.5
    for keyword, step in (("minimum", -1), ("exclusiveMinimum", 0), ("maximum", 1), ("exclusiveMaximum", 0)):
        if keyword in node:
            yield keyword, node[keyword] + step
    if node.get("minLength"):
        yield "minLength", "x" * (node["minLength"] - 1)
    if node.get("maxLength", _LONGEST) < _LONGEST:
        yield "maxLength", "x" * (node["maxLength"] + 1)
    if "pattern" in node:
        yield "pattern", "\u0000 "
