"""The artefacts as somebody has them who has nothing else: installed into empty environments, used in empty folders."""

import json
import os
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
_ANNA = {"Authorization": "Bearer dev-anna"}
_PLAIN = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("PYTHON", "MOCKPORTAL", "PIP_FIND"))
}
_PYTEST = """
import mockportal
import pytest
from mockportal import Client, Served

@pytest.mark.portal(scenario="overdue-invoice")
def test_world(portal: Client, portal_server: Served) -> None:
    assert portal.as_("mehmet").get("/v2/portal/user").is_success
"""
_SCENARIO = """about: Anna is there.
extends: default
expect:
  - {as: dev-anna, operation: getPortalUser, status: 200}
"""
_NODE = """
import { startMockportal } from "@mockportal/test";

const mock = await startMockportal({ url: process.argv[2] });
const world = await mock.world("trial", { scenario: "overdue-invoice" });
const answer = await fetch(`${world.url}/v2/portal/user`, { headers: await world.headers("mehmet") });
console.log(answer.status);
await world.close();
await mock.close();
"""


class Failed(Exception):
    """An artefact does not work."""


def python_of(version: str) -> str | None:
    """The path of a Python that runs and can make environments: on the PATH, or of pyenv."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    places = [shutil.which(f"python{version}"), *sorted(map(str, pyenv.glob(f"{version}.*/bin/python")))]
    return next((place for place in places if place and _runs(place)), None)


def try_sdist(python: str, sdist: Path, version: str, folder: Path) -> None:
    """Installs the sdist without its dependencies, which builds it in an environment of its own. Raises `Failed`."""
    environment = _environment(python, folder / "sdist", "--no-deps", str(sdist))
    found = _run([environment / "python", "-c", "import mockportal; print(mockportal.__version__)"], folder)
    _hold(found == version, f"the sdist installs version {found}")


def try_wheel(python: str, wheel: Path, version: str, folder: Path) -> Path:
    """Installs the wheel, serves from an empty folder, writes the manual, and runs tests with the plugin. The answer is
    the folder of the installed commands. Raises `Failed`."""
    environment = _environment(python, folder / "wheel", f"{wheel}[pytest]")
    empty, tests = folder / "empty", folder / "tests"
    empty.mkdir()
    tests.mkdir()
    told = _run([environment / "mockportal", "--version"], empty)
    _hold(told == f"mockportal {version}", f"--version prints {told!r}")
    with served(environment, empty) as url:
        request = urllib.request.Request(f"{url}/v2/portal/user", headers=_ANNA)
        with urllib.request.urlopen(request, timeout=20) as answer:
            email = json.load(answer)["data"]["email"]
    _hold(email == "anna.berger@example.org", f"serve answers {email!r}")
    _hold(list(empty.iterdir()) == [], "serve writes into its folder")
    address = urlsplit(
        _run([environment / "mockportal", "docs", "rules", "--no-browser"], empty, XDG_CACHE_HOME=str(folder))
    )
    _hold('id="rules"' in Path(address.path).read_text(), f"docs leads to {address.path}")
    (tests / "test_one.py").write_text(_PYTEST)
    (tests / "test_two.yaml").write_text(_SCENARIO)
    line: list[str | Path] = [
        environment / "python",
        "-m",
        "pytest",
        "-q",
        "-W",
        "error",
        "--strict-markers",
        "-p",
        "no:cacheprovider",
    ]
    _hold("2 passed" in _run(line, tests), "the plugin does not run two tests")
    return environment


def try_npm(tarball: Path, environment: Path, folder: Path) -> None:
    """Installs the npm tarball into an empty project, whose program asks a mock of the wheel. Raises `Failed`."""
    project = folder / "project"
    project.mkdir()
    (project / "package.json").write_text('{"type": "module"}')
    (project / "program.mjs").write_text(_NODE)
    _run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--omit=peer", str(tarball)], project)
    with served(environment, folder / "empty") as url:
        answered = _run(["node", "program.mjs", url], project)
    _hold(answered == "200", f"the program in Node prints {answered!r}")


@contextmanager
def served(environment: Path, folder: Path) -> Iterator[str]:
    """The URL of a mock that an installed command serves. Raises `Failed` if it writes a warning, or anything else, to
    stderr."""
    line: list[str | Path] = [environment / "mockportal", "serve", "--port", "0"]
    own = {**_PLAIN, "PYTHONWARNINGS": "always"}
    process = subprocess.Popen(
        line, cwd=folder, env=own, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        ready = process.stdout.readline()
        _hold(ready.startswith("mockportal ready at "), f"serve begins with {ready!r}")
        yield ready.split()[3]
    finally:
        process.terminate()
        _, errors = process.communicate(timeout=20)
    _hold(errors == "", f"serve writes to stderr:\n{errors}")


def _environment(python: str, folder: Path, *wanted: str) -> Path:
    """The folder of the commands of a new environment with what is wanted."""
    _run([python, "-m", "venv", folder], folder.parent)
    commands = folder / "bin"
    _run(
        [commands / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted],
        folder,
    )
    return commands


def _runs(python: str) -> bool:
    return (
        subprocess.run([python, "-c", "import venv, ssl"], capture_output=True, check=False).returncode == 0
    )


def _run(line: list[str | Path], folder: Path, **own: str) -> str:
    run = subprocess.run(
        line, cwd=folder, env={**_PLAIN, **own}, capture_output=True, text=True, check=False, timeout=600
    )
    _hold(
        run.returncode == 0,
        f"{' '.join(map(str, line))} ends with {run.returncode}:\n{run.stdout}{run.stderr}",
    )
    return run.stdout.strip()


def _hold(holds: bool, problem: str) -> None:
    if not holds:
        raise Failed(problem)
