"""Requests that are under way at the same time."""

from collections.abc import Iterator

from mockportal.judge.checks.reading import readable
from mockportal.judge.checks.sequence.side_effects import alike, is_steady
from mockportal.judge.checks.variations.acceptance import open_texts, other_values
from mockportal.judge.checks.variations.variations import ABSENT, varied
from mockportal.judge.checks.writes.keeping import WayBack, is_same, read_back, record_of, way_of, writers
from mockportal.judge.context import Context
from mockportal.judge.model import Interaction, body_of
from mockportal.spec.operations import Operation
from mockportal.values import Json, Record

_FEW = 5
_MOST = 12  # attributes that are tried for a pair that can be changed one after the other


def overlapping_reads_agree(context: Context) -> None:
    """The same GET, sent twice at once, has twice the answer that it has alone. Where requests are counted, a few
    of them stand for all. 500 to one of two equal reads is a finding."""
    gets = [
        name
        for name, operation in context.operations.items()
        if operation.method == "GET" and name not in context.target.side_effects and readable(context, name)
    ]
    for name in gets[:_FEW] if context.is_careful else gets:
        alone = context.call(name, world=context.check)
        both = context.call_together(name, ({}, {}), world=context.check)
        wrong = next((one for one in both if one.received is not None and not alike(alone, one)), None)
        if wrong is None:
            context.right(name)
        elif alone.received is not None and is_steady(context, name):
            message = f"answers {wrong.status} while the same request is under way, and {alone.status} alone"
            context.wrong(name, "overlap", message, alone, wrong)


def overlapping_updates_are_kept(context: Context) -> None:
    """Two changes of different attributes that are sent at once are both there afterwards, as they are if one
    follows the other. A target may refuse one of them as a conflict. A note that is lost because a phone number was
    changed at once is a finding."""
    for operation in writers(context):
        way = way_of(context, operation.id)
        if operation.method not in ("PATCH", "POST") or way is None or way.params or way.sent:
            continue
        pair = _pair(context, operation, way)
        if pair:
            _update(context, operation, way, pair)


def _update(context: Context, operation: Operation, way: WayBack, pair: list[Record]) -> None:
    wanted = {**pair[0], **pair[1]}
    world = f"{context.check}-{operation.id}"
    in_turn = [context.call(operation.id, body=body, world=f"{world}-in-turn") for body in pair]
    if _lost(context, operation, way, in_turn, wanted, f"{world}-in-turn"):
        return
    together = context.call_together(operation.id, [{"body": body} for body in pair], world=world)
    lost = _lost(context, operation, way, together, wanted, world)
    message = f"of two changes at the same time that of {', '.join(lost)} is lost"
    later = context.call(way.read, token=context.target.variable_of(operation), world=world)
    context.expect(not lost, operation.id, "lost update", message, *together, later)


def _lost(
    context: Context,
    operation: Operation,
    way: WayBack,
    writes: list[Interaction],
    wanted: Record,
    world: str,
) -> list[str]:
    """The attributes that are not there afterwards; none if a write was refused at the same time (409, 429)."""
    later = read_back(context, operation, way, writes[-1], world)
    if later is None or any(not 200 <= one.status < 300 for one in writes):
        return [] if any(one.status in (409, 412, 423, 429) for one in writes) else [*wanted]
    stored = record_of(body_of(later), wanted)
    return [name for name, value in wanted.items() if not is_same(value, stored.get(name))]


def _pair(context: Context, operation: Operation, way: WayBack) -> list[Record]:
    """Two bodies of one attribute each that change something the read shows; [] if there are not two."""
    found: dict[str, Record] = {}
    token, world = context.target.variable_of(operation), f"{context.check}-{operation.id}-before"
    before = record_of(
        body_of(context.call(way.read, token=token, world=world)), context.case(operation.id).body
    )
    changes = (pair for pair in _attributes(context, operation) if not is_same(pair[1], before.get(pair[0])))
    for number, (name, value) in enumerate(changes):
        if len(found) == 2 or number == _MOST:
            break
        if name in found:
            continue
        world = f"{context.check}-{operation.id}-{number}"
        exchange = context.call(operation.id, body={name: value}, world=world)
        if 200 <= exchange.status < 300 and not _lost(
            context, operation, way, [exchange], {name: value}, world
        ):
            found[name] = {name: value}
    return [*found.values()] if len(found) == 2 else []


def _attributes(context: Context, operation: Operation) -> Iterator[tuple[str, Json]]:
    """Attributes of the body, each with a value that the schema allows."""
    case = context.case(operation.id)
    yield from case.body.items()
    for one in (*varied(context.spec, operation, case, other_values, True), *open_texts(context, operation)):
        start, _, name = one.where.partition(".")
        if start == "body" and "." not in name and one.value not in (ABSENT, None, ""):
            yield name, one.value
