"""Attributes that are not the caller's to set stay as they are, though somebody sends them."""

import re
from collections.abc import Iterator, Mapping

from mockportal.files.pointers import resolve
from mockportal.judge.checks.writes.keeping import (
    WayBack,
    read_back,
    record_of,
    sent_part,
    way_of,
    writers,
)
from mockportal.judge.context import Context
from mockportal.judge.knowledge import knowledge
from mockportal.judge.model import Interaction, body_of
from mockportal.spec.operations import JSON_TYPE, Operation
from mockportal.values import Json, Record

_DEPTH = 8
_DIGIT = re.compile(r"[0-9a-f]")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PAST = "2001-02-03T04:05:06.000Z"


def foreign_attributes_are_ignored(context: Context) -> None:
    """An attribute that a thing has, and that the body of a write does not name, cannot be set by it: its id, whose
    it is, when it was made, its status. Sent with the valid case, it is refused or changes nothing that can be
    read. A PATCH with `status: accepted` that accepts an offer is a finding."""
    for operation in writers(context):
        way = way_of(context, operation.id)
        world = f"{context.check}-{operation.id}"
        base, later = _sent(context, operation, way, {}, world)
        if not 200 <= base.status < 300:
            continue
        sent = sent_part(context.case(operation.id).body, way)
        stored = record_of(body_of(later), sent) if later else {}
        before = {"answer": record_of(body_of(base), sent, stored), "later read": stored}
        foreign = dict(_foreign(context, operation, before["answer"] | stored))
        if foreign:
            _try(context, operation, way, foreign, before, world)


def _try(
    context: Context,
    operation: Operation,
    way: WayBack | None,
    foreign: Record,
    before: Mapping[str, Record],
    world: str,
) -> None:
    """Sends them all at once, and one by one where the target refuses that."""
    attempts = [foreign, *({name: value} for name, value in foreign.items())]
    for number, more in enumerate(attempts):
        exchange, later = _sent(context, operation, way, more, f"{world}-{number}")
        if 200 <= exchange.status < 300:
            message = f"sets {', '.join(more)}, after which the thing can be read no more"
            lost = bool(before["later read"]) and later is None
            context.expect(not lost, operation.id, "not read any more", message, exchange)
            _judge(context, operation, way, more, before, exchange, later)
            if number == 0:
                return


def _judge(
    context: Context,
    operation: Operation,
    way: WayBack | None,
    more: Record,
    before: Mapping[str, Record],
    exchange: Interaction,
    later: Interaction | None,
) -> None:
    """Books what is shown as it was sent, where such an attribute was shown `before`."""
    sent = sent_part(context.case(operation.id).body, way)
    for name, value in more.items():
        for place, one in (("answer", exchange), ("later read", later)):
            if one is not None and name in before[place]:
                assigned = record_of(body_of(one), sent, before[place]).get(name) == value
                message = f"{name}, which is not the caller's to set, is in the {place} as it was sent"
                shown = (exchange,) if one is exchange else (exchange, one)
                context.expect(not assigned, operation.id, f"{name} in the {place}", message, *shown)


def _sent(
    context: Context, operation: Operation, way: WayBack | None, more: Record, world: str
) -> tuple[Interaction, Interaction | None]:
    body = context.case(operation.id).body
    exchange = context.call(operation.id, body={**body, **more}, world=world)
    good = way is not None and 200 <= exchange.status < 300
    return exchange, read_back(context, operation, way, exchange, world) if good and way else None


def _foreign(context: Context, operation: Operation, shown: Record) -> Iterator[tuple[str, Json]]:
    """Other values for the attributes of a record that a body does not name, or names as read-only."""
    assert operation.body is not None
    validator = operation.body.validators.get(JSON_TYPE)
    if validator is None:
        return
    schema = resolve(context.spec.validators.schemas["request"], validator.pointer)
    known = knowledge("writes")
    named, is_open = _named(context, schema), _is_open(context, schema)
    for name, value in shown.items():
        closed = name in known["closed"].get(operation.id, ()) or re.fullmatch(known["protected"], name)
        other = _other(value) if name not in named and (closed or not is_open) else None
        if other is not None:
            yield name, other


def _is_open(context: Context, schema: Json, depth: int = 0) -> bool:
    """True if a schema takes any property, and says so."""
    if not isinstance(schema, dict) or depth > _DEPTH:
        return False
    if "$ref" in schema:
        return _is_open(context, _target(context, schema), depth + 1)
    parts = (part for keyword in ("allOf", "oneOf", "anyOf") for part in schema.get(keyword, ()))
    return schema.get("additionalProperties") is True or any(
        _is_open(context, part, depth + 1) for part in parts
    )


def _target(context: Context, schema: Record) -> Json:
    return resolve(context.spec.validators.schemas["request"], schema["$ref"].removeprefix("#"))


def _named(context: Context, schema: Json, depth: int = 0) -> set[str]:
    """The properties that a schema names, those that are read-only left out."""
    if not isinstance(schema, dict) or depth > _DEPTH:
        return set()
    if "$ref" in schema:
        return _named(context, _target(context, schema), depth + 1)
    names = {
        name
        for name, one in schema.get("properties", {}).items()
        if not (isinstance(one, dict) and one.get("readOnly"))
    }
    parts = (part for keyword in ("allOf", "oneOf", "anyOf") for part in schema.get(keyword, ()))
    return names.union(*(_named(context, part, depth + 1) for part in parts))


def _other(value: Json) -> Json:
    """A value of the same kind that nobody has; None for lists, objects and null."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1000
    if not isinstance(value, str):
        return None
    if _UUID.fullmatch(value):
        return _DIGIT.sub(lambda found: f"{15 - int(found.group(), 16):x}", value[:8]) + value[8:]
    return _PAST if re.match(r"\d{4}-\d\d-\d\dT", value) else f"{value}-assigned"
