"""Writes and the reads that show what became of them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mockportal.json_tree import difference, walk
from mockportal.judge.checks.reading import readable
from mockportal.judge.context import Context
from mockportal.judge.knowledge import knowledge
from mockportal.judge.model import Interaction, body_of
from mockportal.spec.operations import Operation
from mockportal.values import Json, Record

_LAST = re.compile(r"^(.*)/\{([^}/]+)\}$")


@dataclass(frozen=True, slots=True)
class WayBack:
    """A read that shows what a write has stored.

    params: the parameters that the answer to the write fills in, as dotted places in it
    sent:   the dotted place of what is stored in the body of the write; "" for the whole body
    """

    read: str
    params: Mapping[str, tuple[str, ...]]
    sent: str = ""


def way_of(context: Context, name: str) -> WayBack | None:
    """The way from a write to its read: the one that is known, the GET of what was made, or the GET on its path."""
    known = knowledge("writes")["reads"].get(name)
    if known is not None:
        way = WayBack(
            known["read"], {key: (at,) for key, at in known.get("params", {}).items()}, known.get("sent", "")
        )
        return way if readable(context, way.read) else None
    operation = context.spec.operations[name]
    below, beside = None, None
    for other in context.operations.values():
        if other.method == "GET" and readable(context, other.id):
            parent = _LAST.match(other.path)
            if operation.method == "POST" and parent and parent[1] == operation.path:
                below = WayBack(other.id, {parent[2]: (parent[2], *knowledge("discovery")["ids"])})
            elif other.path == operation.path:
                beside = WayBack(other.id, {})
    return below or beside


def read_back(
    context: Context, operation: Operation, way: WayBack, written: Interaction, world: str
) -> Interaction | None:
    """The read after a write, by the one who wrote; None if the answer lacks an id for it, or it is refused."""
    params = {**context.case(way.read).params, **_shared(context, operation, way)}
    for parameter, places in way.params.items():
        value = next((found for at in places if (found := value_of(body_of(written), at)) is not None), None)
        if value is None:
            return None
        params[parameter] = value
    token = context.target.variable_of(operation)
    exchange = context.call(way.read, params=params, token=token, world=world)
    return exchange if exchange.status == 200 else None


def _shared(context: Context, operation: Operation, way: WayBack) -> Record:
    """The parameters of the write that the read has as well."""
    names = {parameter.name for parameter in context.spec.operations[way.read].parameters}
    return {name: value for name, value in context.case(operation.id).params.items() if name in names}


def sent_part(body: Json, way: WayBack | None) -> Record:
    """The attributes that are stored."""
    found = value_of(body, way.sent) if way else body
    return found if isinstance(found, dict) else {}


def without_secrets(value: Json) -> Json:
    """The value without what no answer may show."""
    if isinstance(value, dict):
        hidden = knowledge("secrets")["taken"]
        return {name: without_secrets(item) for name, item in value.items() if name not in hidden}
    return [without_secrets(item) for item in value] if isinstance(value, list) else value


def record_of(body: Json, sent: Record, like: Record | None = None) -> Record:
    """The object in an answer that has most of what was sent, the outermost of several; if none has any of it, the one
    that has most of the properties of the object `like`; {} if there is none."""
    best: tuple[tuple[int, int, int], Record] = ((0, 0, 0), {})
    for _, value in walk(body):
        if isinstance(value, dict):
            named = sent.keys() & value.keys()
            same = sum(is_same(sent[name], value[name]) for name in named)
            score = same, len(named), len(value.keys() & (like or {}).keys())
            if score > best[0]:
                best = score, value
    return best[1]


def is_same(wanted: Json, seen: Json) -> bool:
    """True if a value is there as it was sent. More properties may have come to its objects, a time may be spelled
    otherwise, and a text may have been trimmed or written in lower case."""
    if isinstance(wanted, str) and isinstance(seen, str):
        return _plain(wanted) == _plain(seen) or _is_time(wanted, seen)
    return not difference(wanted, seen)


def _plain(text: str) -> str:
    return text.strip().casefold()


def _is_time(one: str, other: str) -> bool:
    return one[:10] == other[:10] and re.fullmatch(r"\d{4}-\d\d-\d\d(T.*)?", one) is not None


def value_of(value: Json, path: str) -> Json:
    """The value at a dotted place, where a number counts the items of a list; None if nothing is there."""
    for step in filter(None, path.split(".")):
        if isinstance(value, list):
            value = value[int(step)] if step.isdigit() and int(step) < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def writers(context: Context) -> Iterator[Operation]:
    """The operations that write an object, where every write can have a world of its own."""
    for name, operation in context.operations.items():
        body = context.case(name).body
        reading = operation.method == "GET" or name in knowledge("side_effects")["reading"]
        if not reading and isinstance(body, dict) and context.usable(name) and context.target.isolation:
            yield operation


def nothing_written(context: Context) -> str:
    """The reason why no write can be followed by a read, or ""."""
    if not context.target.isolation:
        return "the target has no worlds, and each write needs one of its own"
    return "" if any(writers(context)) else "no operation that writes an object can be called"
