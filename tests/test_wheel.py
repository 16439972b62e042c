"""The wheel, built once, as somebody has it who has nothing else."""

import os
import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parent.parent
ALLOWED = re.compile(
    r"mockportal/(?:\w+/)*[\w-]+\.(?:py|pyi|html|css|js|md|pem|svg|typed|schema\.json)|mockportal/web/document/(?:rooms/)?[\w-]+\.yaml|mockportal/content/(?:[\w-]+/)*[\w-]+\.(?:yaml|json)"
    r"|mockportal-[\w.+]+\.dist-info/[\w./]+"
)
TEST = """
import mockportal
import pytest
from mockportal import Client, Served

@pytest.mark.portal(scenario="overdue-invoice")
def test_world(portal: Client, portal_server: Served) -> None:
    assert portal.as_("mehmet").get("/v2/portal/user").is_success
    assert "unpacked" in mockportal.__file__
"""
SCENARIO = """about: Anna is there.
extends: default
expect:
  - {as: dev-anna, operation: getPortalUser, status: 200}
"""


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def test_wheel_holds_the_package_its_types_and_its_content_alone(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())

    assert [name for name in names if not ALLOWED.fullmatch(name)] == []
    assert {"mockportal/py.typed", "mockportal/__init__.pyi", "mockportal/content/openapi.json"} <= names
    assert len([name for name in names if name.startswith("mockportal/content/scenarios/")]) > 50


def test_plugin_of_the_wheel_works_in_an_empty_folder(unpacked: Path, tmp_path: Path) -> None:
    (tmp_path / "test_one.py").write_text(TEST)
    (tmp_path / "test_two.yaml").write_text(SCENARIO)

    line = [sys.executable, "-m", "pytest", "-W", "error", "--strict-markers", "-p", "no:cacheprovider", "."]
    environment = {**os.environ, "PYTHONPATH": str(unpacked)}
    run = subprocess.run(line, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert "2 passed" in run.stdout, run.stdout + run.stderr
