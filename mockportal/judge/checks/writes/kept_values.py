"""Attributes that can be written are in the answer and in a later read."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from mockportal.judge.checks.variations.acceptance import open_texts, other_values
from mockportal.judge.checks.variations.variations import ABSENT, Variation, varied
from mockportal.judge.checks.writes.keeping import (
    WayBack,
    is_same,
    read_back,
    record_of,
    sent_part,
    way_of,
    without_secrets,
    writers,
)  # fmt: skip
from mockportal.judge.context import Context
from mockportal.judge.knowledge import knowledge
from mockportal.judge.model import Interaction, body_of
from mockportal.spec.operations import Operation
from mockportal.values import Json, Record, encode

_FEW = 12
_SHOWN = 80


@dataclass(frozen=True, slots=True)
class _Written:
    """A write with the record in its answer, in the read after it, and in a read before it."""

    exchange: Interaction
    later: Interaction | None
    sent: Record
    echo: Record
    stored: Record
    before: Record


def written_values_are_kept(context: Context) -> None:
    """Each attribute of a body is in the answer and in a later read as it was sent: all at once as in the valid
    case, and with other values that the schema allows, one after the other or, if they are many, in rounds. An
    attribute that neither shows is left out. The read is the GET on the same path, the GET of the new thing, or one
    that is known to show it. A new phone number that the answer shows and the next read does not is a finding."""
    for operation in writers(context):
        way = way_of(context, operation.id)
        world = f"{context.check}-{operation.id}"
        before = _before(context, operation, way, world)
        base = _write(context, operation, way, context.case(operation.id).body, world, before)
        if base is None:
            continue
        kept = [name for name in base.sent if _judge(context, operation, base, name, base.sent)]
        base = replace(base, before=base.stored or before)
        for number, bodies in enumerate(_rounds([*_bodies(context, operation, way)], way)):
            _try(context, operation, way, bodies, f"{world}-{number}", base, kept)


def _try(
    context: Context,
    operation: Operation,
    way: WayBack | None,
    bodies: Mapping[str, Json],
    world: str,
    base: _Written,
    kept: Collection[str],
) -> None:
    """Writes the other values of several attributes at once, and each half by itself where the target refuses them."""
    if len(bodies) == 1:
        body = next(iter(bodies.values()))
    else:
        body = {**context.case(operation.id).body, **{name: body[name] for name, body in bodies.items()}}
    one = _write(context, operation, way, body, world, base.before)
    if one is not None:
        for name in bodies:
            _judge(context, operation, one, name, kept)
    elif len(bodies) > 1:
        pairs, half = [*bodies.items()], len(bodies) // 2
        for number, part in enumerate((dict(pairs[:half]), dict(pairs[half:]))):
            _try(context, operation, way, part, f"{world}{number}", base, kept)


def _rounds(found: list[tuple[str, Json]], way: WayBack | None) -> Iterator[dict[str, Json]]:
    """The bodies by the attribute that they change: each alone, or in rounds of one for each attribute if they are
    many."""
    if len(found) <= _FEW or (way and way.sent):
        yield from ({name: body} for name, body in found)
        return
    left = found
    while left:
        together = dict(reversed(left))
        yield together
        left = [(name, body) for name, body in left if body is not together[name]]


def _before(context: Context, operation: Operation, way: WayBack | None, world: str) -> Record:
    """The record that the read shows before, if it needs nothing of the answer to the write."""
    if way is None or way.params:
        return {}
    read = context.call(way.read, token=context.target.variable_of(operation), world=world)
    return record_of(body_of(read), sent_part(context.case(operation.id).body, way))


def _bodies(context: Context, operation: Operation, way: WayBack | None) -> Iterator[tuple[str, Json]]:
    """The body of the case with another value in one place, once for each place."""
    seen, apart = set(), knowledge("writes")["apart"].get(operation.id, ())
    case = context.case(operation.id)
    made = varied(context.spec, operation, case, other_values, True)
    for variation in [*made, *open_texts(context, operation)]:
        name = _stored_name(variation, way)
        if name and variation.where not in seen and variation.where.removeprefix("body.") not in apart:
            seen.add(variation.where)
            yield name, variation.body


def _stored_name(variation: Variation, way: WayBack | None) -> str:
    """The attribute that a variation gives another value, "" for none."""
    start, *rest = variation.where.split(".")
    if start != "body" or variation.value is ABSENT or variation.value in (None, "") or not rest:
        return ""
    own = [step for step in (way.sent.split(".") if way and way.sent else ()) if not step.isdigit()]
    return rest[len(own)] if rest[: len(own)] == own and len(rest) > len(own) else ""


def _write(
    context: Context, operation: Operation, way: WayBack | None, body: Json, world: str, before: Record
) -> _Written | None:
    """The write and its read; None if it was refused."""
    exchange = context.call(operation.id, body=body, world=world)
    if not 200 <= exchange.status < 300:
        return None
    sent = without_secrets(sent_part(body, way))
    later = read_back(context, operation, way, exchange, world) if way else None
    stored = record_of(body_of(later), sent, before) if later else {}
    echo = record_of(body_of(exchange), sent, stored)
    return _Written(exchange, later, sent, echo, stored, before)


def _judge(
    context: Context, operation: Operation, written: _Written, name: str, known: Collection[str]
) -> bool:
    """Books an attribute that the answer or the later read shows otherwise than it was sent; False for one of these.

    Where both agree on another value the server has decided so, unless it kept the attribute before (`known`).
    """
    if name not in written.sent or name in knowledge("writes")["apart"].get(operation.id, ()):
        return False
    value = written.sent[name]
    places = {"answer": (written.echo, written.stored)}
    if written.later is not None:
        places["later read"] = (written.stored, written.echo | written.before)
    wrong = [place for place, (own, other) in places.items() if _is_wrong(own, other, name, value)]
    if len(wrong) == len(places) and name not in known:
        return False
    exchanges = [one for one in (written.exchange, written.later) if one is not None]
    for place in places:
        shown = _short(places[place][0].get(name, "missing"))
        message = f"{name} is {shown} in the {place}, and was sent as {_short(value)}"
        context.expect(place not in wrong, operation.id, f"{name} in the {place}", message, *exchanges)
    return not wrong


def _short(value: Json) -> str:
    return encode(value).decode()[:_SHOWN]


def _is_wrong(record: Mapping[str, Json], other: Mapping[str, Json], name: str, value: Json) -> bool:
    """True if a record has the attribute with another value, or lacks it where a record like it has it."""
    if name in record:
        return not is_same(value, record[name])
    alike = len(record.keys() & other.keys()) * 2 > len(other)
    return name in other and bool(record) and alike
