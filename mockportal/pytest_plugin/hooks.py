"""The hooks of the plugin: its options, its files, and its part of a report."""

from collections.abc import Generator
from pathlib import Path

import pytest

from mockportal.config import VERSIONS
from mockportal.pytest_plugin.fixtures import HAS_FAILED, WORLD
from mockportal.pytest_plugin.scenario_files import ScenarioTests
from mockportal.pytest_plugin.story import story

_EXPECTS = b"\nexpect:"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the options."""
    group = parser.getgroup("mockportal")
    group.addoption(
        "--portal-export", metavar="DIR", help="write the world of each failed test there, as a scenario"
    )  # fmt: skip
    parser.addini("portal_api", "the version of the Portal API", default=VERSIONS[0])
    parser.addini("portal_scenarios", "the folder of scenarios, from the root folder", default="scenarios")


def pytest_configure(config: pytest.Config) -> None:
    """Declares the mark."""
    config.addinivalue_line(
        "markers", "portal(scenario=, clock=, rules=, seed=, api=): the world of the fixture `portal`"
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A file `test_*.yaml` with expectations is a test."""
    if file_path.suffix != ".yaml" or not file_path.name.startswith("test_"):
        return None
    if _EXPECTS not in b"\n" + file_path.read_bytes():
        return None
    collector: pytest.Collector = ScenarioTests.from_parent(parent, path=file_path)
    return collector


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Adds to the report of a failure what happened in the world of the test."""
    report = yield
    client = item.stash.get(WORLD, None)
    if client is not None and report.failed and report.when == "call":
        item.stash[HAS_FAILED] = True
        folder = item.config.getoption("portal_export")
        report.sections.append((f"world {client.name}", story(client, Path(folder) if folder else None)))
    return report
