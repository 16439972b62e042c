"""A reader who follows a page of `docs/` in an empty folder, command by command.

The info string of a code block tells what the reader does with it:

    ```js file=api.js     saves it
    ```sh                 runs it, and expects the exit code 0; so for `python` and `js`
    ```sh fails           expects another exit code
    ```sh server          leaves it running in a second terminal
    ```sh install         has it already
    ```text output        compares it with what the last command has said; `…` stands for anything
"""

import io
import os
import re
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, chdir, closing, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from mockportal.cli import main

_BLOCK = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PORT = re.compile(r"\b(?:80[89]\d|5173)\b")
_ASKING = re.compile(r"^(mockportal (?:export|token) (?!.*--url).*)$", re.MULTILINE)
_PLAIN = re.compile(r"mockportal [^|&;<>$*\n]+\n")
_PROGRAMS = {
    "sh": ["bash", "-euo", "pipefail", "-c"],
    "python": [sys.executable, "-c"],
    "js": ["node", "--input-type=module", "--eval"],
}


@dataclass(frozen=True, slots=True)
class Block:
    """`kind` is the second word of the info string."""

    language: str
    kind: str
    text: str


@dataclass(slots=True)
class Reader:
    """What a reader has: the real ports for those of the page, what was exported, and what the last command said."""

    folder: Path
    ports: dict[str, int] = field(default_factory=dict)
    exports: list[str] = field(default_factory=list)
    said: str = ""

    def url(self, port: int) -> str:
        """The address at which the server of this port really listens."""
        return f"http://localhost:{self.ports[str(port)]}"


def blocks_of(page: Path) -> list[Block]:
    """The code blocks of a page, in order."""
    return [Block(*found) for found in _BLOCK.findall(page.read_text())]


@contextmanager
def followed(page: Path, folder: Path, **meanwhile: Callable[[Reader], object]) -> Iterator[Reader]:
    """The reader at the end of the page, while the servers still run.

    `meanwhile` is what the reader does by hand, each before the first command of a name: `export=click`.
    """
    reader = Reader(folder)
    with ExitStack() as stack:
        for block in blocks_of(page):
            named = _ASKING.sub(r"\1 --url http://127.0.0.1:8080", block.text)
            text = _PORT.sub(lambda port: str(_port(reader, port[0])), named)
            if block.kind.startswith("file="):
                _save(folder / block.kind.removeprefix("file="), text)
            elif block.kind == "server":
                stack.enter_context(_served(reader, text))
            elif block.kind == "output":
                expected = re.escape(text.strip()).replace("…", ".*?")
                assert re.fullmatch(expected, reader.said.strip(), re.DOTALL), reader.said
            elif block.kind != "install" and block.language in _PROGRAMS:
                for name in {*meanwhile} & {*text.split()}:
                    meanwhile.pop(name)(reader)
                _run(reader, block, text)
        yield reader


def _port(reader: Reader, named: str) -> int:
    if named not in reader.ports:
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            reader.ports[named] = free.getsockname()[1]
    return reader.ports[named]


def _save(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def _environment(folder: Path) -> dict[str, str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {**os.environ, "PATH": path, "XDG_CACHE_HOME": str(folder / ".cache")}


def _run(reader: Reader, block: Block, text: str) -> None:
    own = block.language == "sh" and _PLAIN.fullmatch(text)
    code = _called(reader, text) if own else _processed(reader, block.language, text)
    assert (code != 0) == (block.kind == "fails"), f"{text}\n{reader.said}"


def _called(reader: Reader, text: str) -> int:
    """The exit code of a plain call of mockportal; in this process, as a new one takes a second to load."""
    said = io.StringIO()
    environment = patch.dict(os.environ, {"XDG_CACHE_HOME": str(reader.folder / ".cache")})
    with environment, chdir(reader.folder), redirect_stdout(said), redirect_stderr(said):
        code = main(shlex.split(text)[1:])
    reader.said = said.getvalue()
    return code


def _processed(reader: Reader, language: str, text: str) -> int:
    program = "\n".join([*reader.exports, text]) if language == "sh" else text
    done = subprocess.run(
        [*_PROGRAMS[language], program],
        cwd=reader.folder,
        env=_environment(reader.folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=120,
    )
    reader.exports += [line for line in text.splitlines() if line.startswith("export ")]
    reader.said = done.stdout
    return done.returncode


@contextmanager
def _served(reader: Reader, text: str) -> Iterator[None]:
    """The command, in the background, once its port takes connections."""
    words = shlex.split(text)
    port = next((word for word in words if word.isdigit()), "")
    if not port:
        port = str(_port(reader, "8080"))
        words += ["--port", port]
    with subprocess.Popen(
        words,
        cwd=reader.folder,
        env=_environment(reader.folder),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            _wait_for(int(port), server)
            yield
        finally:
            server.terminate()


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    while server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError(f"{server.args} has ended with {server.returncode}")
