"""`mockportal completion`: a script that completes the command line in a shell."""

import argparse
from collections.abc import Iterator
from pathlib import Path

import shtab

from mockportal.commands.output import say

SHELLS = ("bash", "zsh", "fish")


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Adds the flags of `completion`."""
    parser.add_argument("shell", choices=SHELLS, metavar="SHELL", help=f"one of {', '.join(SHELLS)}")


def run(given: argparse.Namespace) -> int:
    """Prints the script. It completes commands, flags and choices, and files where a flag takes one."""
    whole: argparse.ArgumentParser = given.whole
    for action in _actions(whole):
        if action.type is Path:
            action.complete = shtab.FILE  # type: ignore[attr-defined]
    say(shtab.complete(whole, given.shell))
    return 0


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """The actions of a parser and of its commands."""
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from _actions(command)
