"""A scenario's expectations, played in order in a fresh world of it. No time is spent: a delay is data."""

from dataclasses import asdict, dataclass

from mockportal.engine.call import Exchange, request_for
from mockportal.engine.engine import Engine
from mockportal.engine.world import World
from mockportal.files.pointers import escape
from mockportal.spec.spelling import unnamed_in_path
from mockportal.state.clock import duration
from mockportal.state.rules import holds
from mockportal.state.scenario import Scenario
from mockportal.values import Json, Record, encode

NOBODY = "nobody"
_LONGEST = 300


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


def failures(scenario: Scenario, engine: Engine) -> list[Failure]:
    """The expectations that do not hold; one that fails does not keep the next ones from being played."""
    world = World("verify", scenario)
    found = []
    for number, entry in enumerate(scenario.expect):
        if "advance" in entry:
            difference = _advanced(entry, world)
        else:
            difference = _played(entry, world, engine) if "as" in entry else _counted(entry, world)
        if difference is not None:
            found.append(Failure(number, entry.get("operation", "advance"), *difference))
    return found


def _advanced(entry: Record, world: World) -> tuple[str, str] | None:
    """None; or what was expected and what came, where the calendar ends."""
    try:
        world.clock = world.clock.advanced(duration(entry["advance"]))
    except ValueError:
        return f"a time {entry['advance']} later", "no such time"
    return None


def _played(entry: Record, world: World, engine: Engine) -> tuple[str, str] | None:
    """None; or what was expected of the answer and what came."""
    operation, params = engine.spec.operations[entry["operation"]], entry.get("params", {})
    missing = unnamed_in_path(operation, params)
    if missing:
        return f"the parameter {missing[0]!r}", "none"
    token = "" if entry["as"] == NOBODY else entry["as"]
    reply = engine.answer(operation, request_for(operation, params, entry.get("send"), token), world).reply
    if reply.status != entry["status"]:
        return f"status {entry['status']}", f"status {reply.status} with {_short(reply.body)}"
    if "body" not in entry or holds(entry["body"], reply.body):
        return None
    at, wanted, value = _difference(entry["body"], reply.body, "")
    return f"{_short(wanted)} at body{at}", value


def _counted(entry: Record, world: World) -> tuple[str, str] | None:
    """As `_played`, about the number of exchanges so far. Without `times`, one is enough."""

    def fits(exchange: Exchange) -> bool:
        return bool((exchange.operation, exchange.reply.status) == (entry["operation"], entry["status"]))

    times = sum(map(fits, world.journal))
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
    return at, wanted, _short(value)


def _short(value: Json) -> str:
    text = encode(value).decode()
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
