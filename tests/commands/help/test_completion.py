"""The completion of the command line, in a real shell, and the examples of its help."""

import shlex
import subprocess
from collections.abc import Iterator

import pytest

from mockportal import cli
from mockportal.commands import COMMANDS
from mockportal.commands.help.completion import SHELLS
from mockportal.commands.help.examples import FIRST, OF_COMMAND

ASK = 'COMP_WORDS=({words}); COMP_CWORD={last}; _shtab_mockportal 2>/dev/null; printf "%s\\n" "${{COMPREPLY[@]}}"'


def script(shell: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert cli.main(["completion", shell]) == 0
    return capsys.readouterr().out


def lines() -> Iterator[str]:
    for examples in (FIRST, *OF_COMMAND.values()):
        for line in examples.values():
            yield from line.partition(">")[0].split("&&")


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("mockportal ver", ["verify"]),
        ("mockportal serve --po", ["--port"]),
        ("mockportal serve --log j", ["json"]),
        ("mockportal completion z", ["zsh"]),
    ],
)
def test_bash_completes_commands_flags_and_choices(
    words: str, completed: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    ask = ASK.format(words=words, last=len(words.split()) - 1)

    done = subprocess.run(
        ["bash"], input=script("bash", capsys) + ask, capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == completed


@pytest.mark.parametrize("shell", SHELLS)
def test_script_of_every_shell_knows_every_command(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = script(shell, capsys)

    assert [command.name for command in COMMANDS if command.name not in text] == []


def test_unknown_shell_is_one_clear_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        cli.main(["completion", "tcsh"])

    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("line", list(lines()))
def test_examples_of_the_help_parse(line: str) -> None:
    arguments = shlex.split(line)[1:]

    assert callable(cli.build_parser().parse_args(arguments).run)


def test_help_of_every_command_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert OF_COMMAND.keys() == {command.name for command in COMMANDS}
    with pytest.raises(SystemExit, match="0"):
        cli.main(["--help"])

    assert "mockportal serve overdue-invoice --watch" in capsys.readouterr().out
