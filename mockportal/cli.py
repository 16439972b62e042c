"""The command line. Results go to stdout, everything else to stderr; bad input is one line and exit code 2."""

import argparse
import gc
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from mockportal import __version__
from mockportal.commands.check import check_everything
from mockportal.commands.contract import add_contract, add_drift
from mockportal.commands.operations import markdown, operation_rows
from mockportal.commands.verify import verdicts_on
from mockportal.errors import MockportalError
from mockportal.mock import Mock, Setup, load_mock, load_mock_spec
from mockportal.state.clock import Clock, parse_clock
from mockportal.state.scenario_schema import scenario_schema
from mockportal.values import Json
from mockportal.web.app import create_app
from mockportal.web.log import LOGS
from mockportal.web.server import serve
from mockportal.web.watch import Watch

UNUSABLE = 2
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        _warn(f"{self.prog}: {message}")
        raise SystemExit(UNUSABLE)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; the answer is the exit code."""
    arguments = _parser().parse_args(argv)
    command: Callable[[argparse.Namespace], int] = arguments.command
    try:
        return command(arguments)
    except MockportalError as error:
        _warn(f"mockportal: {error}")
        return UNUSABLE
    except BrokenPipeError:  # the reader of our output has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="mockportal", description="An offline, stateful twin of the epilot Portal API.")
    parser.add_argument("--version", action="version", version=f"mockportal {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)
    _add_serve(commands.add_parser("serve", help="run the mock"))
    _add_check(commands.add_parser("check", help="lint spec, overlay and scenarios"))
    _add_verify(commands.add_parser("verify", help="play what scenarios expect"))
    contract = commands.add_parser("contract", help="judge whether a target keeps the contract")
    _add_setup(contract)
    add_contract(contract)
    drift = commands.add_parser("drift", help="compare what two targets answer")
    _add_setup(drift)
    add_drift(drift)
    spec = commands.add_parser("spec", help="print the contract as compiled")
    _add_setup(spec)
    spec.set_defaults(command=_spec)
    operations = commands.add_parser("operations", help="list every operation and what answers it")
    _add_setup(operations)
    operations.add_argument("--format", choices=("text", "json", "markdown"), default="text")
    operations.set_defaults(command=_operations)
    return parser


def _add_setup(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--spec", type=Path, metavar="FILE", help="another OpenAPI document (JSON or YAML)")
    overlay = parser.add_mutually_exclusive_group()
    overlay.add_argument("--overlay", type=Path, metavar="FILE", help="another OpenAPI Overlay")
    overlay.add_argument("--no-overlay", action="store_true", help="the raw document")
    parser.add_argument(
        "--behaviours", default="mockportal.portal", metavar="PACKAGE", help="what answers it"
    )
    parser.add_argument(
        "--scenarios", type=Path, metavar="FOLDER", help="looked up first (default: ./scenarios)"
    )


def _add_serve(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scenario", nargs="?", default="default", help="a scenario's name, or its file")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080, help="0 picks a free one")
    _add_setup(parser)
    parser.add_argument("--seed", type=int, help="another seed: other ids")
    parser.add_argument(
        "--clock", type=_clock, help="an RFC 3339 instant to stand at, or `now` to tick from now"
    )
    parser.add_argument("--watch", action="store_true", help="load the scenario again when its files change")
    parser.add_argument("--require-world", action="store_true", help="refuse requests that name no world")
    parser.add_argument("--control-token", metavar="TOKEN", help="what the control API asks for")
    parser.add_argument("--log", choices=("text", "json"), help="a line for each request, on stderr")
    parser.set_defaults(command=_serve)


def _add_check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "path", nargs="*", type=Path, help="scenario files or folders (default: all there are)"
    )
    _add_setup(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--schema", action="store_true", help="print the JSON Schema of scenarios")
    parser.set_defaults(command=_check)


def _add_verify(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "names", nargs="*", metavar="SCENARIO", help="a scenario's name, or its file (default: all there are)"
    )
    _add_setup(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.set_defaults(command=_verify)


def _clock(text: str) -> Clock:
    try:
        return parse_clock(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is neither an RFC 3339 instant nor `now`") from None


def _setup(arguments: argparse.Namespace) -> Setup:
    return Setup(
        scenario=getattr(arguments, "scenario", "default"),
        spec=arguments.spec,
        overlay=arguments.overlay,
        use_overlay=not arguments.no_overlay,
        behaviours=arguments.behaviours,
        scenarios=arguments.scenarios,
        seed=getattr(arguments, "seed", None),
        clock=getattr(arguments, "clock", None),
    )


def _serve(arguments: argparse.Namespace) -> int:
    gc.disable()  # until the server runs: loading makes much and drops little
    mock = load_mock(_setup(arguments))
    loopback = arguments.host in _LOOPBACK
    app = create_app(
        mock,
        require_world=arguments.require_world,
        control_token=arguments.control_token,
        control=loopback or arguments.control_token is not None,
        log=LOGS[arguments.log],
    )
    watch = Watch(mock) if arguments.watch else None
    serve(app.router, arguments.host, arguments.port, lambda url: _ready(mock, url, loopback), watch)
    return 0


def _ready(mock: Mock, url: str, loopback: bool) -> None:
    if not loopback:
        _warn(f"mockportal: {url} is reachable from elsewhere, and anyone can sign tokens with the test key")
    _say(_ready_line(mock, url))


def _ready_line(mock: Mock, url: str) -> str:
    scenario = mock.world().scenario
    tokens = " ".join(scenario.tokens) or "none"
    return (
        f"mockportal ready at {url} | scenario {scenario.name} | {len(mock.spec.operations)} operations"
        f" | tokens: {tokens}"
    )


def _check(arguments: argparse.Namespace) -> int:
    setup = _setup(arguments)
    if arguments.schema:
        mock = load_mock(setup)
        _say(json.dumps(scenario_schema(mock.spec.operations, mock.api.data), indent=2))
        return 0
    findings = check_everything(setup, arguments.path)
    if arguments.format == "json":
        _say(_json([finding.to_json() for finding in findings]))
    else:
        for finding in findings:
            _say(f"{finding.severity:8}{finding.rule:20}{finding.pointer}  {finding.message}")
        problems = sum(finding.severity == "problem" for finding in findings)
        _warn(f"{problems} problems, {len(findings) - problems} notes")
    return 1 if any(finding.severity == "problem" for finding in findings) else 0


def _verify(arguments: argparse.Namespace) -> int:
    verdicts = []
    for verdict in verdicts_on(arguments.names, _setup(arguments)):
        verdicts.append(verdict)
        if arguments.format == "text":
            _say(f"{'holds' if verdict.holds else 'fails':8}{verdict.scenario}")
            for where, failure in verdict.failures:
                _say(f"  {where}: {failure}")
    if arguments.format == "json":
        _say(_json([verdict.to_json() for verdict in verdicts]))
    else:
        broken = sum(not verdict.holds for verdict in verdicts)
        _warn(f"{len(verdicts)} scenarios, {broken} of them fail")
    return 0 if all(verdict.holds for verdict in verdicts) else 1


def _spec(arguments: argparse.Namespace) -> int:
    _say(_json(load_mock_spec(_setup(arguments)).document))
    return 0


def _operations(arguments: argparse.Namespace) -> int:
    mock = load_mock(_setup(arguments))
    rows = operation_rows(mock)
    if arguments.format == "json":
        _say(_json(rows))
    elif arguments.format == "markdown":
        _say(markdown(rows, mock.api))
    else:
        for row in rows:
            _say(f"{row['answered_by']:10}{row['operation']:42}{row['method']:7}{row['path']}")
    return 0


def _json(value: Json) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _warn(text: str) -> None:
    sys.stderr.write(text + "\n")
