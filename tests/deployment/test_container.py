"""The container, its commands followed without Docker, and the files that describe it, linted."""

import json
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import yaml

from tests.support.instructions import ROOT, build, copy_context, environment, instructions, rest_of, started

COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["mockportal"]
SCENARIO = "about: Mine.\nextends: default\n"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source, opt = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("opt") / "mockportal"
    copy_context(source)
    build(source, opt)
    return opt


def checks_health(installed: Path, url: str) -> bool:
    """True if the command of the health check ends well against the server at a URL."""
    line = json.loads(rest_of("HEALTHCHECK").partition("CMD ")[2])
    line = [
        str(installed / "bin" / line[0]),
        *(part.replace("127.0.0.1:8080", url.partition("//")[2]) for part in line[1:]),
    ]
    return subprocess.run(line, env=environment(installed), capture_output=True, check=False).returncode == 0


def files(folder: Path) -> dict[str, float]:
    return {str(path): path.stat().st_mtime for path in folder.rglob("*")}


def test_image_serves_is_healthy_and_writes_nothing(installed: Path, tmp_path: Path) -> None:
    before = files(installed)

    with started(installed, tmp_path, json.loads(rest_of("CMD"))) as (url, process):
        url = url.replace("0.0.0.0", "127.0.0.1")
        user = httpx.get(f"{url}/v2/portal/user", headers={"Authorization": "Bearer dev-anna"})
        control = httpx.get(f"{url}/__mockportal/health")
        assert checks_health(installed, url)
        process.terminate()
        assert process.wait(timeout=20) == 0
        assert not checks_health(installed, url)

    assert user.json()["data"]["email"] == "anna.berger@example.org"
    assert control.status_code == 404  # without a token it is off outside this machine
    assert files(installed) == before
    assert list(tmp_path.iterdir()) == []


def test_image_has_a_user_without_rights_and_says_its_port() -> None:
    user, group = map(int, rest_of("USER").split(":"))

    assert min(user, group) >= 1000
    assert rest_of("EXPOSE") == "8080"
    assert [word for word, _ in instructions()][-2:] == ["ENTRYPOINT", "CMD"]


def test_compose_serves_scenarios_of_the_folder_with_a_control_token(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "mine.yaml").write_text(SCENARIO)
    token = re.sub(r"\$\{\w+:-(\w+)\}", r"\1", COMPOSE["environment"]["MOCKPORTAL_CONTROL_TOKEN"])

    with started(installed, tmp_path, COMPOSE["command"], MOCKPORTAL_CONTROL_TOKEN=token) as (url, _):
        url = url.replace("0.0.0.0", "127.0.0.1")
        refused = httpx.get(f"{url}/__mockportal/scenarios")
        listed = httpx.get(f"{url}/__mockportal/scenarios", headers={"Authorization": f"Bearer {token}"})

    assert refused.status_code == 401
    assert "mine" in [one["name"] for one in listed.json()["scenarios"]]


def test_compose_mounts_scenarios_where_the_image_looks_for_them() -> None:
    assert COMPOSE["volumes"] == [f"./scenarios:{rest_of('WORKDIR')}/scenarios:ro"]
    assert COMPOSE["read_only"]
    assert COMPOSE["cap_drop"] == ["ALL"]
    assert all(port.startswith("127.0.0.1:") for port in COMPOSE["ports"])


@pytest.mark.parametrize(
    "line",
    [
        "hadolint Dockerfile",
        "check-jsonschema --builtin-schema vendor.compose-spec compose.yaml",
        "check-jsonschema --builtin-schema vendor.github-actions action.yml",
        "check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/contract.yml",
        "check-jsonschema --builtin-schema vendor.gitlab-ci --data-transform gitlab-ci recipes/gitlab-ci.yml",
        "zizmor --offline --quiet .",
    ],
)
def test_linters_find_nothing(line: str) -> None:
    command, *arguments = line.split()

    done = subprocess.run(
        [str(Path(sys.executable).parent / command), *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_development_container_installs_as_the_readme_says() -> None:
    settings = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text())

    assert f"\n{settings['postCreateCommand']} && .venv/bin/pytest" in (ROOT / "README.md").read_text()
    assert settings["forwardPorts"] == [8080]
