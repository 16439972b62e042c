"""Test runs of others, in this process, with the plugin."""

from collections.abc import Callable
from importlib.metadata import entry_points
from typing import Literal

import pytest

from mockportal import Client

Run = Callable[..., pytest.RunResult]
IS_INSTALLED = any(entry.value == "mockportal.pytest_plugin" for entry in entry_points(group="pytest11"))
PLUGIN = () if IS_INSTALLED else ("-p", "mockportal.pytest_plugin")


@pytest.fixture(scope="session")
def loaded() -> None:
    """The library and its mock, once for all runs in this process: what a run loads itself is forgotten after it."""
    Client().close()


@pytest.fixture
def run(pytester: pytest.Pytester, loaded: None) -> Run:
    """Runs pytest over files, by name; the result counts the outcomes."""

    def run(
        *arguments: str, how: Literal["inprocess", "subprocess"] = "inprocess", **files: str
    ) -> pytest.RunResult:
        if files:
            pytester.makepyfile(**files)
        runs = {"inprocess": pytester.runpytest_inprocess, "subprocess": pytester.runpytest_subprocess}
        return runs[how](*PLUGIN, "-W", "error", "--strict-markers", "-p", "no:cacheprovider", *arguments)

    return run
