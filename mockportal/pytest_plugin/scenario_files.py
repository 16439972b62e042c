"""Scenario files as tests: each is played from its start, and fails with file and line of what does not hold."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

import mockportal
from mockportal.errors import MockportalError
from mockportal.pytest_plugin.marks import configured, world_name


class BrokenExpectations(Exception):
    """The lines of a scenario that does not hold."""


class ScenarioTests(pytest.File):
    """A file that holds one scenario."""

    def collect(self) -> Iterable[pytest.Item]:
        """One test: its expectations follow each other."""
        yield ScenarioTest.from_parent(self, name="expect")


class ScenarioTest(pytest.Item):
    """The expectations of a scenario."""

    def runtest(self) -> None:
        """Plays them. Raises `BrokenExpectations`, or `MockportalError` for a file that cannot be used."""
        name = world_name(self.nodeid)
        with mockportal.Client(_shown(self.path), world=name, **configured(self.config)) as client:
            broken = client.verify()
        if broken:
            raise BrokenExpectations("\n".join(broken))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The lines alone."""
        if isinstance(excinfo.value, BrokenExpectations | MockportalError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """The file, from its first line on."""
        return self.path, 0, f"{self.path.stem}: expect"


def _shown(path: Path) -> str:
    """The path from the current folder, if that is shorter."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
