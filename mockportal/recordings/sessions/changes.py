"""Changes of a world from outside its API, as entries of `expect`."""

from collections.abc import Iterator, Sequence

from mockportal.recordings.sessions.names import Names
from mockportal.state.changes import changed_records
from mockportal.state.rules.rule import Rule
from mockportal.state.scenario import Scenario
from mockportal.state.store import State
from mockportal.values import Json, Record, merge_patch


def record_changes(before: State, after: State, scenario: Scenario, names: Names) -> Iterator[Record]:
    """`edit` and `put` for every record that differs: first those that come, then those that change, then those that
    go, so that no relation leads nowhere."""
    came, changed, gone = list[Record](), list[Record](), list[Record]()
    for kind, id in changed_records(before, after):
        old, new = (_record(state, kind, id) for state in (before, after))
        if old == new:
            continue
        name = names.record(kind, id)
        patch = None if old is None or new is None else merge_patch_of(old, new)
        if new is None:
            gone.append({"edit": name, "with": None})
        elif patch is None:
            (came if old is None else changed).append({"put": name, "with": new})
        else:
            changed.append({"edit": name, "with": patch})
    return iter((*came, *changed, *gone))


def rule_changes(before: Sequence[Rule], after: Sequence[Rule]) -> Iterator[Record]:
    """`drop_rule` and `add_rule` that make the rules of one moment into those of another."""
    old, new = {rule.id: rule for rule in before}, {rule.id: rule for rule in after}
    yield from ({"drop_rule": id} for id, rule in old.items() if new.get(id) is not rule)
    for id, rule in reversed(new.items()):
        if old.get(id) is not rule:
            yield {"add_rule": {"id": id, **rule.raw}}


def merge_patch_of(old: Record, new: Record) -> Record | None:
    """The merge patch that makes one record into another; None if there is none, since a null in it would remove."""
    patch: Record = {name: None for name in old if name not in new}
    for name, value in new.items():
        if name not in old or old[name] != value:
            inner = merge_patch_of(old[name], value) if _are_records(old.get(name), value) else None
            patch[name] = value if inner is None else inner
    return patch if merge_patch(old, patch) == new else None


def _are_records(one: Json, other: Json) -> bool:
    return isinstance(one, dict) and isinstance(other, dict)


def _record(state: State, kind: str, id: str) -> Record | None:
    row = state.tables[kind].get(id) if kind in state.tables else None
    return None if row is None else row.record
