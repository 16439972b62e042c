"""`mockportal contract`: judges a target, plays a finding of a report again, or removes what an earlier run left."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from mockportal.commands.interruption import interruptible
from mockportal.commands.judging.changed import changed_operations, told
from mockportal.commands.judging.finishing import finish, write_recording
from mockportal.commands.judging.options import Output, RunOptions, TargetOptions
from mockportal.commands.judging.target import (
    IN_PROCESS,
    ReachedTarget,
    chosen,
    reach,
    reach_address,
)
from mockportal.commands.output import say, warn
from mockportal.config import content
from mockportal.engine.api import load_api
from mockportal.errors import UsageError
from mockportal.files.writing import check_writable
from mockportal.judge.deviations import accept, deviations_text, identity_of, load_deviations
from mockportal.judge.hooks.loading import Hooks, load_hooks
from mockportal.judge.model import KnownFinding, Received, Report
from mockportal.judge.plan import STAGES, RunPlan
from mockportal.judge.progress import shown
from mockportal.judge.reports import Redactor
from mockportal.judge.reports.machines.recording import RunRecording
from mockportal.judge.run import CHECK_NAMES, judge
from mockportal.judge.stages import sizes
from mockportal.judge.target.write_journal import address_of, clean_up
from mockportal.judge.target.write_permissions import WritePermission, load_write_permissions
from mockportal.judge.wire.transports import Transport
from mockportal.mock import load_mock_spec
from mockportal.spec.overlay import load_overlay
from mockportal.spec.spec import Spec

Progress = Callable[[str, str], None]


def prepared(options: TargetOptions, report: Path | None = None) -> tuple[RunPlan, Transport]:
    """The target to judge, and the connection to it; writes are noted in the folder `report`.

    Raises `MockportalError`."""
    reached = reach(options)
    permissions = _permissions(options, reached)
    hooks = hooks_of(options)
    profile, target = reached.profile, reached.target
    if permissions:
        profile = replace(profile, allowed=frozenset(permissions))
        target = replace(target, isolation="")
    operations, notes = _operations(options, reached.spec)
    plan = RunPlan(
        spec=reached.spec,
        target=target,
        profile=profile,
        url=options.url or IN_PROCESS,
        operations=operations,
        links=load_overlay(content("links.yaml")) if options.setup.spec is None else [],
        run=reached.run,
        permissions=permissions,
        notes=(*reached.notes, *notes),
        secrets=reached.access.secrets,
        hooks=hooks,
        journal=(report or Path()) / "mockportal-writes.jsonl" if permissions else None,
    )
    return plan, hooks.around(reached.transport)


def hooks_of(options: TargetOptions) -> Hooks:
    """The hooks of a file, or none. Raises `UsageError`."""
    return load_hooks(options.hooks, CHECK_NAMES) if options.hooks is not None else Hooks()


def _operations(options: TargetOptions, spec: Spec) -> tuple[frozenset[str] | None, tuple[str, ...]]:
    """The operations to judge, None for all, and a note if that are those that have changed."""
    names = chosen(options.operations, spec)
    if options.changed_since is None:
        return names, ()
    touched = changed_operations(options.setup, options.changed_since) & {*spec.operations}
    note = told(touched, options.changed_since)
    return touched if names is None else names & touched, (note,)


def judged(
    options: TargetOptions,
    plan: RunPlan,
    transport: Transport,
    progress: Progress,
    deviations: Path | None = None,
    watch: Callable[[Received | None], None] = lambda received: None,
) -> Report:
    """The report on a plan, without the findings that the deviations accept. `watch` sees every answer.

    Raises `MockportalError` for deviations that cannot be used, and for a target that cannot be judged.
    """
    path = deviations or _known_of_the_mock(options)
    entries = (
        load_deviations(path, plan.spec.operations, CHECK_NAMES | plan.hooks.checks.keys()) if path else []
    )
    started = datetime.now(UTC)
    lasting = [one for one in entries if one.expires >= started.date()]
    plan = replace(plan, is_known=lambda finding: any(one.accepts(identity_of(finding)) for one in lasting))
    report = judge(plan, transport, progress, watch)
    tested = [name for name, record in report.operations.items() if not record.untested]
    report.findings, known, stale = accept(
        report.findings, identity_of, entries, started.date(), tested, report.idle
    )
    report.known = [
        KnownFinding(one, entry.reason, entry.owner, entry.expires.isoformat()) for one, entry in known
    ]
    report.problems += stale
    report.started = started.isoformat(timespec="seconds")
    return report


def contract(options: TargetOptions, extent: RunOptions, output: Output) -> int:
    """Judges a target. 0 if it conforms, 1 if it violates its contract, 130 or 143 if a signal ended the run.

    Raises `MockportalError`.
    """
    _check_places(extent, output)
    with interruptible() as interruption:
        plan, transport = prepared(options, output.report)
        if plan.operations == frozenset():
            warn(plan.notes[-1])
            return 0
        plan = planned(plan, extent, interruption.reason)
        recording = RunRecording()
        transport = recording.around(transport) if output.har is not None else transport
        redactor = Redactor(plan.target.variables().values())
        try:
            with shown(sizes(plan)) as progress:
                report = judged(options, plan, transport, progress, extent.deviations, redactor.learn)
        except UsageError as error:
            if not interruption.number:
                raise
            warn(f"mockportal: {error}")
            return interruption.code(1)
        report.arguments = extent.arguments
        redactor.hide(plan.secrets())
        _write_deviations(extent.write_deviations, report, redactor)
        write_recording(output.har, recording, report, redactor, options.url)
        finish(report, redactor, options, output, plan.hooks)
        return interruption.code(0 if report.verdict == "conforms" else 1)


def planned(plan: RunPlan, extent: RunOptions, interrupted: Callable[[], str] = str) -> RunPlan:
    """The plan of a run of this extent, which ends when `interrupted` has a reason."""
    return replace(
        plan,
        seed=extent.seed,
        max_examples=extent.max_examples,
        stages=extent.stages or STAGES,
        allow_untested=extent.allow_untested,
        max_time=extent.max_time,
        max_failures=extent.max_failures,
        operation_time=extent.operation_time,
        interrupted=interrupted,
    )


def _check_places(extent: RunOptions, output: Output) -> None:
    """Raises `UsageError` if what comes of the run could not be written at its end."""
    if output.report is not None:
        check_writable(output.report)
    if extent.write_deviations is not None and extent.write_deviations.exists():
        raise UsageError(f"--write-deviations {extent.write_deviations}", "is there already")
    for flag, path in (("--write-deviations", extent.write_deviations), ("--har", output.har)):
        if path is not None and not path.parent.is_dir():
            raise UsageError(f"{flag} {path}", "is in a folder that does not exist")


def remove_leftovers(options: TargetOptions, journal: Path) -> int:
    """Removes what an earlier run noted in its journal. 1 if something is left. Raises `MockportalError`."""
    url = options.url or address_of(journal)
    spec = load_mock_spec(options.setup)
    api = load_api(options.setup.package, spec)
    reached = reach_address(replace(options, url=url), spec, api, None)
    transport = hooks_of(options).around(reached.transport)
    left = clean_up(journal, spec, replace(reached.target, isolation=""), transport, url)
    for line in left:
        say(f"not cleaned up: {line}")
    say(f"{len(left)} things are left" if left else "nothing is left")
    return 1 if left else 0


def _permissions(options: TargetOptions, reached: ReachedTarget) -> dict[str, WritePermission]:
    """The permitted writes: those of the file for `remote-write`, and none for the others. Raises `UsageError`."""
    if (reached.profile.name == "remote-write") != (options.allow_writes is not None):
        raise UsageError("--profile remote-write", "and --allow-writes FILE go together")
    if options.allow_writes is None:
        return {}
    return load_write_permissions(options.allow_writes, reached.spec, reached.api.side_effects)


def _known_of_the_mock(options: TargetOptions) -> Path | None:
    """The shipped deviations, for the mock in this process with the shipped document."""
    setup = options.setup
    if options.url or setup.spec or setup.overlay:
        return None
    return content("deviations.yaml" if setup.use_overlay else "deviations-raw.yaml")


def _write_deviations(path: Path | None, report: Report, redactor: Redactor) -> None:
    if path is None:
        return
    try:
        path.write_text(deviations_text(report, redactor.text), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"--write-deviations {path}", f"cannot be written ({error.strerror})") from None
