"""`--watch`: what is served is loaded again when one of its files changes, and running worlds keep what was done in
them. A broken file leaves everything as it was."""

import asyncio
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

from mockportal.errors import MockportalError
from mockportal.files.stamps import Stamp, stamp_of
from mockportal.mock import Mock
from mockportal.state.scenario_files import is_path
from mockportal.web.rebasing import rebase

_SECONDS = 0.3
_failures = logging.getLogger("mockportal")


class Watch:
    """Looks at the files of the served scenario, of the document and its overlays, and of the behaviours.

    While something cannot be loaded, every file in the folders of scenarios counts: the mistake may be in one that is
    new to the scenario. `mock.problem` says until then what it is.
    """

    def __init__(self, mock: Mock) -> None:
        self._mock = mock
        self._folders = mock.setup.folders()
        self._seen = self._stamps()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(_SECONDS)
            await self.look()

    async def look(self) -> None:
        """Loads everything again if a file has changed since the last look. Whatever goes wrong is told in one line on
        stderr; the log has the traceback of a bug."""
        now = self._stamps()
        if now == self._seen:
            return
        changed = {path for path in now.keys() | self._seen.keys() if now.get(path) != self._seen.get(path)}
        problem, left = await self._reload(changed)
        self._mock.problem = problem
        # a file that has changed during the reload counts as it was before
        self._seen = {**self._stamps(), **now} if problem else self._stamps() | self._known(now)
        outcome = f"{problem}; what was there is still served" if problem else "loaded again"
        for line in (outcome, *left):
            sys.stderr.write(f"mockportal: {line}\n")

    async def _reload(self, changed: set[Path]) -> tuple[str, list[str]]:
        """The problem in one line, or "" if everything was loaded; and the worlds that stay on their old base."""
        try:
            with_code = not changed.isdisjoint(self._mock.code_files()) or bool(self._mock.problem)
            return "", await rebase(self._mock, self._mock.fresh(with_code))
        except MockportalError as error:
            return str(error), []
        except OSError as error:  # a file that vanishes while it is looked at, a folder that nobody may read
            return f"{error.filename or 'a file'}: cannot be read ({error.strerror or error})", []
        except Exception as error:
            _failures.exception("what was served could not be loaded again: this is a bug of mockportal")
            return f"nothing could be loaded again: {type(error).__name__}, and the log says why", []

    def _stamps(self) -> dict[Path, Stamp]:
        return {path: stamp_of(path) for path in self._paths()}

    def _known(self, stamps: dict[Path, Stamp]) -> dict[Path, Stamp]:
        """The stamps of files that still belong to what is served."""
        return {path: stamps[path] for path in self._mock.files() if path in stamps}

    def _paths(self) -> Iterator[Path]:
        yield from self._mock.files()
        if not self._mock.problem:
            return
        for folder in self._folders:
            yield from _listed(folder, "**/*.y*ml")
        if is_path(self._mock.setup.scenario):
            yield from _listed(Path(self._mock.setup.scenario).parent, "*.y*ml")


def _listed(folder: Path, pattern: str) -> list[Path]:
    try:
        return list(folder.glob(pattern))
    except OSError:  # nobody may read it
        return []
