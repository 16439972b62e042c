"""Input that the contract allows is not refused, one variation at a time."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone

from mockportal.json_tree import leaves
from mockportal.judge.checks.variations.sending import excused, is_free, send, world_of
from mockportal.judge.checks.variations.variations import ABSENT, Path, Variation, put, types, varied
from mockportal.judge.context import Context
from mockportal.judge.knowledge import knowledge
from mockportal.judge.model import Interaction, body_of
from mockportal.spec.operations import JSON_TYPE, Operation
from mockportal.values import Json, Record

_REFUSED = (400, 406, 413, 414, 415, 422)
_INSTANTS = ("2026-05-01T00:00:00Z", "2026-05-01T02:00:00.000+02:00")
_DAY = "2026-05-01"
_TEXTS = {
    "long text": "Lindenallee " * 20,
    "unicode text": "Zoë Łukasz 東京 🙂 'O\"Brien' <b>",
    "odd text": "\u0417\u043e\u044f e\u0301 \u202eabc\u202c a\u200db \ufb01 \u212b",
    "one letter": "Z",
    "empty text": "",
}
_MANY = 100


def valid_query_is_accepted(context: Context) -> None:
    """A GET that is valid stays valid with any other value that the schemas of its parameters allow: each value of an
    enum, the bounds themselves, the same instant as another place writes it, a parameter that may be left out or
    given. Texts that name things (ids, slugs, domains) are those of the valid cases of other operations. A refusal for
    what is not there, or not allowed, does not count; a 5xx always does, whatever a text names."""
    _accepted(context, lambda method: method == "GET")


def valid_body_is_accepted(context: Context) -> None:
    """A request that writes stays valid with any other value that the schemas of its body and parameters allow, as in
    `valid_query_is_accepted`; texts that are free may be long, short, empty and of any alphabet, those of attributes
    that the schema leaves open too, and come back letter by letter; a body that may be left out is. Only where the
    target has worlds, because a request that succeeded may rightly be refused when it comes again."""
    if context.target.isolation:
        _accepted(context, lambda method: method != "GET")


def _accepted(context: Context, chosen: Callable[[str], bool]) -> None:
    for name, operation in context.operations.items():
        if not chosen(operation.method) or not context.usable(name):
            continue
        base = context.call(name, world=f"base-{context.check}-{name}")
        if not 200 <= base.status < 400:
            continue
        made = varied(context.spec, operation, context.case(name), other_values, True)
        for variation in [*made, *_named(context, operation), *open_texts(context, operation)]:
            free = variation.kind not in _TEXTS or is_free(name, variation)
            if not free and (
                variation.kind not in ("unicode text", "odd text") or variation.where.startswith("path.")
            ):
                continue
            exchange = send(context, name, variation)
            if exchange.received is not None:
                message = f"{variation.where} {variation.shown} is valid, and answered with {exchange.status}"
                refused = exchange.status in _REFUSED and free and not excused("refused", name, variation)
                good = exchange.status < 500 and not refused
                if context.expect(good, name, f"{variation.where} {variation.kind}", message, base, exchange):
                    _comes_back(context, name, variation, base, exchange)


def _comes_back(
    context: Context, name: str, variation: Variation, base: Interaction, exchange: Interaction
) -> None:
    """A free text that is written is in the answer as it was sent, if the answer shows this property at all."""
    if (
        exchange.status >= 300
        or variation.kind not in ("unicode text", "odd text")
        or not is_free(name, variation)
    ):
        return
    if context.spec.operations[name].method == "GET" or not variation.where.startswith("body."):
        return
    own = variation.where.rpartition(".")[2]
    later = _written_later(context, name, variation, own)
    before = _texts(base, own)
    for answer in (exchange, *later):
        shown = _texts(answer, own)
        good = not shown or variation.value in shown or shown == before
        message = f"{variation.where} {variation.value!a} comes back as {shown[0]!a}" if shown else ""
        if not context.expect(good, name, f"{variation.where} changed", message, base, exchange, answer):
            return


def _written_later(context: Context, name: str, variation: Variation, own: str) -> list[Interaction]:
    """The answer to the next change of the same thing, which shows what was kept of this one."""
    body = context.case(name).body
    if context.spec.operations[name].method != "PATCH" or not isinstance(body, dict):
        return []
    rest = {key: value for key, value in body.items() if key != own}
    return [context.call(name, body=rest, world=world_of(context, name, variation))]


def _texts(exchange: Interaction, name: str) -> list[str]:
    """The texts of a property, wherever it is in an answer."""
    if not 200 <= exchange.status < 300:
        return []
    return [
        value for path, value in leaves(body_of(exchange)) if path[-1:] == (name,) and isinstance(value, str)
    ]


def _named(context: Context, operation: Operation) -> Iterator[Variation]:
    """The case with one more parameter, which has the value that it has in the case of another operation."""
    case = context.case(operation.id)
    pool = {name: value for other in context.target.cases.values() for name, value in other.params.items()}
    for parameter in operation.parameters:
        name = knowledge("variations")["same_as"].get(parameter.name, parameter.name)
        if (
            parameter.location != "query"
            or parameter.name in case.params
            or parameter.opaque
            or name not in pool
        ):
            continue
        value = [pool[name]] if parameter.kind == "array" else pool[name]
        if operation.parameter_validator.is_valid({**case.params, parameter.name: value}):
            params = {**case.params, parameter.name: value}
            yield Variation(f"query.{parameter.name}", "given", value, params, case.body)


def open_texts(context: Context, operation: Operation) -> Iterator[Variation]:
    """The case without a body that may be left out, and with other texts in what its schema leaves open."""
    case = context.case(operation.id)
    if operation.body is None or case.media_type != JSON_TYPE or not isinstance(case.body, dict):
        return
    if not operation.body.required:
        yield Variation("body", "left out", ABSENT, case.params, None)
    validator = operation.body.validators[JSON_TYPE]
    texts = knowledge("variations")["further"].get(operation.id, ())
    places: list[Path] = [tuple(name.split(".")) for name in texts]
    if texts:
        known = [path for path, value in leaves(case.body) if isinstance(value, str)]
        places += [path for path in known if path not in places]
    for path in places:
        for kind, text in _TEXTS.items():
            body = put(case.body, path, text)
            if validator.is_valid(body):
                where = ".".join(["body", *(str(step) for step in path if isinstance(step, str))])
                yield Variation(where, kind, text, case.params, body)


def other_values(node: Record, value: Json) -> Iterator[tuple[str, Json]]:
    """Values that a schema allows, or might; the validator has the last word."""
    named = types(node)
    if "enum" in node:
        yield from ((f"enum {item}", item) for item in node["enum"] if item != value)
    elif "boolean" in named:
        yield from ((f"boolean {item}".lower(), item) for item in (True, False) if item is not value)
    elif named & {"integer", "number"}:
        yield from _numbers(node)
    elif "string" in named:
        yield from _strings(node, value)
    elif "array" in named and isinstance(value, list) and len(value) > 1:
        yield "one item", value[:1]
    if "null" in named and value is not None and value is not ABSENT:
        yield "null", None


def _numbers(node: Record) -> Iterator[tuple[str, Json]]:
    for bound in ("minimum", "maximum"):
        if bound in node:
            yield bound, node[bound]
    if node.get("maximum", _MANY) >= _MANY:
        yield "number", _MANY
    if node.get("minimum", 0) <= 0:
        yield "zero", 0


def _strings(node: Record, value: Json) -> Iterator[tuple[str, Json]]:
    if node.get("format") == "date-time":
        yield from (
            ("date-time", text) for text in (_elsewhere(value) if isinstance(value, str) else _INSTANTS)
        )
    elif node.get("format") == "date" and value is ABSENT:
        yield "date", _DAY
    elif not node.keys() & {"format", "pattern"}:
        yield from _TEXTS.items()


def _elsewhere(text: str) -> list[str]:
    """The same instant as the clocks of two other places show it."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return []
    zones = (timezone(timedelta(hours=hours)) for hours in (2, -5))
    return (
        [instant.astimezone(zone).isoformat(timespec="milliseconds") for zone in zones]
        if instant.tzinfo
        else []
    )
