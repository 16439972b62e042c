"""`mockportal drift`: compares what two targets answer; the word `mock` is the mock in this process."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from mockportal.commands.interruption import interruptible
from mockportal.commands.judging.options import Output, TargetOptions
from mockportal.commands.judging.target import MOCK_ADDRESS, chosen, reach_address, reach_mock
from mockportal.commands.output import say, say_json
from mockportal.errors import UsageError
from mockportal.files.writing import check_writable
from mockportal.judge.drift import (
    MOCK,
    DriftPlan,
    Side,
    compare_targets,
    drift_annotations,
    drift_json,
    drift_text,
    load_accepted,
    write_drift,
)
from mockportal.judge.progress import shown
from mockportal.judge.reports import Redactor, residues
from mockportal.judge.wire.transports import Transport
from mockportal.mock import Mock, load_mock


@dataclass(frozen=True, slots=True)
class DriftOptions:
    """The two targets to compare; `left` and `right` name an address, or the mock by an empty `url`."""

    left: TargetOptions
    right: TargetOptions
    accepted: Path | None = None
    seed: int = 1
    max_examples: int = 3


def drift(options: DriftOptions, output: Output, suggest: bool) -> int:
    """Compares two targets. 0 if nothing differs, 1 if something does, 130 or 143 if a signal ended it.

    Raises `MockportalError`.
    """
    if output.report is not None:
        check_writable(output.report)
    with interruptible() as interruption:
        return interruption.code(_drift(options, output, suggest, interruption.reason))


def _drift(options: DriftOptions, output: Output, suggest: bool, interrupted: Callable[[], str]) -> int:
    plan, left, right = prepared_drift(options)
    plan = replace(plan, interrupted=interrupted)
    known = [*plan.left.target.variables().values(), *plan.right.target.variables().values()]
    stages = dict.fromkeys(("reads", "details", "writes"), len(plan.spec.operations))
    with shown(stages) as progress:
        report = compare_targets(plan, left, right, progress)
    record = drift_json(report, Redactor(known))
    if output.report is not None:
        write_drift(record, output.report)
        removed = _without_residues(output.report, residues(output.report, known))
        if removed:
            raise UsageError(str(output.report), removed[0])
    if output.format == "json":
        say_json(record)
    elif output.format == "github":
        say(drift_annotations(record))
    else:
        say(drift_text(record, suggest=suggest))
    return 0 if report.verdict == "same" else 1


def prepared_drift(options: DriftOptions) -> tuple[DriftPlan, Transport, Transport]:
    """The comparison to make, and the connections to both sides. Raises `MockportalError`."""
    mock = load_mock(options.left.setup)
    left, to_left = _side(options.left, mock)
    right, to_right = _side(options.right, mock)
    accepted = load_accepted(options.accepted, mock.spec.operations) if options.accepted else ()
    plan = DriftPlan(
        spec=mock.spec,
        left=left,
        right=right,
        today=datetime.now(UTC).date(),
        seed=options.seed,
        max_examples=options.max_examples,
        operations=chosen(options.left.operations, mock.spec),
        accepted=tuple(accepted),
        run=secrets.token_hex(3),
    )
    return plan, to_left, to_right


def _side(options: TargetOptions, mock: Mock) -> tuple[Side, Transport]:
    if not options.url:
        reached = reach_mock(replace(options, profile=""), mock)
        return Side(MOCK, reached.target, reached.profile, MOCK_ADDRESS), reached.transport
    reached = reach_address(options, mock.spec, mock.api, mock)
    return Side(options.url, reached.target, reached.profile, options.url), reached.transport


def _without_residues(folder: Path, left: list[str]) -> list[str]:
    """Removes every file in which a secret was left; the answer says so, a line each."""
    for name in {line.partition(":")[0] for line in left}:
        (folder / name).unlink(missing_ok=True)
    return [f"removed the report that holds a secret: {line}" for line in left]
