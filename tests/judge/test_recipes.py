"""The recipes for CI, run as far as that goes without a CI."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.command_line import run_command

ROOT = Path(__file__).parent.parent.parent
WORKFLOW = ROOT / ".github" / "workflows" / "contract.yml"
SMALL = {"PHASES": "examples", "TARGET": ""}


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", **more}


def run(line: list[str], folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        line, cwd=folder, env=environment(**more), capture_output=True, text=True, check=False, timeout=300
    )


def steps() -> dict[str, dict[str, Any]]:
    document = yaml.safe_load(WORKFLOW.read_text())
    return {step.get("name", step.get("uses")): step for step in document["jobs"]["judge"]["steps"]}


def test_shell_recipe_judges_and_summarises(tmp_path: Path) -> None:
    done = run(
        [str(ROOT / "recipes" / "contract.sh")], tmp_path, **SMALL, SUMMARY="summary.md", FORMAT="github"
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "::notice" in done.stdout
    assert (tmp_path / "contract-report" / "junit.xml").exists()
    assert (tmp_path / "summary.md").read_text() == (tmp_path / "contract-report" / "summary.md").read_text()


def test_shell_recipe_hands_on_that_there_is_nothing_to_judge(tmp_path: Path) -> None:
    done = run([str(ROOT / "recipes" / "contract.sh")], tmp_path, TARGET="http://127.0.0.1:9")

    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1


def test_workflow_judges_with_the_same_command(tmp_path: Path) -> None:
    judge = steps()["judge"]
    given = dict.fromkeys(judge["env"], "") | SMALL

    done = run(["bash", "-e", "-o", "pipefail", "-c", judge["run"]], tmp_path, **given)

    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "contract-report" / "report.json").exists()


def test_workflow_runs_no_input_as_code() -> None:
    assert not [name for name, step in steps().items() if "${{" in step.get("run", "")]


def test_workflow_uses_only_inputs_and_secrets_that_it_declares() -> None:
    document = yaml.safe_load(WORKFLOW.read_text())
    declared = document[True]["workflow_call"]  # YAML 1.1 reads `on` as true, GitHub does not

    used = set(re.findall(r"(inputs|secrets)\.([\w-]+)", WORKFLOW.read_text().partition("jobs:\n  judge")[2]))

    assert used == {(kind, name) for kind in ("inputs", "secrets") for name in declared[kind]}


@pytest.mark.parametrize(
    "flag", ["--report", "--target", "--phases", "--targets", "--deviations", "--format"]
)
def test_recipes_use_flags_that_there_are(flag: str) -> None:
    shown = run_command(ROOT, "contract", "--help").stdout

    assert f"{flag} " in shown
