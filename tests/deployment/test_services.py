"""The mock as a service of a job on GitHub and GitLab, and the hook of pre-commit, followed as far as that goes here."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.support.instructions import ROOT

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
GITLAB: dict[str, Any] = yaml.safe_load((ROOT / "recipes" / "gitlab-ci.yml").read_text())
HOOK: dict[str, Any] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())[0]
BIN = Path(sys.executable).parent


@contextmanager
def shell(script: str, folder: Path, **variables: str) -> Iterator[str]:
    """The output of a script; whatever it leaves running is ended afterwards."""
    environment = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", **variables}
    line = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    with (folder / "output").open("w+") as output:
        process = subprocess.Popen(
            line, cwd=folder, env=environment, stdout=output, stderr=output, start_new_session=True
        )
        try:
            code = process.wait(timeout=60)
            output.seek(0)
            text = output.read()
            assert code == 0, text
            yield text
        finally:
            with suppress(ProcessLookupError):  # it may have left nothing running
                os.killpg(process.pid, signal.SIGTERM)


def serve_step() -> tuple[str, dict[str, str]]:
    """The script that starts the mock, and its variables as the defaults of the inputs fill them in."""
    step = next(step for step in ACTION["runs"]["steps"] if step["name"] == "serve")
    inputs = {name: re.search(r"inputs\.(\w+)", value) for name, value in step["env"].items()}
    return step["run"], {
        name: ACTION["inputs"][found[1]]["default"] for name, found in inputs.items() if found
    }


def test_action_serves_until_the_job_ends(tmp_path: Path) -> None:
    script, variables = serve_step()
    (tmp_path / "mockportal").mkdir()
    (tmp_path / "mockportal" / "bin").symlink_to(BIN)
    own = {
        "PORT": "0",
        "CLOCK": "2026-12-24T18:00:00Z",
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_OUTPUT": "outputs",
    }

    with shell(script, tmp_path, **{**variables, **own}) as output:
        name, _, url = (tmp_path / "outputs").read_text().strip().partition("=")
        answer = httpx.get(f"{url}/__mockportal/health").json()

    assert name == "url"
    assert output == f"mockportal serves default at {url}\n"
    assert answer["clock"]["now"] == "2026-12-24T18:00:00.000Z"


def test_action_fails_with_the_line_of_the_mock(tmp_path: Path) -> None:
    script, variables = serve_step()
    (tmp_path / "mockportal").mkdir()
    (tmp_path / "mockportal" / "bin").symlink_to(BIN)
    own = {"SCENARIO": "overdue-invoic", "RUNNER_TEMP": str(tmp_path), "GITHUB_OUTPUT": "outputs"}

    with (
        pytest.raises(AssertionError, match="did you mean 'overdue-invoice'"),
        shell(script, tmp_path, **{**variables, **own}),
    ):
        pass


def test_action_runs_no_input_as_code_and_uses_what_it_declares() -> None:
    text = (ROOT / "action.yml").read_text()

    assert not [step for step in ACTION["runs"]["steps"] if "${{" in step["run"]]
    assert set(re.findall(r"inputs\.(\w+)", text)) == ACTION["inputs"].keys()


def test_gitlab_recipe_serves_the_mock_to_a_job(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
    job = GITLAB["frontend"]
    install, *lines = job["before_script"]

    with shell("\n".join(lines).replace("8080", port), tmp_path):
        url = job["variables"]["PORTAL_API"].replace("8080", port)
        assert httpx.get(f"{url}/v2/portal/user").status_code == 401

    assert install == "pip install --quiet mockportal"


def test_hook_names_the_line_of_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "right.yaml").write_text("about: Right.\nextends: default\n")
    (tmp_path / "scenarios" / "wrong.yaml").write_text("about: Wrong.\nextnds: default\n")

    codes = {}
    for name in ("right", "wrong"):
        line = [str(BIN / HOOK["entry"].split()[0]), *HOOK["entry"].split()[1:], f"scenarios/{name}.yaml"]
        done = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, check=False)
        codes[name] = (done.returncode, "scenarios/wrong.yaml:2:1" in done.stdout)

    assert codes == {"right": (0, False), "wrong": (1, True)}
    assert re.search(HOOK["files"], "scenarios/mine.yaml")
    assert not re.search(HOOK["files"], "docs/scenarios.yaml")
