"""One run: the target is looked at, fuzzed, checked and walked through; the report says what came of it."""

import copy
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from mockportal.errors import UsageError
from mockportal.judge.checks.answer.consistency import SentValues
from mockportal.judge.checks.answer.redirects import home_hosts
from mockportal.judge.checks.answer.registry import NOTHING, Known, answer_checks
from mockportal.judge.checks.registry import CHECKS, ActiveCheck
from mockportal.judge.context import Context, untested
from mockportal.judge.endings import ending
from mockportal.judge.fuzz import CHECKS as FUZZING_CHECKS
from mockportal.judge.fuzz import Fuzzing, drop_refuted, run_fuzzing
from mockportal.judge.journeys import JOURNEYS
from mockportal.judge.ledger import Ledger
from mockportal.judge.model import OperationRecord, Received, Report
from mockportal.judge.plan import RunPlan, versions
from mockportal.judge.target.callers import KnownCallers, known_callers, swaps_of
from mockportal.judge.target.preflight import check_answers, is_populated, refused_tokens
from mockportal.judge.target.profiles import PHASES
from mockportal.judge.target.write_journal import WriteJournal, clean_up
from mockportal.judge.target.write_permissions import check_tenants
from mockportal.judge.wire.gate import Blocked, Gate, Sender, Stopped
from mockportal.judge.wire.transports import Transport
from mockportal.spec.overlay import apply_overlay

Progress = Callable[[str, str], None]
# Every check and journey that a finding may come from.
CHECK_NAMES = frozenset((*answer_checks(NOTHING), *CHECKS, *JOURNEYS, *FUZZING_CHECKS))
Watch = Callable[[Received | None], None]
_NAMED = ("checks", "journeys")  # the stages that have parts with names of their own
_ALWAYS = {"success_is_reached": CHECKS["success_is_reached"]}


def judge(
    plan: RunPlan, transport: Transport, progress: Progress, watch: Watch = lambda received: None
) -> Report:
    """The report on one run; `watch` sees every answer.

    Raises `UsageError` for a target that gives no answers, or stops giving any.
    """
    started = time.monotonic()
    gate = gate_of(plan, transport)
    gate.halt = ending(plan, started)
    gate.watchers.append(lambda exchange: watch(exchange.received))
    idle = {*CHECKS, *JOURNEYS}

    def entered(stage: str, what: str) -> None:
        idle.discard(what)
        context.ledger.within = f"{stage} {what if stage in _NAMED else ''}".strip()
        progress(stage, what)

    with Sender(gate) as sender:
        context, notes = first_look(plan, sender)
        gate.halt = ending(plan, started, context.ledger)
        reasons = untested(context) | refused_tokens(sender, plan.spec, context.target, context.operations)
        testable = {name: one for name, one in context.operations.items() if name not in reasons}
        context = replace(context, operations=testable)
        problems = _run_cleanly(plan, transport, context, lambda: _run(plan, context, entered))
    problems += _concluded(plan, context.ledger, gate, reasons)
    report = _report(plan, context.ledger, problems, notes, gate)
    report.idle, report.seconds = frozenset(idle), round(time.monotonic() - started, 1)
    return report


def _concluded(plan: RunPlan, ledger: Ledger, gate: Gate, reasons: Mapping[str, str]) -> list[str]:
    """Settles why operations have no verdict, at the end of all stages; a line for each reason that fails the run."""
    drop_refuted(ledger)
    for name, record in ledger.records.items():
        record.untested = reasons.get(name) or _unreached(record, gate.stopped)
    return [] if plan.allow_untested else _untested(ledger, gate)


def first_look(plan: RunPlan, sender: Sender) -> tuple[Context, tuple[str, ...]]:
    """The context of all checks, after a first look at the target, and notes. From here on all answers are judged."""
    try:
        check_answers(sender, plan.spec, plan.target, plan.url)
        callers, populated = settle_callers(plan, sender)
    except Stopped as stopped:
        raise UsageError(plan.url, str(stopped)) from None
    sent, target = SentValues(callers.target.cases), callers.target
    hosts = home_hosts(
        sender, plan.spec, target if populated else replace(target, redirect_hosts=()), plan.url
    )
    operations = plan.chosen()
    ledger = Ledger(operations.values(), answer_checks(Known.of(target, sent, hosts)))
    sender.gate.watchers += [sent.watch, ledger.watch]
    context = Context(
        spec=plan.spec,
        target=target,
        sender=sender,
        ledger=ledger,
        operations=operations,
        check="",
        seed=plan.seed,
        writes=plan.profile.writes,
        populated=populated and callers.known,
        callers_known=callers.known,
    )
    return context, callers.notes


def settle_callers(plan: RunPlan, sender: Sender) -> tuple[KnownCallers, bool]:
    """The callers from here on, which the gate then knows, and whether the data of the targets file are there."""
    target, gate = plan.target, sender.gate
    populated = is_populated(sender, target)
    callers = KnownCallers(target)
    if populated or not target.identity:
        callers = known_callers(sender, plan.spec, target, may_ask=plan.journal is None)
    gate.tokens, gate.swaps = callers.target.variables(), swaps_of(plan.spec, callers.target)
    return callers, populated


def _report(plan: RunPlan, ledger: Ledger, problems: list[str], notes: tuple[str, ...], gate: Gate) -> Report:
    return Report(
        target=plan.url,
        profile=plan.profile.name,
        seed=plan.seed,
        phases=plan.stages,
        spec_sha256=plan.spec.sha256,
        versions=versions(),
        operations=ledger.records,
        findings=ledger.findings,
        problems=problems,
        notes=list(notes),
        traffic=dict(sorted(gate.traffic.items())),
        interrupted=bool(plan.interrupted()),
    )


def _run_cleanly(
    plan: RunPlan, transport: Transport, context: Context, run: Callable[[], list[str]]
) -> list[str]:
    """Runs with a journal where writes are allowed by a file, and removes what was made. Raises `UsageError` for a
    tenant that is not the one of the file."""
    if plan.journal is None:
        return run()
    check_tenants(context.sender, plan.target, plan.permissions.values())
    with WriteJournal(plan.journal, plan.spec, plan.target, plan.permissions, plan.url) as journal:
        context.sender.gate.witness = journal
        try:
            problems = run()
        finally:
            left = _left(plan, plan.journal, transport)
    return problems + [f"not cleaned up: {line}" for line in left]


def _left(plan: RunPlan, journal: Path, transport: Transport) -> list[str]:
    """The things that could not be removed, a line each."""
    try:
        return clean_up(journal, plan.spec, plan.target, transport, plan.url, plan.profile.rate)
    except KeyboardInterrupt:
        return [f"{plan.interrupted()}; the rest is removed by --cleanup {journal}"]


def gate_of(plan: RunPlan, transport: Transport) -> Gate:
    """The door to the target of a plan."""
    target = plan.target
    return Gate(
        spec=plan.spec,
        transport=transport,
        limits=plan.profile.limits(plan.spec, target.side_effects),
        tokens=target.variables(),
        isolation=target.isolation,
        run=plan.run,
        swaps=swaps_of(plan.spec, target),
    )


def _run(plan: RunPlan, context: Context, progress: Progress) -> list[str]:
    """Every stage of the plan, one after another; the answer is what kept it from being whole."""
    problems: list[str] = []
    try:
        _run_checks(context, _checks(plan), progress)
        if "journeys" in plan.stages and context.writes:
            _run_journeys(plan, context, progress)
        problems += filter(None, [_fuzz(plan, context, progress)])
    except (Stopped, KeyboardInterrupt) as stopped:
        problems.append(plan.interrupted() or str(stopped))
    gate = context.sender.gate
    if gate.stopped.startswith("the target gave no answer"):
        raise UsageError(plan.url, gate.stopped)
    return problems


def _checks(plan: RunPlan) -> Mapping[str, ActiveCheck]:
    wanted = CHECKS if "checks" in plan.stages else {}
    return _ALWAYS | {name: one for name, one in wanted.items() if plan.only is None or name in plan.only}


def _run_checks(context: Context, checks: Mapping[str, ActiveCheck], progress: Progress) -> None:
    for name, check in checks.items():
        if (check.writes and not context.writes) or (check.populated and not context.populated):
            continue
        if check.stated and not context.trusted:
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


def _unreached(record: OperationRecord, stopped: str) -> str:
    if record.successes:
        return ""
    if stopped:
        return f"the run ended before: {stopped}"
    return (
        f"never reached with a success in {record.cases} requests" if record.cases else "no request was sent"
    )


def _untested(ledger: Ledger, gate: Gate) -> list[str]:
    """A line for each reason for which operations that may be called are untested."""
    by_reason: dict[str, list[str]] = {}
    for name, record in ledger.records.items():
        if (
            record.untested
            and not gate.stopped
            and (gate.limits.allowed is None or name in gate.limits.allowed)
        ):
            by_reason.setdefault(record.untested, []).append(name)
    return [f"untested, {reason}: {', '.join(names)}" for reason, names in by_reason.items()]
