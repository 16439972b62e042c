"""One comparison: both targets are looked at, the same cases are played at them, and the report says what differs."""

import time
from collections.abc import Callable, Mapping

from mockportal.errors import UsageError
from mockportal.judge.drift.accepted import accept_drifts
from mockportal.judge.drift.comparison.comparing import judged
from mockportal.judge.drift.generated import Generator
from mockportal.judge.drift.model import DriftPlan, DriftReport, Side
from mockportal.judge.drift.pairing import Ids
from mockportal.judge.drift.playing import Players, in_order, reason_not_callable
from mockportal.judge.drift.suggestions.suggesting import suggestion
from mockportal.judge.plan import versions
from mockportal.judge.target.preflight import check_answers, is_populated, refused_tokens
from mockportal.judge.wire.gate import Gate, Stopped
from mockportal.judge.wire.sender import Sender
from mockportal.judge.wire.transports import Transport
from mockportal.spec.operations import Operation

# (stage, what in it)
Progress = Callable[[str, str], None]
_SIDES = ("LEFT", "RIGHT")


def compare_targets(plan: DriftPlan, left: Transport, right: Transport, progress: Progress) -> DriftReport:
    """Raises `UsageError` for a target that cannot be compared: it gives no answers, or stops giving any."""
    started = time.monotonic()
    generator = Generator(plan.spec, plan.seed)
    with (
        Sender(_gate(plan, plan.left, left, "left")) as one,
        Sender(_gate(plan, plan.right, right, "right")) as other,
    ):
        players = Players(plan, one, other, generator, Ids())
        players.ids.pair_cases(plan.left.target.cases, plan.right.target.cases)
        for side, sender in ((plan.left, one), (plan.right, other)):
            check_answers(sender, plan.spec, side.target, side.name)
        report = DriftReport(plan.left, plan.right, plan.seed, plan.spec.sha256, versions())
        report.same_data = plan.left.target.cases == plan.right.target.cases and all(
            is_populated(sender, plan.left.target) for sender in (one, other)
        )
        report.untested = _untested(plan, one, other)
        _play(players, report, progress)
        report.traffic = {
            name: dict(sorted(sender.gate.traffic.items()))
            for name, sender in (("left", one), ("right", other))
        }
    _judge(plan, players, report)
    report.seconds = round(time.monotonic() - started, 1)
    return report


def _gate(plan: DriftPlan, side: Side, transport: Transport, name: str) -> Gate:
    """Each side has worlds of its own, as both may be the same target."""
    return Gate(
        spec=plan.spec,
        transport=transport,
        limits=side.profile.limits(plan.spec, side.target.side_effects),
        tokens=side.target.variables(),
        isolation=side.target.isolation,
        run=f"{name}-{plan.run}" if plan.run else name,
        halt=plan.interrupted,
    )


def _chosen(plan: DriftPlan) -> Mapping[str, Operation]:
    return {
        name: operation
        for name, operation in plan.spec.operations.items()
        if plan.operations is None or name in plan.operations
    }


def _untested(plan: DriftPlan, one: Sender, other: Sender) -> dict[str, str]:
    """`{operation: reason}` for operations that are not played: one that cannot be called at one side is called at
    neither."""
    chosen = _chosen(plan)
    found: dict[str, str] = {}
    for label, side, sender in zip(_SIDES, (plan.left, plan.right), (one, other), strict=True):
        allowed = sender.gate.limits.allowed
        reasons = {name: reason_not_callable(side, operation, allowed) for name, operation in chosen.items()}
        reasons |= refused_tokens(sender, plan.spec, side.target, _called(chosen, reasons))
        found = {name: f"{label}: {reason}" for name, reason in reasons.items() if reason} | found
    return found


def _called(chosen: Mapping[str, Operation], reasons: Mapping[str, str]) -> dict[str, Operation]:
    return {name: operation for name, operation in chosen.items() if not reasons[name]}


def _play(players: Players, report: DriftReport, progress: Progress) -> None:
    """Raises `UsageError` if a target is gone."""
    plan = players.plan
    playable = [one for name, one in _chosen(plan).items() if name not in report.untested]
    ordered = in_order(playable, plan)
    reads = [operation for operation in ordered if plan.is_read(operation)]
    stages = (
        ("reads", reads, players.play),
        ("details", reads, players.follow),
        ("writes", [operation for operation in ordered if not plan.is_read(operation)], players.play),
    )
    try:
        for stage, operations, act in stages:
            for operation in operations:
                progress(stage, operation.id)
                act(operation)
    except Stopped as stopped:
        for side, sender in ((plan.left, players.left), (plan.right, players.right)):
            if sender.gate.stopped.startswith("the target gave no answer"):
                raise UsageError(side.name, sender.gate.stopped) from None
        report.problems.append(str(stopped))
        for operation in playable:
            if operation.id not in players.pairs:
                report.untested[operation.id] = str(stopped)


def _judge(plan: DriftPlan, players: Players, report: DriftReport) -> None:
    drifts = []
    for name, pairs in players.pairs.items():
        found = judged(plan.spec, plan.spec.operations[name], pairs, report.same_data)
        report.compared[name] = len(pairs)
        report.noise += found.noise
        drifts += found.drifts
    drifts.sort(key=lambda one: (one.rank, one.operation, one.status, one.pointer, one.kind))
    report.findings, report.known, problems = accept_drifts(
        drifts, plan.accepted, plan.today, report.compared
    )
    if not report.compared:
        problems.append("no operation was compared")
    report.problems += problems
    report.ids = len(players.ids.partner)
    report.suggestions = {drift.id: suggestion(plan, drift) for drift in report.findings}
