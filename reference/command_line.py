"""The reference of the command line, from its parser."""

import argparse
from collections.abc import Iterator, Mapping, Set

from mockportal.cli import build_parser
from mockportal.commands import COMMANDS, Command
from mockportal.commands.help.examples import FIRST, OF_COMMAND
from mockportal.commands.help.exit_codes import codes_of
from mockportal.commands.setup_flags import add_setup_flags
from reference.markdown import block, sentence, table

_HEAD = """\
# Commands and flags

Every command with its arguments, flags, defaults, exit codes and examples, as `--help` tells them.
[Command line](../cli.md) explains them.
`scripts/reference` writes this page from the parser of the command line.
"""


def page() -> str:
    """The text of `docs/reference/commands.md`."""
    shared = argparse.ArgumentParser(add_help=False)
    add_setup_flags(shared)
    lines = [
        _HEAD,
        *table(("command", "what it does"), ((f"[`{one.name}`](#{one.name})", one.help) for one in COMMANDS)),
        *_examples(FIRST),
        "## Flags of every command\n",
        *_flags(shared),
    ]
    for command, parser in zip(COMMANDS, _parsers(), strict=True):
        lines += _section(
            command, parser, {option for action in shared._actions for option in action.option_strings}
        )
    return "\n".join(lines).rstrip("\n") + "\n"


def _parsers() -> list[argparse.ArgumentParser]:
    """The parsers of the commands, in the order of the table."""
    found = next(
        action for action in build_parser()._actions if isinstance(action, argparse._SubParsersAction)
    )
    return list(found.choices.values())


def _section(command: Command, parser: argparse.ArgumentParser, shared: set[str]) -> Iterator[str]:
    yield f"## {command.name}\n"
    yield f"{sentence(command.help)}\n"
    yield from _arguments(parser)
    yield from _flags(parser, shared)
    together = [group for group in parser._mutually_exclusive_groups if not _names(group) & shared]
    for group in together:
        yield f"Only one of {_listed(group)} may be given.\n"
    yield from table(("exit code", "meaning"), ((str(code), told) for code, told in codes_of(command.name)))
    yield from _examples(OF_COMMAND.get(command.name, {}))


def _names(group: argparse._MutuallyExclusiveGroup) -> set[str]:
    return {option for action in group._group_actions for option in action.option_strings}


def _listed(group: argparse._MutuallyExclusiveGroup) -> str:
    return " and ".join(f"`{action.option_strings[-1]}`" for action in group._group_actions)


def _arguments(parser: argparse.ArgumentParser) -> Iterator[str]:
    given = [action for action in parser._actions if not action.option_strings]
    yield from table(
        ("argument", "default", "meaning"), ((_argument(one), _default(one), _told(one)) for one in given)
    )


def _argument(action: argparse.Action) -> str:
    name = str(action.metavar or action.dest)
    form = {"?": f"[{name}]", "*": f"[{name} …]", "+": f"{name} …"}.get(str(action.nargs), name)
    return f"`{form}`"


def _flags(parser: argparse.ArgumentParser, others: Set[str] = frozenset()) -> Iterator[str]:
    """The table of the flags but for `--help` and those of every command."""
    own = [
        action
        for action in parser._actions
        if action.option_strings and "--help" not in action.option_strings
    ]
    rows = ((_flag(one), _default(one), _told(one)) for one in own if not {*one.option_strings} & others)
    yield from table(("flag", "default", "meaning"), rows)


def _flag(action: argparse.Action) -> str:
    value = action.metavar or ("{" + ",".join(map(str, action.choices)) + "}" if action.choices else "")
    if not value and action.nargs != 0:
        value = action.dest.upper()
    many = " …" if action.nargs in ("+", "*") else ""
    names = ", ".join(action.option_strings)
    return f"`{names} {value}{many}`" if value and action.nargs != 0 else f"`{names}`"


def _default(action: argparse.Action) -> str:
    """The default value; empty for flags without a value and for those that stand for nothing if not given."""
    if action.nargs == 0 or action.default in (None, argparse.SUPPRESS, "", []):
        return ""
    return f"`{action.default}`"


def _told(action: argparse.Action) -> str:
    """The help of an argument, without the default that has a column of its own."""
    told = (action.help or "").replace("%%", "%").replace(f" (default: {action.default})", "")
    repeated = isinstance(action, argparse._AppendAction | argparse._ExtendAction)
    return f"{told}; may be repeated" if repeated else told


def _examples(examples: Mapping[str, str]) -> Iterator[str]:
    lines = [f"# {wish.rstrip(':')}\n{line}" for wish, line in examples.items()]
    if lines:
        yield from block("sh", "\n".join(lines))
