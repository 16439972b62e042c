"""The command lines of `contract` and `drift`; the commands themselves need an extra and are imported when they run."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from mockportal.commands.extra import needs_extra
from mockportal.commands.flags import STAGES, count_of, rate_of, seconds_of, stages_of, token_of
from mockportal.commands.judging.against import AgainstOptions, add_against_flags, against
from mockportal.commands.judging.options import Output, RunOptions, TargetOptions
from mockportal.commands.setup_flags import add_setup_flags, setup_of
from mockportal.mock import Setup

_REPLAYED = frozenset(
    ("api", "spec", "overlay", "no_overlay", "strict", "behaviours", "scenarios", "target", "targets", "profile",
     "operation", "seed", "max_examples", "timeout", "rate", "allow_writes", "hooks")
)  # fmt: skip


def add_contract_flags(parser: argparse.ArgumentParser) -> None:
    """Adds the flags of `contract`."""
    parser.add_argument("--target", default="", metavar="URL", help="default: the mock, in this process")
    _add_target(parser, max_examples=20)
    parser.add_argument(
        "--phases", type=stages_of, default=STAGES, metavar="A,B", help=f"some of {', '.join(STAGES)}"
    )
    parser.add_argument(
        "--operation-changed-since",
        type=Path,
        metavar="OLD",
        help="only what has changed since this document",
    )
    parser.add_argument("--har", type=Path, metavar="FILE.har", help="write the requests of the run as HAR")
    parser.add_argument("--hooks", type=Path, metavar="FILE.py", help="own checks and hooks")
    parser.add_argument("--allow-writes", type=Path, metavar="FILE", help="what remote-write may write")
    parser.add_argument("--deviations", type=Path, metavar="FILE", help="known disagreements of the target")
    parser.add_argument(
        "--write-deviations", type=Path, metavar="FILE", help="write an entry for every finding of this run"
    )
    parser.add_argument(
        "--allow-untested", action="store_true", help="untested operations do not fail the run"
    )
    _add_endings(parser)
    parser.add_argument(
        "--init-targets", default="", metavar="URL", help="write a targets file with what the target tells"
    )
    parser.add_argument("--replay", metavar="ID", help="play a finding of the report in --report again")
    parser.add_argument("--cleanup", type=Path, metavar="FILE", help="remove what an earlier run has left")
    add_against_flags(parser)


def _add_endings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--max-time", type=seconds_of, default=0.0, metavar="SECONDS", help="end the run after this time"
    )
    parser.add_argument(
        "--operation-time", type=seconds_of, default=30.0, metavar="SECONDS",
        help="leave an operation alone after waiting so long for no answer",
    )  # fmt: skip
    parser.add_argument(
        "--max-failures", type=count_of, default=0, metavar="N", help="end the run after so many findings"
    )
    parser.add_argument(
        "--fail-fast", dest="max_failures", action="store_const", const=1, help="like --max-failures 1"
    )


def run_contract(given: argparse.Namespace) -> int:
    """Judges a target, or does one of the things around it. Raises `MockportalError`."""
    if given.against is not None:
        options = AgainstOptions(given.against, given.format, given.fail_on, given.accepted, given.report)
        return against(setup_of(given), options)
    with needs_extra("contract"):
        from mockportal.commands.judging.contract import contract, remove_leftovers
        from mockportal.commands.judging.init_targets import init_targets
        from mockportal.commands.judging.last_report import report_to_replay
        from mockportal.commands.judging.replaying import replay_finding
    if given.replay is not None:
        record = report_to_replay(given.report)
        given = as_in_the_run(given, record.get("arguments", []))
        target = _target(given, given.target, given.targets)
        return replay_finding(target, _extent(given), record, given.replay)
    if given.init_targets:
        return init_targets(_target(given, given.init_targets, given.targets))
    target = _target(given, given.target, given.targets)
    if given.cleanup is not None:
        return remove_leftovers(target, given.cleanup)
    return contract(target, _extent(given), Output(given.format, given.report, given.har))


def as_in_the_run(given: argparse.Namespace, arguments: Sequence[str]) -> argparse.Namespace:
    """The flags of an earlier run, but for those that are given now."""
    parser = _contract_parser()
    run = vars(parser.parse_args(arguments))
    now = {name: value for name, value in vars(given).items() if value != parser.get_default(name)}
    return argparse.Namespace(**{**vars(given), **run, **now})


def arguments_of(given: argparse.Namespace) -> tuple[str, ...]:
    """The flags of a run that a replay of its findings needs; tokens are not among them."""
    spelled: list[str] = []
    for action in _contract_parser()._actions:
        value = getattr(given, action.dest, action.default)
        if action.dest in _REPLAYED and value not in (action.default, None):
            values = value if isinstance(value, list) else [] if value is True else [value]
            spelled += [action.option_strings[-1], *map(str, values)]
    return tuple(spelled)


def _contract_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(add_help=False)
    add_setup_flags(parser)
    add_contract_flags(parser)
    return parser


def _extent(given: argparse.Namespace) -> RunOptions:
    return RunOptions(
        seed=given.seed,
        max_examples=given.max_examples,
        stages=given.phases,
        allow_untested=given.allow_untested,
        max_time=given.max_time,
        max_failures=given.max_failures,
        operation_time=given.operation_time,
        deviations=given.deviations,
        write_deviations=given.write_deviations,
        arguments=arguments_of(given),
    )


def add_drift_flags(parser: argparse.ArgumentParser) -> None:
    """Adds the flags of `drift`."""
    parser.add_argument("left", metavar="LEFT", help="an address, or `mock` for the mock in this process")
    parser.add_argument("right", metavar="RIGHT", help="likewise")
    _add_target(parser, max_examples=3)
    parser.add_argument("--left-targets", type=Path, metavar="FILE", help="for LEFT, in place of --targets")
    parser.add_argument("--right-targets", type=Path, metavar="FILE", help="for RIGHT, in place of --targets")
    parser.add_argument("--accepted", type=Path, metavar="FILE", help="known drifts")
    parser.add_argument("--suggest", action="store_true", help="what would close each drift")


def run_drift(given: argparse.Namespace) -> int:
    """Compares two targets. Raises `MockportalError`."""
    with needs_extra("contract"):
        from mockportal.commands.judging.drift import DriftOptions, drift
    left, right = ("" if name == "mock" else name for name in (given.left, given.right))
    options = DriftOptions(
        left=_target(given, left, given.left_targets or given.targets),
        right=_target(given, right, given.right_targets or given.targets),
        accepted=given.accepted,
        seed=given.seed,
        max_examples=given.max_examples,
    )
    return drift(options, Output(given.format, given.report), given.suggest)


def _add_target(parser: argparse.ArgumentParser, max_examples: int) -> None:
    parser.add_argument("--timeout", type=seconds_of, default=10.0, metavar="SECONDS", help="for one answer")
    parser.add_argument(
        "--profile", default="", metavar="NAME", help="local, remote-readonly or remote-write"
    )
    parser.add_argument("--yes", action="store_true", help="a target without worlds may be written to")
    parser.add_argument("--operation", nargs="+", action="extend", metavar="ID", help="only these operations")
    parser.add_argument("--token", action="append", default=[], metavar="SCHEME=VALUE", help="a bearer token")
    parser.add_argument(
        "--targets", type=Path, metavar="FILE", help="valid ids, tokens and bodies of the target"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the generated requests")
    parser.add_argument(
        "--max-examples", type=count_of, default=max_examples, metavar="N", help="for each operation"
    )
    parser.add_argument(
        "--rate", type=rate_of, metavar="N", help="requests a second (5, or 5/s; 0: no limit)"
    )
    parser.add_argument("--report", type=Path, metavar="FOLDER", help="write the report in all its forms")
    parser.add_argument("--format", choices=("text", "json", "github"), default="text", help="of the verdict")


def _target(given: argparse.Namespace, url: str, targets: Path | None) -> TargetOptions:
    return TargetOptions(
        setup=Setup(
            api=given.api,
            spec=given.spec,
            overlay=given.overlay,
            use_overlay=not given.no_overlay,
            behaviours=given.behaviours,
            scenarios=given.scenarios,
        ),
        url=url,
        profile=given.profile,
        operations=frozenset(given.operation) if given.operation else None,
        tokens=dict(map(token_of, given.token)),
        targets=targets,
        allow_writes=getattr(given, "allow_writes", None),
        rate=given.rate,
        timeout=given.timeout,
        sure=given.yes,
        hooks=getattr(given, "hooks", None),
        changed_since=getattr(given, "operation_changed_since", None),
    )
