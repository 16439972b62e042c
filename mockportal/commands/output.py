"""Output of the commands: results on stdout, everything else on stderr.

A command goes on when nobody reads it or there is no room for its output, so that it still has its exit code.
`flushed` tells at the end.
"""

import json
import os
import sys
from contextlib import suppress
from pathlib import Path

from mockportal.values import Json

_UNWRITTEN = 2


def say(text: str) -> None:
    """Prints a result, at once."""
    try:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        sys.stdout.flush()
    except OSError as error:
        _discard_output(error)


def warn(text: str) -> None:
    """Prints a line that is no result."""
    with suppress(OSError):
        sys.stderr.write(text + "\n")
        sys.stderr.flush()


def open_streams() -> None:
    """Opens the null device in place of a stream that was closed before we began."""
    for number, name in ((1, "stdout"), (2, "stderr")):
        if getattr(sys, name) is None:
            os.dup2(os.open(os.devnull, os.O_WRONLY), number)
            setattr(sys, name, os.fdopen(number, "w", encoding="utf-8"))


def flushed(code: int) -> int:
    """The exit code of a command that ended with `code`: another one if that is 0 and its output is lost.

    A reader that has gone had enough of the output, so that is no loss.
    """
    try:
        sys.stdout.flush()
    except OSError as error:
        _discard_output(error)
    lost = getattr(sys.stdout, "name", "") == os.devnull
    return _UNWRITTEN if lost and not code else code


def _discard_output(error: OSError) -> None:
    """Sends everything else to the null device; says so unless it is only the reader who has gone."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())  # where the interpreter flushes what is left
    if not isinstance(error, BrokenPipeError):
        warn(f"mockportal: stdout: cannot be written ({error.strerror})")
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 (its name is what `flushed` looks for)


def say_json(value: Json) -> None:
    """Prints a value as indented JSON."""
    say(json.dumps(value, indent=2, ensure_ascii=False))
