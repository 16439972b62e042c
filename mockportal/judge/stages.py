"""The stages of a run: checks, journeys and the phases of schemathesis, in an order that does no harm."""

import copy
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace

from mockportal.errors import UsageError
from mockportal.judge.checks.registry import CHECKS, ActiveCheck
from mockportal.judge.context import Context
from mockportal.judge.fuzz import Fuzzing, run_fuzzing
from mockportal.judge.journeys import JOURNEYS
from mockportal.judge.knowledge import knowledge
from mockportal.judge.plan import RunPlan
from mockportal.judge.target.profiles import PHASES
from mockportal.judge.wire.gate import Blocked, Stopped
from mockportal.spec.overlay import apply_overlay

Progress = Callable[[str, str], None]
_ALWAYS = {"success_is_reached": CHECKS["success_is_reached"]}


def sizes(plan: RunPlan) -> dict[str, int]:
    """The number of things in each stage of a plan, in the order in which they are run."""
    parts = {"checks": len(CHECKS), "journeys": len(JOURNEYS), **dict.fromkeys(PHASES, len(plan.chosen()))}
    parts["stateful"] = 1  # it has no part with a name
    return {stage: size for stage, size in parts.items() if stage in plan.stages or stage == "checks"}


def run_stages(plan: RunPlan, context: Context, progress: Progress) -> list[str]:
    """Runs every stage of the plan; the answer is what kept it from being whole.

    Raises `UsageError` for a target that is gone.
    """
    problems: list[str] = []
    limits = context.sender.gate.limits
    try:
        for one in _passes(plan, context):
            problems += _run(plan, one, progress)
    except (Stopped, KeyboardInterrupt) as stopped:
        problems.append(plan.interrupted() or str(stopped))
    gate = context.sender.gate
    gate.limits = limits
    if gate.stopped.startswith("the target gave no answer"):
        raise UsageError(plan.url, gate.stopped)
    return [*dict.fromkeys(problems)]


def _passes(plan: RunPlan, context: Context) -> Iterator[Context]:
    """One pass in worlds of their own. Without worlds everything is read before anything is written, then nothing is
    known of the data any more, and operations that change the account come last, one after the other."""
    if not plan.is_shared:
        yield context
        return
    gate = context.sender.gate
    everything = gate.limits
    reading = frozenset(
        name for name, one in context.operations.items()
        if one.method == "GET" and name not in context.target.side_effects
    )  # fmt: skip
    gate.limits = replace(everything, allowed=reading)
    yield replace(context, writes=False)
    gate.limits = everything
    known = knowledge("standing")["last"]
    apart = dict.fromkeys([*sorted(context.target.apart - {*known}), *known])
    last = [name for name in apart if name in context.operations]
    deleting = {name for name, one in context.operations.items() if one.method == "DELETE"} - {*last}
    others = context.operations.keys() - {*last} - deleting
    for names in (others, deleting, *({name} for name in last)):
        operations = {name: one for name, one in context.operations.items() if name in names}
        yield replace(context, operations=operations, populated=False, callers_known=False)


def _run(plan: RunPlan, context: Context, progress: Progress) -> list[str]:
    gate = context.sender.gate
    _run_checks(context, _checks(plan, context), progress)
    if plan.is_shared and not context.writes:
        return []
    if "journeys" in plan.stages and context.writes:
        _run_journeys(plan, context, progress)
    if gate.stopped:
        raise Stopped(gate.stopped)
    return [problem for problem in (_fuzz(plan, context, progress),) if problem]


def _checks(plan: RunPlan, context: Context) -> Mapping[str, ActiveCheck]:
    """The checks of a pass: those that only read are not run again in one that writes."""
    wanted = CHECKS if "checks" in plan.stages else {}
    again = plan.is_shared and context.writes
    return _ALWAYS | {
        name: one for name, one in wanted.items()
        if (plan.only is None or name in plan.only) and (one.writes or not again)
    }  # fmt: skip


def _run_checks(context: Context, checks: Mapping[str, ActiveCheck], progress: Progress) -> None:
    for name, check in checks.items():
        if (check.writes and not context.writes) or (check.populated and not context.populated):
            continue
        if check.stated and not context.trusted:
            continue
        lacking = check.lacks(context)
        if lacking:
            context.ledger.left_out.setdefault(name, lacking)
            continue
        progress("checks", name)
        with suppress(Blocked):  # it would have sent what the profile does not allow
            check.run(replace(context, check=name))


def _run_journeys(plan: RunPlan, context: Context, progress: Progress) -> None:
    for name, journey in JOURNEYS.items():
        walkable = context.operations.keys() >= {*journey.operations}
        if walkable and (plan.only is None or name in plan.only):
            progress("journeys", name)
            with suppress(Blocked):
                journey.run(replace(context, check=name, layer="journeys"))


def _fuzz(plan: RunPlan, context: Context, progress: Progress) -> str:
    gate, testable = context.sender.gate, context.operations
    phases = tuple(phase for phase in PHASES if phase in plan.stages and phase in plan.profile.phases)
    if not phases or not testable:
        return ""
    stage = [""]

    def entered(phase: str, what: str) -> None:
        stage[0] = phase
        progress(phase, what)

    def world(operation: str) -> str:
        together = stage[0] == "stateful" and operation not in plan.target.apart
        return "stateful" if together else operation or "none"

    gate.world = world
    document = copy.deepcopy(plan.spec.document)
    apply_overlay(document, plan.links, "links")
    fuzzing = Fuzzing(
        phases=phases,
        seed=plan.seed,
        max_examples=plan.max_examples,
        positive=plan.profile.positive,
        operations=None if len(testable) == len(plan.spec.operations) else tuple(sorted(testable)),
        schemes=tuple(scheme for scheme, token in context.target.tokens.items() if token),
    )
    return run_fuzzing(plan.spec, document, gate, context.ledger, fuzzing, entered)
