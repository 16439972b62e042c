"""The same cases at both targets, in step: whatever changes the state of one changes that of the other."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from mockportal.judge.drift.cases import Twins, adapted, base, followed, variations
from mockportal.judge.drift.comparison.comparing import differ
from mockportal.judge.drift.generated import Generator
from mockportal.judge.drift.model import Asked, DriftPlan, Pair, Side
from mockportal.judge.drift.pairing import Ids
from mockportal.judge.knowledge import knowledge
from mockportal.judge.model import Interaction, json_body
from mockportal.judge.target.advice import FATAL, no_token, no_value
from mockportal.judge.wire.sender import Sender
from mockportal.spec.operations import Operation
from mockportal.spec.spelling import unnamed_in_path

_TOGETHER = "drift"


@dataclass(slots=True)
class Players:
    """Both targets, and what has been learned of them: pairs of ids, and the exchanges of each operation."""

    plan: DriftPlan
    left: Sender
    right: Sender
    generator: Generator
    ids: Ids
    pairs: dict[str, list[Pair]] = field(default_factory=dict)

    def play(self, operation: Operation) -> None:
        """Plays every case of an operation. Raises `Stopped`."""
        first, *rest = self._cases(operation)
        self._exchange(operation, first, repeat=True)
        for twins in rest:
            self._exchange(operation, twins, repeat=False)

    def follow(self, operation: Operation) -> None:
        """Plays an operation with ids found in lists. Raises `Stopped`."""
        twins = self._own(operation)
        for other in followed(twins, self.ids, f"{self.plan.seed} {operation.id}", self.plan.max_examples):
            self._exchange(operation, other, repeat=False)

    def _own(self, operation: Operation) -> Twins:
        targets = self.plan.left.target, self.plan.right.target
        return base(targets[0].cases[operation.id], targets[1].cases[operation.id], self.ids)

    def _cases(self, operation: Operation) -> Iterator[Twins]:
        targets = self.plan.left.target, self.plan.right.target
        own, most = self._own(operation), self.plan.max_examples
        yield own
        yield from variations(self.plan.spec, operation, own, targets, self.plan.seed, most)
        for made in self.generator.cases(operation, most):
            yield adapted(made, own, targets, self.ids)

    def _exchange(self, operation: Operation, twins: Twins, repeat: bool) -> None:
        """A read that shows a difference is repeated, so that a target which differs from itself is found out."""
        left, right = self._both(operation, twins)
        pair = Pair(left, right)
        if self.plan.is_read(operation):
            if repeat or differ(self.plan.spec, operation, pair):
                pair = Pair(left, right, self._both(operation, twins))
            if left.status == right.status and left.status < 300:
                self.ids.learn(operation.id, json_body(left.received), json_body(right.received))
        self.pairs.setdefault(operation.id, []).append(pair)

    def _both(self, operation: Operation, twins: Twins) -> tuple[Interaction, Interaction]:
        return (
            self._send(self.left, self.plan.left, operation, twins[0]),
            self._send(self.right, self.plan.right, operation, twins[1]),
        )

    def _send(self, sender: Sender, side: Side, operation: Operation, asked: Asked) -> Interaction:
        token = side.target.variable_of(operation)
        world = self._world(operation)
        return sender.call(operation.id, asked.params, asked.body, token, world, asked.media_type)

    def _world(self, operation: Operation) -> str:
        """Reads share a world, every other operation has its own; without worlds at one side there is one for all."""
        if not (self.plan.left.target.isolation and self.plan.right.target.isolation):
            return _TOGETHER
        return "reads" if self.plan.is_read(operation) else operation.id


def in_order(operations: Iterable[Operation], plan: DriftPlan) -> list[Operation]:
    """Reads first; what takes away the account comes last."""
    apart = plan.left.target.apart | plan.right.target.apart
    return sorted(operations, key=lambda one: (one.id in apart, not plan.is_read(one)))


def reason_not_callable(side: Side, operation: Operation, allowed: frozenset[str] | None) -> str:
    """The reason why an operation cannot be called at a side, or ""."""
    if allowed is not None and operation.id not in allowed:
        return f"{operation.method} is not allowed by the profile {side.profile.name}"
    if not side.target.isolation and operation.id in knowledge("standing")["fatal"]:
        return FATAL
    case = side.target.cases[operation.id]
    if operation.security and not case.token:
        return no_token(operation)
    lacking = unnamed_in_path(operation, case.params)
    return no_value(lacking) if lacking else ""
