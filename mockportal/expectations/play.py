"""The entries of `expect`, played one after another."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from types import MappingProxyType

from mockportal.engine.call import Reply
from mockportal.engine.engine import Engine
from mockportal.expectations.answers import Difference, differences, found, short
from mockportal.expectations.requests import request_of
from mockportal.expectations.stage import Impossible, Stage, stage_of
from mockportal.json_tree import filled
from mockportal.spec.spec import Spec
from mockportal.state.scenario import Scenario
from mockportal.values import Json, Record

# Finds the first difference of an answer from an entry that wants a body.
Compare = Callable[[Record, Json, Reply, bytes], Difference | None]


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


def first_difference(entry: Record, body: Json, reply: Reply, content: bytes) -> Difference | None:
    """The first thing in which an answer differs from an entry."""
    return next(differences(entry, body, reply, content), None)


@dataclass(frozen=True, slots=True)
class Play:
    """Takes entries on a stage, and keeps the values that are saved from its answers by name."""

    stage: Stage
    spec: Spec
    compare: Compare = first_difference
    saved: Record = field(default_factory=dict)

    def difference(self, entry: Record) -> Difference | None:
        """The difference that an entry shows when it is played; None if it holds."""
        return _KINDS[_kind(entry)](entry, self)

    def filled(self, value: Json) -> Json:
        """`value` with every text that is `$name` of a saved value replaced by that value."""
        return filled(value, self.saved)


def failures(scenario: Scenario, engine: Engine) -> list[Failure]:
    """The expectations that do not hold; one that fails does not keep the next ones from being played."""
    return play_all(scenario.expect, Play(stage_of(scenario, engine), engine.spec))


def play_all(entries: tuple[Record, ...], play: Play) -> list[Failure]:
    """The entries that do not hold, played in order."""
    told = []
    for number, entry in enumerate(entries):
        difference = play.difference(entry)
        if difference is not None:
            told.append(Failure(number, entry.get("operation", _kind(entry)), *difference))
    return told


def _kind(entry: Record) -> str:
    return next(name for name in _KINDS if name in entry)


def _advanced(entry: Record, play: Play) -> Difference | None:
    """A difference where the calendar ends."""
    return _taken(f"a time {entry['advance']} later", lambda: play.stage.advance(entry["advance"]))


def _clock_set(entry: Record, play: Play) -> Difference | None:
    return _taken("another time", lambda: play.stage.set_clock(entry["clock"]))


def _edited(entry: Record, play: Play) -> Difference | None:
    """A merge patch of a record, as the control API makes it; null for all of it removes the record."""
    record, patch = _record(entry["edit"], play), play.filled(entry["with"])
    return _taken(f"a change of {record}", lambda: play.stage.edit(record, patch))


def _put(entry: Record, play: Play) -> Difference | None:
    name, record = _record(entry["put"], play), play.filled(entry["with"])
    return _taken(f"the record {name}", lambda: play.stage.put(name, record))


def _record(name: str, play: Play) -> str:
    kind, _, alias = name.partition("/")
    return f"{kind}/{play.filled(alias)}"


def _rule_added(entry: Record, play: Play) -> Difference | None:
    return _taken("a rule", lambda: play.stage.add_rule(entry["add_rule"]))


def _rule_dropped(entry: Record, play: Play) -> Difference | None:
    return _taken(f"the rule {entry['drop_rule']}", lambda: play.stage.drop_rule(entry["drop_rule"]))


def _taken(expected: str, step: Callable[[], None]) -> Difference | None:
    """A difference where a step cannot be taken."""
    try:
        step()
    except Impossible as problem:
        return expected, str(problem)
    return None


def _played(entry: Record, play: Play) -> Difference | None:
    """A difference of the answer to a request."""
    operation = play.spec.operations[entry["operation"]]
    try:
        request = request_of(entry, operation, play.spec.routes, play.filled)
        reply, content = play.stage.answer(operation, request)
    except Impossible as problem:
        return "an answer", str(problem)
    difference = play.compare(entry, play.filled(entry.get("body")), reply, content)
    missing = _saved(entry, reply, play)  # also of an answer that differs: later entries need it
    return difference or missing


def _saved(entry: Record, reply: Reply, play: Play) -> Difference | None:
    """Saves what later entries need; a difference where it is missing."""
    for name, at in entry.get("save", {}).items():
        values = found(reply.body, at)
        if not values:
            return f"a value for {name!r} at body{at}", f"nothing in {short(reply.body)}"
        play.saved[name] = values[0]
    return None


def _counted(entry: Record, play: Play) -> Difference | None:
    """A difference of the number of exchanges so far. Without `times`, one is enough."""
    try:
        times = play.stage.count(entry["operation"], entry["status"])
    except Impossible as problem:
        return "a count", str(problem)
    if times == entry.get("times", times or 1):
        return None
    wanted = f"{entry['times']} times" if "times" in entry else "at least once"
    return f"status {entry['status']} {wanted}", f"{times} times"


_KINDS: Mapping[str, Callable[[Record, Play], Difference | None]] = MappingProxyType({
    "advance": _advanced,
    "clock": _clock_set,
    "edit": _edited,
    "put": _put,
    "add_rule": _rule_added,
    "drop_rule": _rule_dropped,
    "as": _played,
    "operation": _counted,
})  # fmt: skip
