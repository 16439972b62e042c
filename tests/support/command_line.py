"""The command line in this process, with the output and the exit code that a shell would see."""

import gc
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from mockportal.cli import main


def run_command(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Runs `mockportal` in a folder. A process of its own takes half a second more."""
    path = [*sys.path]
    with TemporaryFile("w+") as output, TemporaryFile("w+") as errors:
        try:
            with chdir(folder), redirect_stdout(output), redirect_stderr(errors):
                code: object = main(arguments)
        except SystemExit as end:
            code = end.code
        finally:
            sys.path[:] = path
            gc.enable()  # a server that did not start leaves it off
        assert isinstance(code, int)
        return subprocess.CompletedProcess(arguments, code, _text(output), _text(errors))


def _text(file: IO[str]) -> str:
    file.seek(0)
    return file.read()
