"""A reader who follows a page of `docs/` in an empty folder, command by command.

The info string of a code block tells what the reader does with it:

    ```js file=api.js     saves it
    ```sh                 runs it, and expects the exit code 0; so for `python` and `js`
    ```sh fails           expects the exit code 1
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
from contextlib import chdir, closing, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

import httpx

from mockportal.cli import main

_BLOCK = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PORT = re.compile(r"\b(?:80[89]\d|5173)\b")
_ASKING = re.compile(r"^(mockportal (?:export|token) (?!.*--url).*)$", re.MULTILINE)
_LOADED = re.compile(r"mockportal serve(?: [\w-]+)?\n")
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
    """What a reader has.

    ports:   the real ones for those of the page
    exports: the lines that have exported variables
    servers: by port, those that run
    said:    what the last command has printed
    """

    folder: Path
    ports: dict[str, int] = field(default_factory=dict)
    exports: list[str] = field(default_factory=list)
    servers: "dict[str, subprocess.Popen[bytes]]" = field(default_factory=dict)
    said: str = ""

    def url(self, port: int) -> str:
        """The address at which the server of this port really listens."""
        return f"http://localhost:{self.ports[str(port)]}"


def blocks_of(page: Path) -> list[Block]:
    """The code blocks of a page, in order."""
    return [Block(*found) for found in _BLOCK.findall(page.read_text())]


def is_like(said: str, shown: str) -> bool:
    """True for what a page shows, in which `…` stands for anything."""
    return re.fullmatch(re.escape(shown.strip()).replace("…", ".*?"), said.strip(), re.DOTALL) is not None


@contextmanager
def reading(folder: Path) -> Iterator[Reader]:
    """Somebody in an empty folder, who ends all servers in the end."""
    reader = Reader(folder)
    try:
        yield reader
    finally:
        for server in reader.servers.values():
            _end(server)


@contextmanager
def followed(page: Path, reader: Reader, **meanwhile: Callable[[Reader], object]) -> Iterator[None]:
    """The end of the page, in the reader's folder, while the servers still run.

    `meanwhile` is what the reader does by hand, each before the first command of a name: `export=click`.
    """
    for block in blocks_of(page):
        named = _ASKING.sub(r"\1 --url http://127.0.0.1:8080", block.text)
        text = _PORT.sub(lambda port: str(_port(reader, port[0])), named)
        if block.kind.startswith("file="):
            _save(reader.folder / block.kind.removeprefix("file="), text)
        elif block.kind == "server":
            _serve(reader, text)
        elif block.kind == "output":
            assert is_like(reader.said, text), reader.said
        elif block.kind != "install" and block.language in _PROGRAMS:
            for name in {*meanwhile} & {*text.split()}:
                meanwhile.pop(name)(reader)
            _run(reader, block, text)
    yield


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
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return {**own, "PATH": path, "XDG_CACHE_HOME": str(folder / ".cache")}


def _run(reader: Reader, block: Block, text: str) -> None:
    own = block.language == "sh" and _PLAIN.fullmatch(text) and not reader.exports
    code = _called(reader, text) if own else _processed(reader, block.language, text)
    assert code == (block.kind == "fails"), f"{text}\n{reader.said}"


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


def _serve(reader: Reader, text: str) -> None:
    """Starts a server in place of one at the same port, and waits until it takes connections.

    Where only the scenario is another one, it is loaded into the server that runs.
    """
    words = shlex.split(text)
    port = next((word for word in words if word.isdigit() and len(word) > 3), "")
    if not port:
        port = str(_port(reader, "8080"))
        words += ["--port", port]
    if port in reader.servers:
        if _LOADED.fullmatch(text):
            _load(f"http://127.0.0.1:{port}/__mockportal/worlds/main", words[2:3])
            return
        _end(reader.servers.pop(port))
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(
        words, cwd=reader.folder, env=_environment(reader.folder), stdout=quiet, stderr=quiet
    )
    reader.servers[port] = server
    while server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", int(port)), 1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError(f"{text.strip()} has ended with {server.returncode}")


def _load(world: str, words: list[str]) -> None:
    """The world afresh, from the scenario that a command has named."""
    httpx.delete(world)
    if words and not words[0].startswith("-"):
        httpx.post(f"{world}/reset", json={"scenario": words[0]}).raise_for_status()


def _end(server: "subprocess.Popen[bytes]") -> None:
    server.terminate()
    server.wait(20)
