"""A scenario's expectations, played in order in a fresh world of it. No time is spent: a delay is data."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from types import MappingProxyType

from mockportal.engine.call import Exchange, Reply, request_for
from mockportal.engine.engine import Engine
from mockportal.engine.world import World
from mockportal.errors import hint
from mockportal.files.pointers import escape, leads_somewhere, resolve
from mockportal.json_tree import filled
from mockportal.spec.spelling import unnamed_in_path
from mockportal.state.clock import duration
from mockportal.state.record_check import kinds_in, record_violations
from mockportal.state.rules.check import NOBODY
from mockportal.state.rules.conditions import holds
from mockportal.state.scenario import Scenario
from mockportal.state.store import merge_patch
from mockportal.values import Json, Record, encode

_LONGEST = 300
# What was expected, and what came.
Difference = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Failure:
    """Entry `entry` of `expect` (from 0), about `operation`, does not hold."""

    entry: int
    operation: str
    expected: str
    came: str

    def __str__(self) -> str:
        return f"{self.operation}: expected {self.expected}; came {self.came}"

    def to_json(self) -> Record:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Play:
    """A world in which expectations are played, and the values that were saved from its answers by name."""

    world: World
    engine: Engine
    saved: Record = field(default_factory=dict)

    def filled(self, value: Json) -> Json:
        """`value` with every text that is `$name` of a saved value replaced by that value."""
        return filled(value, self.saved)


def failures(scenario: Scenario, engine: Engine) -> list[Failure]:
    """The expectations that do not hold; one that fails does not keep the next ones from being played."""
    play = _Play(World("verify", scenario), engine)
    found = []
    for number, entry in enumerate(scenario.expect):
        kind = next(name for name in _KINDS if name in entry)
        difference = _KINDS[kind](entry, play)
        if difference is not None:
            found.append(Failure(number, entry.get("operation", kind), *difference))
    return found


def _advanced(entry: Record, play: _Play) -> Difference | None:
    """A difference where the calendar ends."""
    try:
        play.world.clock = play.world.clock.advanced(duration(entry["advance"]))
    except ValueError:
        return f"a time {entry['advance']} later", "no such time"
    return None


def _edited(entry: Record, play: _Play) -> Difference | None:
    """A merge patch of a record, as the control API makes it; null for all of it removes the record."""
    world, (name, _, alias) = play.world, entry["edit"].partition("/")
    draft = world.draft()
    kind = draft.data.kinds.get(name)
    id = world.scenario.id_of(name, play.filled(alias))
    record = None if kind is None else draft.collection(name).find(id)
    if kind is None or record is None:
        near = hint(alias, world.scenario.aliases.get(name, ())) if kind else hint(name, draft.data.kinds)
        return f"the record {entry['edit']}", f"no such record{near}"
    if entry["with"] is None:
        draft.collection(name).remove(id)
    else:
        changed = merge_patch(record, play.filled(entry["with"]))
        wrong = record_violations(play.engine.spec, draft.data, kind, changed, kinds_in(draft))
        if wrong or changed.get(kind.key) != id:
            problem = f"{wrong[0].path}: {wrong[0].message}" if wrong else f"{kind.key} must stay {id!r}"
            return f"a change of {entry['edit']}", problem
        draft.collection(name).put(changed)
    world.state = draft.state
    return None


def _played(entry: Record, play: _Play) -> Difference | None:
    """A difference of the answer to a request."""
    engine, params = play.engine, play.filled(entry.get("params", {}))
    operation = engine.spec.operations[entry["operation"]]
    missing = unnamed_in_path(operation, params)
    if missing:
        return f"the parameter {missing[0]!r}", "none"
    token = "" if entry["as"] == NOBODY else str(play.filled(entry["as"]))
    request = request_for(operation, params, play.filled(entry.get("send")), token)
    reply = engine.answer(operation, request, play.world).reply
    if reply.status != entry["status"]:
        return f"status {entry['status']}", f"status {reply.status} with {_short(reply.body)}"
    differences = _differences(entry, play.filled(entry.get("body")), reply)
    return next(differences, None) or _saved(entry, reply, play)


def _differences(entry: Record, body: Json, reply: Reply) -> Iterator[Difference]:
    """Everything but the status in which an answer differs from an entry that wants this body."""
    headers = {name.lower(): value for name, value in reply.headers.items()}
    for name, value in entry.get("headers", {}).items():
        if headers.get(name.lower()) != value:
            yield f"{value!r} in the header {name}", repr(headers.get(name.lower()))
    if "body" in entry and not holds(body, reply.body):
        at, wanted, value = _difference(body, reply.body, "")
        yield f"{_short(wanted)} at body{at}", value
    for at in entry.get("without", ()):
        for value in _found(reply.body, at):
            yield f"nothing at body{at}", _short(value)
    for at, length in entry.get("length", {}).items():
        if not any(isinstance(value, list) and len(value) == length for value in _found(reply.body, at)):
            yield f"{length} items at body{at}", _told(_found(reply.body, at))


def _saved(entry: Record, reply: Reply, play: _Play) -> Difference | None:
    """Saves what later entries need; a difference where it is missing."""
    for name, at in entry.get("save", {}).items():
        found = _found(reply.body, at)
        if not found:
            return f"a value for {name!r} at body{at}", f"nothing in {_short(reply.body)}"
        play.saved[name] = found[0]
    return None


def _found(body: Json, at: str) -> list[Json]:
    """The value at a pointer, if there is one."""
    return [resolve(body, at)] if leads_somewhere(body, at) else []


def _told(found: list[Json]) -> str:
    if not found:
        return "nothing"
    value = found[0]
    return f"{len(value)}: {_short(value)}" if isinstance(value, list) else _short(value)


def _counted(entry: Record, play: _Play) -> Difference | None:
    """A difference of the number of exchanges so far. Without `times`, one is enough."""

    def fits(exchange: Exchange) -> bool:
        return bool((exchange.operation, exchange.reply.status) == (entry["operation"], entry["status"]))

    times = sum(map(fits, play.world.journal))
    if times == entry.get("times", times or 1):
        return None
    wanted = f"{entry['times']} times" if "times" in entry else "at least once"
    return f"status {entry['status']} {wanted}", f"{times} times"


def _difference(wanted: Json, value: Json, at: str) -> tuple[str, Json, str]:
    """The pointer to the first part of `wanted` that does not hold, that part, and what there is instead."""
    if isinstance(wanted, dict) and isinstance(value, dict):
        name = next(key for key, item in wanted.items() if key not in value or not holds(item, value[key]))
        if name not in value:
            return f"{at}/{escape(name)}", wanted[name], f"nothing in {_short(value)}"
        return _difference(wanted[name], value[name], f"{at}/{escape(name)}")
    if isinstance(wanted, list) and isinstance(value, list) and len(wanted) == len(value):
        pairs = enumerate(zip(wanted, value, strict=True))
        number = next(number for number, (item, other) in pairs if not holds(item, other))
        return _difference(wanted[number], value[number], f"{at}/{number}")
    if isinstance(wanted, list) and isinstance(value, list):
        return at, wanted, f"{_short(value)} ({_counts(wanted, value)})"
    return at, wanted, _short(value)


def _counts(wanted: list[Json], value: list[Json]) -> str:
    """`2 expected, 1 came; missing: {"id":"b"}`"""
    missing = [item for item in wanted if not any(holds(item, other) for other in value)]
    surplus = [other for other in value if not any(holds(item, other) for item in wanted)]
    told = [f"{len(wanted)} expected, {len(value)} came"]
    told += [f"missing: {', '.join(map(_short, missing))}"] if missing else []
    told += [f"not expected: {', '.join(map(_short, surplus))}"] if surplus else []
    return "; ".join(told)


_KINDS: Mapping[str, Callable[[Record, _Play], Difference | None]] = MappingProxyType(
    {"advance": _advanced, "edit": _edited, "as": _played, "operation": _counted}
)


def _short(value: Json) -> str:
    text = encode(value).decode()
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
