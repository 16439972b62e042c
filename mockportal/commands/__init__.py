"""The commands of `mockportal`, one module each: it adds its flags to a parser, and runs with what was given.

A command is imported when it is asked for, since each needs other libraries.
"""

import argparse
from collections.abc import Callable
from typing import NamedTuple


class Face(NamedTuple):
    """The two functions of a command: one adds its flags, the other runs it."""

    add_flags: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


class Command(NamedTuple):
    """A command: what it is called, a line of help, and how to import it."""

    name: str
    help: str
    load: Callable[[], Face]


def _serve() -> Face:
    from mockportal.commands import serve

    return Face(serve.add_flags, serve.run)


def _check() -> Face:
    from mockportal.commands import check

    return Face(check.add_flags, check.run)


def _verify() -> Face:
    from mockportal.commands import verify

    return Face(verify.add_flags, verify.run)


def _export() -> Face:
    from mockportal.commands.recordings import export

    return Face(export.add_flags, export.run)


def _replay() -> Face:
    from mockportal.commands.recordings import replay

    return Face(replay.add_flags, replay.run)


def _new() -> Face:
    from mockportal.commands.scenarios import new

    return Face(new.add_flags, new.run)


def _token() -> Face:
    from mockportal.commands.scenarios import token

    return Face(token.add_flags, token.run)


def _record() -> Face:
    from mockportal.commands.recordings import record

    return Face(record.add_flags, record.run)


def _import() -> Face:
    from mockportal.commands.scenarios import import_har

    return Face(import_har.add_flags, import_har.run)


def _contract() -> Face:
    from mockportal.commands.judging.faces import add_contract_flags, run_contract

    return Face(add_contract_flags, run_contract)


def _drift() -> Face:
    from mockportal.commands.judging.faces import add_drift_flags, run_drift

    return Face(add_drift_flags, run_drift)


def _spec() -> Face:
    from mockportal.commands import spec

    return Face(spec.add_flags, spec.run)


def _operations() -> Face:
    from mockportal.commands import operations

    return Face(operations.add_flags, operations.run)


def _mcp() -> Face:
    from mockportal.commands import agents

    return Face(agents.add_flags, agents.run)


def _completion() -> Face:
    from mockportal.commands.help import completion

    return Face(completion.add_flags, completion.run)


def _docs() -> Face:
    from mockportal.commands.help import docs

    return Face(docs.add_flags, docs.run)


COMMANDS = (
    Command("serve", "run the mock", _serve),
    Command("check", "lint spec, overlay and scenarios", _check),
    Command("verify", "play what scenarios expect", _verify),
    Command("export", "write the session of a world as a scenario", _export),
    Command("replay", "play an exported session at a target", _replay),
    Command("new", "write a scenario to begin with", _new),
    Command("token", "mint a bearer token for somebody", _token),
    Command("record", "write what a real deployment answers as a scenario", _record),
    Command("import", "make steps of a recording", _import),
    Command("contract", "judge whether a target keeps the contract", _contract),
    Command("drift", "compare what two targets answer", _drift),
    Command("spec", "print the contract as compiled", _spec),
    Command("operations", "list every operation and what answers it", _operations),
    Command("mcp", "give an agent its tools, over stdin and stdout", _mcp),
    Command("docs", "open the manual", _docs),
    Command("completion", "print a script that completes commands and flags", _completion),
)


def add_command(command: Command, parser: argparse.ArgumentParser) -> Face:
    """The command, imported. Its flags stand in `parser` then, after those that every command takes."""
    from mockportal.commands.setup_flags import add_setup_flags

    face = command.load()
    add_setup_flags(parser)
    face.add_flags(parser)
    return face
