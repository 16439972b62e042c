"""Times of changes: now for what changes now, and as they were for the rest."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from mockportal.judge.checks.sequence.side_effects import is_steady
from mockportal.judge.context import Context
from mockportal.judge.knowledge import knowledge
from mockportal.judge.model import Interaction, Received, body_of
from mockportal.values import Json, Record

_BEFORE, _AFTER = timedelta(minutes=5), timedelta(minutes=5)
_LONGEST_RUN = timedelta(days=1)


def timestamps_are_now(context: Context) -> None:
    """Something that is created or changed gets the current time, by the clock of the targets file or else by the
    `Date` header of the answer. Its time of creation stays, and a later read shows the same times."""
    for name in sorted({name for part in knowledge("timestamps").values() for name in part}):
        if context.usable(name):
            _judge(context, name)


def _judge(context: Context, name: str) -> None:
    rules = knowledge("timestamps")
    kept, shown = rules["kept"].get(name), rules["shown"].get(name)
    before = _read(context, name, kept)
    exchange = context.call(name)
    if exchange.received is None or exchange.status >= 300:
        return
    for at in rules["now"].get(name, ()):
        _is_now(context, name, exchange, at)
    for at in rules["later"].get(name, ()):
        _is_later(context, name, exchange, at)
    if before is not None:
        _agree(context, name, exchange, before, kept, (before, exchange))
    after = _read(context, name, shown)
    if after is not None:
        _agree(context, name, exchange, after, shown, (exchange, after))


def _read(context: Context, name: str, rule: Record | None) -> Interaction | None:
    """The read of a rule, with the parameters, the token and in the world of the change."""
    if rule is None or not context.usable(rule["read"]):
        return None
    params = context.case(name).params
    token = context.target.variable_of(context.spec.operations[name])
    exchange = context.call(rule["read"], params=params, token=token, world=f"{context.check}-{name}")
    return exchange if exchange.status == 200 else None


def _is_now(context: Context, name: str, exchange: Interaction, at: str) -> None:
    span = _now(context, exchange)
    for text in _at(body_of(exchange), at) if span else ():
        time = _time(text)
        good = time is not None and span is not None and span[0] <= time <= span[1]
        message = (
            f"{at} is {text} for what was changed {'at ' + span[0].isoformat() if span else 'now'} or later"
        )
        context.expect(good, name, at, message, exchange)


def _is_later(context: Context, name: str, exchange: Interaction, at: str) -> None:
    span = _now(context, exchange)
    for text in _at(body_of(exchange), at) if span else ():
        time = _time(text)
        good = time is not None and span is not None and time > span[0]
        context.expect(good, name, at, f"{at} is {text}, which is in the past", exchange)


def _agree(
    context: Context,
    name: str,
    exchange: Interaction,
    read: Interaction,
    rule: Record,
    shown: tuple[Interaction, Interaction],
) -> None:
    own, other = [*_at(body_of(exchange), rule["at"])], [*_at(body_of(read), rule["as"])]
    if own and other:
        good = _time(own[0]) == _time(other[0])
        if not good and not _is_steady(context, name, rule):
            return
        message = f"{rule['at']} is {own[0]} where {rule['read']} has {other[0]}"
        context.expect(good, name, f"{rule['at']} of {rule['read']}", message, *shown)


def _is_steady(context: Context, name: str, rule: Record) -> bool:
    token = context.target.variable_of(context.spec.operations[name])
    return is_steady(context, rule["read"], params=context.case(name).params, token=token)


def _now(context: Context, exchange: Interaction) -> tuple[datetime, datetime] | None:
    """Between which times the answer was given; None if nothing tells."""
    clock = _time(context.target.clock)
    if clock is not None:  # it holds for the data of the file, if they are there
        return (clock, clock + _LONGEST_RUN) if context.trusted else None
    if exchange.received is None or _has_worlds(context, exchange.received):
        return None
    date = exchange.received.header("date")
    try:
        time = parsedate_to_datetime(date or "")
    except ValueError:
        return None
    time = time if time.tzinfo else time.replace(tzinfo=UTC)
    return time - _BEFORE, time + _AFTER


def _has_worlds(context: Context, received: Received) -> bool:
    """True if the target has worlds, which have clocks of their own that are unknown here."""
    header = context.target.isolation
    return bool(header) and received.header(header) is not None


def _at(value: Json, at: str) -> Iterator[str]:
    """The texts at a dotted place."""
    name, _, rest = at.partition(".")
    if not at:
        if isinstance(value, str):
            yield value
    elif name == "*" and isinstance(value, list):
        for item in value:
            yield from _at(item, rest)
    elif isinstance(value, dict) and name in value:
        yield from _at(value[name], rest)


def _time(text: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)
