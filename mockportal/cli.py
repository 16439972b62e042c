"""The command line: one table of commands. Bad input is one line and exit code 2."""

import argparse
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, NoReturn

from mockportal import __version__
from mockportal.commands import agents, check, completion, operations, serve, spec, verify
from mockportal.commands.examples import FIRST, OF_COMMAND, told
from mockportal.commands.interruption import interrupted_by
from mockportal.commands.judging.faces import add_contract_flags, add_drift_flags, run_contract, run_drift
from mockportal.commands.output import flushed, open_streams, warn
from mockportal.commands.recordings import export, record, replay
from mockportal.commands.scenarios import import_har, new, token
from mockportal.commands.setup_flags import add_setup_flags
from mockportal.errors import MockportalError

UNUSABLE = 2


class Command(NamedTuple):
    """A command: what it is called, a line of help, its own flags, and the function that runs it."""

    name: str
    help: str
    add_flags: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


COMMANDS = (
    Command("serve", "run the mock", serve.add_flags, serve.run),
    Command("check", "lint spec, overlay and scenarios", check.add_flags, check.run),
    Command("verify", "play what scenarios expect", verify.add_flags, verify.run),
    Command("export", "write the session of a world as a scenario", export.add_flags, export.run),
    Command("replay", "play an exported session at a target", replay.add_flags, replay.run),
    Command("new", "write a scenario to begin with", new.add_flags, new.run),
    Command("token", "mint a bearer token for somebody", token.add_flags, token.run),
    Command("record", "write what a real deployment answers as a scenario", record.add_flags, record.run),
    Command("import", "make steps of a recording", import_har.add_flags, import_har.run),
    Command("contract", "judge whether a target keeps the contract", add_contract_flags, run_contract),
    Command("drift", "compare what two targets answer", add_drift_flags, run_drift),
    Command("spec", "print the contract as compiled", spec.add_flags, spec.run),
    Command("operations", "list every operation and what answers it", operations.add_flags, operations.run),
    Command("mcp", "give an agent its tools, over stdin and stdout", agents.add_flags, agents.run),
    Command(
        "completion", "print a script that completes commands and flags", completion.add_flags, completion.run
    ),
)


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
        arguments = build_parser().parse_args(argv)
    except SystemExit as end:
        raise SystemExit(flushed(end.code if isinstance(end.code, int) else 0)) from None
    command: Command = arguments.command
    try:
        code = command.run(arguments)
    except MockportalError as error:
        warn(f"mockportal: {error}")
        code = UNUSABLE
    except KeyboardInterrupt as end:
        code = interrupted_by(next(iter(end.args), signal.SIGINT))
    return flushed(code)


def build_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line; a parsed command line names its `command`, and `whole` is the parser."""
    as_written = argparse.RawDescriptionHelpFormatter
    parser = _Parser(
        prog="mockportal",
        description="An offline, stateful twin of the epilot Portal API.",
        epilog=told(FIRST),
        formatter_class=as_written,
    )
    parser.add_argument("--version", action="version", version=f"mockportal {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)
    for command in COMMANDS:
        examples = told(OF_COMMAND.get(command.name, {}))
        one = commands.add_parser(
            command.name, help=command.help, epilog=examples, formatter_class=as_written
        )
        add_setup_flags(one)
        command.add_flags(one)
        one.set_defaults(command=command, whole=parser)
    return parser
