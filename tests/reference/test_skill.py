"""The skill for agents: its form, and that its commands work."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest
import yaml

from mockportal import cli, serve

FILE = Path(__file__).parents[2] / "skills" / "mockportal" / "SKILL.md"
TEXT = FILE.read_text()
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
LINES = [line for block in BLOCKS for line in block.splitlines()]


def test_front_matter_names_the_folder_and_says_when_to_use_it() -> None:
    front = yaml.safe_load(TEXT.split("---\n")[1])

    assert front["name"] == FILE.parent.name
    assert re.fullmatch(r"[a-z0-9-]{1,64}", front["name"])
    assert "Use it when" in front["description"]
    assert len(front["description"]) <= 1024


def test_skill_is_short_enough_to_be_read_whole() -> None:
    assert len(TEXT.splitlines()) < 300
    assert len(TEXT) < 12_000


def test_commands_of_the_skill_end_well(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    commands = [shlex.split(line)[1:] for line in LINES if line.startswith("mockportal ")]

    assert {" ".join(command): cli.main(command) for command in commands} == {
        "new repro": 0,
        "check scenarios/repro.yaml": 0,
        "verify repro": 0,
    }


def test_requests_of_the_skill_are_answered() -> None:
    requests = [line for line in LINES if line.startswith("curl ")]

    with serve() as mock:
        script = (
            "\n".join(requests)
            .replace("http://127.0.0.1:8080", mock.url)
            .replace("curl -s", "curl -sf -w '\\n'")
        )
        run = subprocess.run(["bash", "-euc", script], capture_output=True, text=True, check=False)

    assert len(requests) >= 10
    assert run.returncode == 0, run.stdout + run.stderr
    assert "anna.berger@example.org" in run.stdout
    assert '"now":"2026-06-29T07:00:00.000Z"' in run.stdout
    assert "operation: getPortalUser" in run.stdout
