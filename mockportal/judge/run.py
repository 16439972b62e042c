"""One run: the target is looked at, fuzzed, checked and walked through; the report says what came of it."""

import copy
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path

from mockportal import __version__
from mockportal.errors import UsageError
from mockportal.judge.checks.answer.answers import Check
from mockportal.judge.checks.answer.consistency import Sown, sense_of
from mockportal.judge.checks.answer.redirects import home_hosts, redirects_to
from mockportal.judge.checks.answer.secrets import secrets_stay_secret, tokens_stay_secret
from mockportal.judge.checks.registry import CHECKS, ActiveCheck
from mockportal.judge.context import Context
from mockportal.judge.fuzz import PHASES, Fuzzing, run_fuzzing, settle
from mockportal.judge.journeys import JOURNEYS
from mockportal.judge.ledger import Ledger
from mockportal.judge.model import Received, Report
from mockportal.judge.target.preflight import check_answers, is_populated, refused_tokens, untested
from mockportal.judge.target.profiles import Profile
from mockportal.judge.target.targets import Target
from mockportal.judge.target.write_journal import Journal, clean_up
from mockportal.judge.target.write_permissions import Allowance, check_tenants
from mockportal.judge.wire.gate import Blocked, Gate, Sender, Stopped, variable
from mockportal.judge.wire.transports import Transport
from mockportal.spec.operations import Operation
from mockportal.spec.overlay import Action, apply_overlay
from mockportal.spec.spec import Spec

Progress = Callable[[str, str], None]
Watch = Callable[[Received | None], None]
STAGES = (*PHASES, "checks", "journeys")
_FEWEST = 1
_ALWAYS = {"success_is_reached": CHECKS["success_is_reached"]}


@dataclass(frozen=True, slots=True)
class Plan:
    """What to judge, and how. `operations` None means all; `links` are overlay actions that add links for the
    stateful phase; `run` tells the worlds of this run from those of others; `journeys` None means all."""

    spec: Spec
    target: Target
    profile: Profile
    url: str
    seed: int = 1
    max_examples: int = 20
    stages: tuple[str, ...] = STAGES
    operations: frozenset[str] | None = None
    links: list[Action] = field(default_factory=list)
    run: str = ""
    journeys: frozenset[str] | None = None
    allow_untested: bool = False
    allowances: Mapping[str, Allowance] = field(default_factory=dict)
    journal: Path | None = None


def judge(
    plan: Plan, transport: Transport, progress: Progress, watch: Watch = lambda received: None
) -> Report:
    """`watch` sees every answer. Raises `UsageError` for a target that gives no answers, or stops giving any."""
    gate, sown = gate_of(plan, transport), Sown(plan.target.cases)
    gate.watchers.append(lambda exchange: watch(exchange.received))
    started = time.monotonic()
    idle = {*CHECKS, *JOURNEYS}

    def entered(stage: str, what: str) -> None:
        idle.discard(what)
        progress(stage, what)

    with Sender(gate) as sender:
        check_answers(sender, plan.spec, plan.target, plan.url)
        populated = is_populated(sender, plan.target)
        target = plan.target if populated else replace(plan.target, redirect_hosts=())
        hosts = home_hosts(sender, plan.spec, target, plan.url)
        ledger = Ledger([plan.spec.operations[name] for name in _chosen(plan)], _more(target, sown, hosts))
        context = _context(plan, sender, ledger, populated)
        reasons = untested(context) | refused_tokens(sender, plan.spec, plan.target, context.operations)
        gate.watchers += [sown.watch, ledger.watch]
        testable = frozenset(context.operations) - reasons.keys()
        problems = _run_cleanly(
            plan, transport, context, lambda: _run(plan, gate, ledger, context, testable, entered)
        )
    settle(ledger)
    for name, record in ledger.records.items():
        record.untested = reasons.get(name) or _unreached(record.cases, record.successes)
    if not plan.allow_untested:
        problems += _untested(ledger, gate)
    return Report(
        target=plan.url,
        profile=plan.profile.name,
        seed=plan.seed,
        phases=plan.stages,
        spec_sha256=plan.spec.sha256,
        versions=_versions(),
        operations=ledger.records,
        findings=ledger.findings,
        problems=problems,
        traffic=dict(sorted(gate.traffic.items())),
        idle=frozenset(idle),
        seconds=round(time.monotonic() - started, 1),
    )


def _run_cleanly(
    plan: Plan, transport: Transport, context: Context, run: Callable[[], list[str]]
) -> list[str]:
    """Runs with a journal where writes are allowed by a file, and removes what was made. Raises `UsageError` for a
    tenant that is not the one of the file."""
    if plan.journal is None:
        return run()
    check_tenants(context.sender, plan.target, plan.allowances.values())
    with Journal(plan.journal, plan.spec, plan.target, plan.allowances, plan.url) as journal:
        context.sender.gate.witness = journal
        try:
            problems = run()
        finally:
            rate = plan.profile.rate
            left = clean_up(plan.journal, plan.spec, plan.target, transport, plan.url, rate)
    return problems + [f"not cleaned up: {line}" for line in left]


def _more(target: Target, sown: Sown, hosts: set[str]) -> dict[str, Check]:
    """The checks of every answer that need to know the target."""
    return {
        "secrets_stay_secret": partial(secrets_stay_secret, given=sown.texts),
        "tokens_stay_secret": tokens_stay_secret(target.variables().values()),
        "redirects_stay_at_home": redirects_to(hosts, sown.domains, asked=not target.redirect_hosts),
        **sense_of(sown),
    }


def _chosen(plan: Plan) -> list[str]:
    return [name for name in plan.spec.operations if plan.operations is None or name in plan.operations]


def gate_of(plan: Plan, transport: Transport) -> Gate:
    """The door to the target of a plan."""
    target = plan.target
    swaps = {
        (operation.id, own): target.variable_of(operation)
        for operation in plan.spec.operations.values()
        if target.cases[operation.id].token
        for alternative in operation.security
        for own in map(variable, alternative)
    }
    return Gate(
        spec=plan.spec,
        transport=transport,
        limits=plan.profile.limits(plan.spec),
        tokens=target.variables(),
        isolation=target.isolation,
        run=plan.run,
        swaps=swaps,
    )


def _context(plan: Plan, sender: Sender, ledger: Ledger, populated: bool) -> Context:
    operations: Mapping[str, Operation] = {name: plan.spec.operations[name] for name in _chosen(plan)}
    return Context(
        spec=plan.spec,
        target=plan.target,
        sender=sender,
        ledger=ledger,
        operations=operations,
        check="",
        seed=plan.seed,
        writes=plan.profile.writes,
        populated=populated,
    )


def _run(
    plan: Plan, gate: Gate, ledger: Ledger, context: Context, testable: frozenset[str], progress: Progress
) -> list[str]:
    """Every stage of the plan, one after another; the answer is what kept it from being whole."""
    problems: list[str] = []
    try:
        _run_checks(context, testable, CHECKS if "checks" in plan.stages else _ALWAYS, progress)
        if "journeys" in plan.stages and context.writes:
            _run_journeys(plan, context, testable, progress)
        problem = _fuzz(plan, gate, ledger, testable, progress)
        if problem:
            problems.append(problem)
    except Stopped as stopped:
        problems.append(str(stopped))
    if gate.stopped.startswith("the target gave no answer"):
        raise UsageError(plan.url, gate.stopped)
    return problems


def _run_checks(
    context: Context, testable: frozenset[str], checks: Mapping[str, ActiveCheck], progress: Progress
) -> None:
    operations = {name: context.operations[name] for name in context.operations if name in testable}
    for name, check in checks.items():
        if (check.writes and not context.writes) or (check.populated and not context.populated):
            continue
        if check.stated and not context.trusted:
            continue
        progress("checks", name)
        with suppress(Blocked):  # it would have sent what the profile does not allow
            check.run(replace(context, check=name, operations=operations))


def _run_journeys(plan: Plan, context: Context, testable: frozenset[str], progress: Progress) -> None:
    operations = {name: context.operations[name] for name in context.operations if name in testable}
    for name, journey in JOURNEYS.items():
        if testable.issuperset(journey.operations) and (plan.journeys is None or name in plan.journeys):
            progress("journeys", name)
            with suppress(Blocked):
                journey.run(replace(context, check=name, operations=operations, layer="journeys"))


def _fuzz(plan: Plan, gate: Gate, ledger: Ledger, testable: frozenset[str], progress: Progress) -> str:
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
        schemes=tuple(scheme for scheme, token in plan.target.tokens.items() if token),
    )
    return run_fuzzing(plan.spec, document, gate, ledger, fuzzing, entered)


def _unreached(cases: int, successes: int) -> str:
    if cases < _FEWEST:
        return "no request was sent"
    return "" if successes else f"never reached with a success in {cases} requests"


def _untested(ledger: Ledger, gate: Gate) -> list[str]:
    """A line for each reason for which operations that may be called are untested."""
    by_reason: dict[str, list[str]] = {}
    for name, record in ledger.records.items():
        if record.untested and (gate.limits.allowed is None or name in gate.limits.allowed):
            by_reason.setdefault(record.untested, []).append(name)
    return [f"untested, {reason}: {', '.join(names)}" for reason, names in by_reason.items()]


def _versions() -> dict[str, str]:
    libraries = {name: version(name) for name in ("schemathesis", "hypothesis")}
    return {"mockportal": __version__, **libraries}
