"""The instructions of a Dockerfile, and their commands followed without Docker."""

import json
import os
import shutil
import site
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
INSTALLED = "/opt/mockportal"


def instructions() -> list[tuple[str, str]]:
    """(instruction, its rest in one line), in order."""
    lines = [line for line in (ROOT / "Dockerfile").read_text().splitlines() if not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [
        (word, rest.strip())
        for word, _, rest in (line.partition(" ") for line in joined.splitlines())
        if word
    ]


def rest_of(wanted: str) -> str:
    """The rest of the last instruction of a kind."""
    return [rest for word, rest in instructions() if word == wanted][-1]


def copy_context(folder: Path) -> None:
    """Copies what `.dockerignore` lets into an image."""
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        source = ROOT / line.removeprefix("!")
        if line.startswith("!") and source.is_dir():
            shutil.copytree(source, folder / source.name, ignore=shutil.ignore_patterns("__pycache__"))
        elif line.startswith("!"):
            shutil.copy(source, folder)


def build(source: Path, installed: Path) -> None:
    """Follows the `RUN` instructions of the first stage, with the libraries that are here already."""
    for word, rest in instructions():
        if word == "RUN":
            own = {"PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0", "PYTHONPATH": site.getsitepackages()[0]}
            path = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
            line = rest.replace(INSTALLED, str(installed))
            subprocess.run(["sh", "-ec", line], cwd=source, env={**os.environ, **own, **path}, check=True)


def environment(installed: Path) -> dict[str, str]:
    """The variables of the last stage."""
    own = dict(pair.split("=", 1) for pair in rest_of("ENV").split())
    path = own.pop("PATH").replace(INSTALLED, str(installed)).replace("$PATH", "/usr/bin:/bin")
    libraries = f"{next(installed.glob('lib/*/site-packages'))}:{site.getsitepackages()[0]}"
    return {**own, "PATH": path, "PYTHONPATH": libraries, "HOME": "/nonexistent"}


@contextmanager
def started(
    installed: Path, folder: Path, command: list[str], **more: str
) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """The URL of what the entry point serves, at a free port."""
    line = [*json.loads(rest_of("ENTRYPOINT")), *command, "--port", "0"]
    whole = {**environment(installed), **more}
    line[0] = str(installed / "bin" / line[0])
    process = subprocess.Popen(
        line, cwd=folder, env=whole, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        ready = process.stdout.readline()
        assert ready.startswith("mockportal ready at "), process.stderr and process.stderr.read()
        yield ready.split()[3], process
    finally:
        process.terminate()
        process.communicate(timeout=20)
