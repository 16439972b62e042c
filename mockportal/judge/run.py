"""One run: the target is looked at, fuzzed, checked and walked through; the report says what came of it."""

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import Path

from mockportal.errors import UsageError
from mockportal.judge.checks.answer.consistency import SentValues
from mockportal.judge.checks.answer.redirects import home_hosts
from mockportal.judge.checks.answer.registry import NOTHING, Known, answer_checks, own_checks
from mockportal.judge.checks.registry import CHECKS
from mockportal.judge.context import Context, untested
from mockportal.judge.endings import ending, warning
from mockportal.judge.faults.blame import with_causes
from mockportal.judge.fuzz import CHECKS as FUZZING_CHECKS
from mockportal.judge.fuzz import drop_refuted
from mockportal.judge.journeys import JOURNEYS
from mockportal.judge.knowledge import knowledge
from mockportal.judge.ledger import Ledger
from mockportal.judge.model import OperationRecord, Received, Report
from mockportal.judge.plan import RunPlan, versions
from mockportal.judge.progress import NOTICE
from mockportal.judge.stages import Progress, run_stages
from mockportal.judge.target.advice import FATAL, missing, no_value, unreached
from mockportal.judge.target.callers import KnownCallers, known_callers, swaps_of
from mockportal.judge.target.preflight import check_answers, is_populated, refused_tokens
from mockportal.judge.target.write_journal import WriteJournal, clean_up
from mockportal.judge.target.write_permissions import check_tenants
from mockportal.judge.wire.gate import Gate, Stopped
from mockportal.judge.wire.sender import Sender
from mockportal.judge.wire.transports import HOME, Transport

# Every check and journey that a finding may come from.
CHECK_NAMES = frozenset((*answer_checks(NOTHING), *CHECKS, *JOURNEYS, *FUZZING_CHECKS))
Watch = Callable[[Received | None], None]
_NAMED = ("checks", "journeys")  # the stages that have parts with names of their own


def judge(
    plan: RunPlan, transport: Transport, progress: Progress, watch: Watch = lambda received: None
) -> Report:
    """The report on one run; `watch` sees every answer.

    Raises `UsageError` for a target that gives no answers, or stops giving any.
    """
    started = time.monotonic()
    gate = gate_of(plan, transport)
    gate.watchers.append(lambda exchange: watch(exchange.received))
    gate.halt = ending(plan, started)
    idle = {*CHECKS, *JOURNEYS}

    def entered(stage: str, what: str) -> None:
        idle.discard(what)
        context.ledger.within = f"{stage} {what if stage in _NAMED else ''}".strip()
        progress(stage, what)

    with Sender(gate) as sender:
        context, notes = first_look(plan, sender)
        gate.halt = ending(plan, started, context.ledger)
        reasons = _fatal(plan) | untested(context) | _refused(context)
        testable = {name: one for name, one in context.operations.items() if name not in reasons}
        context = replace(context, operations=testable)
        notes = (*notes, *_slow(plan, context, progress))
        problems = _run_cleanly(plan, transport, context, lambda: run_stages(plan, context, entered))
    problems += _concluded(plan, context, reasons)
    report = _report(plan, context.ledger, problems, (*notes, *_left_out(plan, context.ledger, idle)), gate)
    report.idle, report.seconds = frozenset(idle), round(time.monotonic() - started, 1)
    return report


def _concluded(plan: RunPlan, context: Context, reasons: Mapping[str, str]) -> list[str]:
    """Settles why operations have no verdict, at the end of all stages; a line for each reason that fails the run."""
    ledger, gate = context.ledger, context.sender.gate
    drop_refuted(ledger, known=context.populated)
    for name, record in ledger.records.items():
        record.untested = reasons.get(name) or _unreached(context, record, gate.stopped)
    failed = [plan.hooks.failed[name] for name in plan.hooks.checks if name in plan.hooks.failed]
    return failed if plan.allow_untested else failed + _untested(ledger, gate)


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
    checks = answer_checks(Known.of(target, sent, hosts)) | own_checks(plan.hooks)
    ledger = Ledger(operations.values(), checks)
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
        home=plan.url if "://" in plan.url else HOME,
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
        findings=sorted(
            with_causes(ledger.booked, ledger.wrongs),
            key=lambda one: (one.operation, one.check, one.signature),
        ),
        problems=problems,
        notes=[*plan.notes, *notes, *_left_alone(gate)],
        traffic=dict(sorted(gate.traffic.items())),
        interrupted=bool(plan.interrupted()),
        isolation=plan.target.isolation,
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
        limits=replace(
            plan.profile.limits(plan.spec, target.side_effects),
            never=_never(plan),
            silence=plan.operation_time,
        ),
        tokens=target.variables(),
        isolation=target.isolation,
        run=plan.run,
        swaps=swaps_of(plan.spec, target),
        proofs={} if plan.is_shared else None,
    )


def _slow(plan: RunPlan, context: Context, progress: Progress) -> list[str]:
    """A warning that the run is going to be long, which is told at once."""
    gate = context.sender.gate
    told = warning(plan, len(context.operations), gate.waited / max(gate.traffic["sent"], 1))
    if told:
        progress(NOTICE, told)
    return [told] if told else []


def _left_out(plan: RunPlan, ledger: Ledger, idle: Collection[str]) -> list[str]:
    """A line for each reason why checks had nothing to look at, unless only some operations were to be judged."""
    by_reason: dict[str, list[str]] = {}
    for name, reason in ledger.left_out.items() if plan.operations is None else ():
        if name in idle:
            by_reason.setdefault(reason, []).append(name)
    return [f"left out, as {reason}: {', '.join(names)}" for reason, names in by_reason.items()]


def _left_alone(gate: Gate) -> list[str]:
    return [
        f"{name} gave no answer for {seconds:.0f} seconds, so it was left alone (--operation-time)"
        for name, seconds in gate.silent.items()
        if seconds >= gate.limits.silence
    ]


def _refused(context: Context) -> dict[str, str]:
    return refused_tokens(context.sender, context.spec, context.target, context.operations)


def _fatal(plan: RunPlan) -> dict[str, str]:
    names = _never(plan) & plan.chosen().keys()
    return dict.fromkeys(names, FATAL)


def _never(plan: RunPlan) -> frozenset[str]:
    return frozenset(knowledge("standing")["fatal"] if plan.is_shared else ())


def _unreached(context: Context, record: OperationRecord, stopped: str) -> str:
    operation, case = context.spec.operations[record.id], context.case(record.id)
    lacking = missing(operation, case.params)
    if lacking and not record.successes:
        return no_value(lacking)
    if stopped and not record.successes:
        return f"the run ended before: {stopped}"
    return unreached(operation, case, context.ledger.valid.get(record.id), record)


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
    most = sorted(by_reason.items(), key=lambda entry: -len(entry[1]))
    return [f"untested, {reason}: {', '.join(names)}" for reason, names in most]
