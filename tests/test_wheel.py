"""The wheel, built once, as somebody has it who has nothing else."""

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest

from tests.test_cli import served

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


AGENT = """
import os
import sys
from asyncio import run
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

async def main():
    line = ["-m", "mockportal", "mcp", "overdue-invoice"]
    command = StdioServerParameters(command=sys.executable, args=line, env=dict(os.environ))
    async with Client(stdio_client(command)) as client:
        asked = {"operation": "getCustomerBalance", "who": "mehmet"}
        print((await client.call_tool("call_operation", asked)).structured_content["body"]["balance"])

run(main())
"""


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def test_wheel_serves_from_an_empty_folder(unpacked: Path, tmp_path: Path) -> None:
    with served(tmp_path, PYTHONPATH=str(unpacked), PYTHONWARNINGS="error") as (url, process):
        user = httpx.get(f"{url}/v2/portal/user", headers={"authorization": "Bearer dev-anna"}).json()
        process.terminate()
        _, errors = process.communicate(timeout=20)

    assert user["data"]["email"] == "anna.berger@example.org"
    assert errors == ""
    assert list(tmp_path.iterdir()) == []


def test_plugin_of_the_wheel_works_in_an_empty_folder(unpacked: Path, tmp_path: Path) -> None:
    (tmp_path / "test_one.py").write_text(TEST)
    (tmp_path / "test_two.yaml").write_text(SCENARIO)

    line = [sys.executable, "-m", "pytest", "-W", "error", "--strict-markers", "-p", "no:cacheprovider", "."]
    environment = {**os.environ, "PYTHONPATH": str(unpacked)}
    run = subprocess.run(line, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert "2 passed" in run.stdout, run.stdout + run.stderr


def test_agent_uses_the_wheel_from_an_empty_folder(unpacked: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(unpacked)}
    run = subprocess.run(
        [sys.executable, "-c", AGENT],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.stdout == "42600\n", run.stdout + run.stderr
