"""A rule: the requests that it is for, when it fires, and what it then does."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mockportal.spec.spec import Spec
from mockportal.state.rules.actions import Action, action_of
from mockportal.state.rules.firing import Firing, firing_of
from mockportal.values import Json, Record


@dataclass(frozen=True, slots=True)
class Rule:
    """For requests of `operations` (empty: all) that meet the conditions `when`, each time that it fires.

    actions:   what it does, the first time first; the last one stays
    unchecked: True if its answers may break the contract
    raw:       the rule as it is written, with its tags resolved
    """

    id: str
    operations: frozenset[str]
    when: Mapping[str, Json]
    firing: Firing
    actions: tuple[Action, ...]
    unchecked: bool = False
    raw: Record = field(default_factory=dict)

    def action(self, fired: int) -> Action:
        """The action that is due when it has fired so often before."""
        return self.actions[min(fired, len(self.actions) - 1)]

    def concerns(self, operation: str) -> bool:
        return not self.operations or operation in self.operations


def rule_of(id: str, raw: Record, spec: Spec) -> Rule:
    """The rule that a checked entry describes; `id` is for one that names none. Raises `BadRule` for a bad duration or
    instant."""
    steps = raw.get("sequence")
    return Rule(
        id=raw.get("id", id),
        operations=_operations(raw, spec),
        when=raw.get("when", {}),
        firing=firing_of(raw),
        actions=(action_of(raw),) if steps is None else _steps(steps),
        unchecked=raw.get("unchecked", False),
        raw=raw,
    )


def _steps(steps: list[Record]) -> tuple[Action, ...]:
    return tuple(action_of(step, f"/sequence/{number}") for number, step in enumerate(steps))


def _operations(raw: Record, spec: Spec) -> frozenset[str]:
    named = raw.get("operation", [])
    listed = [] if named == "*" else [named] if isinstance(named, str) else named
    tags = {raw["tag"]} if isinstance(raw.get("tag"), str) else {*raw.get("tag", ())}
    return frozenset((*listed, *(one.id for one in spec.operations.values() if tags & {*one.tags})))
