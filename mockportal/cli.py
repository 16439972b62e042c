"""The command line. Bad input is one line and exit code 2."""

import argparse
import gc
import signal
import sys
from collections.abc import Container, Sequence
from pathlib import Path
from typing import NoReturn

import mockportal
from mockportal.commands import COMMANDS, add_command
from mockportal.commands.help.examples import FIRST, OF_COMMAND, told
from mockportal.commands.help.exit_codes import UNUSABLE, told_codes
from mockportal.commands.interruption import interrupted_by
from mockportal.commands.output import flushed, open_streams, say, warn
from mockportal.errors import MockportalError

NAMES = frozenset(command.name for command in COMMANDS)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        warn(f"{self.prog}: {message}")
        raise SystemExit(UNUSABLE)


class _Version(argparse.Action):
    """Prints the version, which only this flag looks up."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        say(f"mockportal {mockportal.__version__}")
        parser.exit()


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; the answer is the exit code."""
    open_streams()
    sys.path.append(str(Path.cwd()))  # so that `--behaviours acme.api` finds a package that is not installed
    given = sys.argv[1:] if argv is None else argv
    gc.disable()  # while commands are imported, which makes much and drops little
    try:
        arguments = build_parser(NAMES if "completion" in given else NAMES.intersection(given)).parse_args(
            given
        )
    except SystemExit as end:
        raise SystemExit(flushed(end.code if isinstance(end.code, int) else 0)) from None
    finally:
        gc.enable()
    try:
        code = arguments.run(arguments)
    except MockportalError as error:
        warn(f"mockportal: {error}")
        code = UNUSABLE
    except KeyboardInterrupt as end:
        code = interrupted_by(next(iter(end.args), signal.SIGINT))
    return flushed(code)


def build_parser(names: Container[str] = NAMES) -> argparse.ArgumentParser:
    """The parser of the command line, with the flags of the commands that are named.

    A parsed command line has the function that runs it in `run`, and the parser in `whole`.
    """
    as_written = argparse.RawDescriptionHelpFormatter
    parser = _Parser(
        prog="mockportal",
        description="An offline, stateful twin of the epilot Portal API.",
        epilog=told(FIRST),
        formatter_class=as_written,
    )
    parser.add_argument("-V", "--version", action=_Version, nargs=0, help="print the version, and end")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)
    for command in COMMANDS:
        ends = f"{told_codes(command.name)}\n\n{told(OF_COMMAND.get(command.name, {}))}"
        one = commands.add_parser(command.name, help=command.help, epilog=ends, formatter_class=as_written)
        if command.name in names:
            one.set_defaults(run=add_command(command, one).run, whole=parser)
    return parser
