"""The command line: what it takes, and which command runs. Bad input is one line and exit code 2."""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from mockportal import __version__
from mockportal.commands.against import add_against_flags, against
from mockportal.commands.check import Checking, check, print_schema
from mockportal.commands.extra import needs_extra
from mockportal.commands.flags import (
    STAGES,
    control_token_of,
    count_of,
    rate_of,
    stages_of,
    token_of,
    version_of,
)
from mockportal.commands.operations import operations
from mockportal.commands.options import Output, TargetOptions
from mockportal.commands.output import flushed, open_streams, warn
from mockportal.commands.scenarios.new import new
from mockportal.commands.scenarios.token import add_flags, token
from mockportal.commands.serve import Serving, add_serve_flags, serve_mock
from mockportal.commands.spec import spec
from mockportal.commands.verify import verify
from mockportal.config import BEHAVIOURS, VERSIONS
from mockportal.errors import MockportalError
from mockportal.mock import Setup
from mockportal.state.clock import Clock

UNUSABLE = 2
Command = Callable[[argparse.Namespace], int]


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        warn(f"{self.prog}: {message}")
        raise SystemExit(UNUSABLE)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; the answer is the exit code."""
    open_streams()
    sys.path.append(str(Path.cwd()))  # so that `--behaviours acme.api` finds a package that is not installed
    try:
        arguments = _parser().parse_args(argv)
    except SystemExit as end:
        raise SystemExit(flushed(end.code if isinstance(end.code, int) else 0)) from None
    command: Command = arguments.command
    try:
        code = command(arguments)
    except MockportalError as error:
        warn(f"mockportal: {error}")
        code = UNUSABLE
    except KeyboardInterrupt:
        code = 0
    return flushed(code)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="mockportal", description="An offline, stateful twin of the epilot Portal API.")
    parser.add_argument("--version", action="version", version=f"mockportal {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)
    table: tuple[tuple[str, str, Callable[[argparse.ArgumentParser], None], Command], ...] = (
        ("serve", "run the mock", add_serve_flags, _serve),
        ("check", "lint spec, overlay and scenarios", _add_check, _check),
        ("verify", "play what scenarios expect", _add_verify, _verify),
        ("new", "write a scenario to begin with", _add_new, _new),
        ("token", "mint a bearer token for somebody", add_flags, lambda given: token(given, _setup(given))),
        ("contract", "judge whether a target keeps the contract", _add_contract, _contract),
        ("drift", "compare what two targets answer", _add_drift, _drift),
        ("spec", "print the contract as compiled", lambda parser: None, lambda given: spec(_setup(given))),
        ("operations", "list every operation and what answers it", _add_operations, _operations),
    )
    for name, help, add, command in table:
        one = commands.add_parser(name, help=help)
        _add_setup(one)
        add(one)
        one.set_defaults(command=command)
    return parser


def _add_setup(parser: argparse.ArgumentParser) -> None:
    document = parser.add_mutually_exclusive_group()
    document.add_argument(
        "--api", type=version_of, default=VERSIONS[0], metavar="VERSION",
        help=f"the version of the shipped document: {' or '.join(VERSIONS)} (default: {VERSIONS[0]})",
    )  # fmt: skip
    document.add_argument("--spec", type=Path, metavar="FILE", help="another OpenAPI document (JSON or YAML)")
    overlay = parser.add_mutually_exclusive_group()
    overlay.add_argument("--overlay", type=Path, metavar="FILE", help="another OpenAPI Overlay")
    overlay.add_argument("--no-overlay", action="store_true", help="the raw document")
    parser.add_argument(
        "--strict", action="store_true", help="refuse a document with a fault in any operation"
    )
    parser.add_argument(
        "--behaviours",
        metavar="PACKAGE",
        help=f"what answers it (default: {BEHAVIOURS} for its own document, none for another)",
    )
    parser.add_argument(
        "--scenarios", type=Path, metavar="FOLDER", help="looked up first (default: ./scenarios)"
    )


def _add_check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "path", nargs="*", type=Path, help="scenario files or folders (default: all there are)"
    )
    parser.add_argument("--format", choices=("text", "json", "github"), default="text")
    parser.add_argument("--notes", action="store_true", help="with paths: the notes on the document too")
    parser.add_argument("--quiet", action="store_true", help="problems only")
    parser.add_argument("--schema", action="store_true", help="print the JSON Schema of scenarios")


def _add_verify(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "names", nargs="*", metavar="SCENARIO", help="a scenario's name, or its file (default: all there are)"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write the verdicts as JUnit XML")


def _add_new(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="its name; the file is NAME.yaml in ./scenarios")
    parser.add_argument(
        "--extends", default="default", metavar="SCENARIO", help="what it starts from (default: default)"
    )


def _add_operations(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("text", "json", "markdown"), default="text")


def _add_target(parser: argparse.ArgumentParser, max_examples: int) -> None:
    parser.add_argument("--timeout", type=float, default=10.0, metavar="SECONDS", help="for one answer")
    parser.add_argument(
        "--profile", default="", metavar="NAME", help="local, remote-readonly or remote-write"
    )
    parser.add_argument("--operation", nargs="+", action="extend", metavar="ID", help="only these operations")
    parser.add_argument("--token", action="append", default=[], metavar="SCHEME=VALUE", help="a bearer token")
    parser.add_argument(
        "--targets", type=Path, metavar="FILE", help="valid ids, tokens and bodies of the target"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--max-examples", type=count_of, default=max_examples, metavar="N", help="for each operation"
    )
    parser.add_argument(
        "--rate", type=rate_of, metavar="N", help="requests a second (5, or 5/s; 0: no limit)"
    )
    parser.add_argument("--report", type=Path, metavar="FOLDER", help="write JSON, JUnit, Markdown and HTML")
    parser.add_argument("--format", choices=("text", "json", "github"), default="text")


def _add_contract(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--target", default="", metavar="URL", help="default: the mock, in this process")
    _add_target(parser, max_examples=20)
    parser.add_argument(
        "--phases", type=stages_of, default=STAGES, metavar="A,B", help=f"some of {', '.join(STAGES)}"
    )
    parser.add_argument("--allow-writes", type=Path, metavar="FILE", help="what remote-write may write")
    parser.add_argument("--deviations", type=Path, metavar="FILE", help="known disagreements of the target")
    parser.add_argument(
        "--write-deviations", type=Path, metavar="FILE", help="write an entry for every finding of this run"
    )
    parser.add_argument(
        "--allow-untested", action="store_true", help="untested operations do not fail the run"
    )
    parser.add_argument("--replay", metavar="ID", help="play a finding of the report in --report again")
    parser.add_argument("--cleanup", type=Path, metavar="FILE", help="remove what an earlier run has left")
    add_against_flags(parser)


def _add_drift(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("left", metavar="LEFT", help="an address, or `mock` for the mock in this process")
    parser.add_argument("right", metavar="RIGHT", help="likewise")
    _add_target(parser, max_examples=3)
    parser.add_argument("--left-targets", type=Path, metavar="FILE", help="for LEFT, in place of --targets")
    parser.add_argument("--right-targets", type=Path, metavar="FILE", help="for RIGHT, in place of --targets")
    parser.add_argument("--accepted", type=Path, metavar="FILE", help="known drifts")
    parser.add_argument("--suggest", action="store_true", help="what would close each drift")


def _setup(given: argparse.Namespace) -> Setup:
    return Setup(
        scenario=getattr(given, "scenario", "default"),
        api=given.api,
        spec=given.spec,
        overlay=given.overlay,
        use_overlay=not given.no_overlay,
        strict=given.strict,
        behaviours=given.behaviours,
        scenarios=given.scenarios,
        seed=getattr(given, "seed", None),
        clock=_clock(given),
        frontend=getattr(given, "frontend", None) or "",
        domains=tuple(getattr(given, "domain", ())),
    )


def _clock(given: argparse.Namespace) -> Clock | None:
    clock: Clock | None = getattr(given, "clock", None)
    return replace(clock, moves_dates=False) if clock is not None and given.no_shift else clock


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
    )


def _serve(given: argparse.Namespace) -> int:
    serving = Serving(
        host=given.host,
        port=given.port,
        watch=given.watch,
        require_world=given.require_world,
        control_token=control_token_of(given.control_token, given.control_token_file),
        cors_origins=tuple(given.cors_origin),
        log=given.log,
    )
    return serve_mock(_setup(given), serving)


def _check(given: argparse.Namespace) -> int:
    setup = _setup(given)
    checking = Checking(given.path, given.format, notes=given.notes, quiet=given.quiet)
    return print_schema(setup) if given.schema else check(setup, checking)


def _verify(given: argparse.Namespace) -> int:
    return verify(given.names, _setup(given), given.format, given.junit)


def _new(given: argparse.Namespace) -> int:
    return new(given.name, given.extends, _setup(given))


def _operations(given: argparse.Namespace) -> int:
    return operations(_setup(given), given.format)


def _contract(given: argparse.Namespace) -> int:
    if given.against is not None:
        return against(_setup(given), given.against, given.format, given.fail_on)
    with needs_extra("contract"):
        from mockportal.commands.contract import contract, remove_leftovers, replay_finding
    target = _target(given, given.target, given.targets)
    if given.replay is not None:
        return replay_finding(target, given.report, given.replay)
    if given.cleanup is not None:
        return remove_leftovers(target, given.cleanup)
    return contract(
        target,
        Output(given.format, given.report),
        given.deviations,
        given.write_deviations,
        seed=given.seed,
        max_examples=given.max_examples,
        stages=given.phases,
        allow_untested=given.allow_untested,
    )


def _drift(given: argparse.Namespace) -> int:
    with needs_extra("contract"):
        from mockportal.commands.drift import DriftOptions, drift
    left, right = ("" if name == "mock" else name for name in (given.left, given.right))
    options = DriftOptions(
        left=_target(given, left, given.left_targets or given.targets),
        right=_target(given, right, given.right_targets or given.targets),
        accepted=given.accepted,
        seed=given.seed,
        max_examples=given.max_examples,
    )
    return drift(options, Output(given.format, given.report), given.suggest)
