"""`--watch`: the scenario is loaded again when one of its files changes; a broken file leaves the old one served."""

import asyncio
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

from mockportal.errors import MockportalError
from mockportal.files.stamps import Stamp, stamp_of
from mockportal.mock import Mock

_SECONDS = 0.3
_failures = logging.getLogger("mockportal")


class Watch:
    """Looks at the files of the served scenario. A reload resets every world that was made from it.

    While the scenario cannot be loaded, every file in its folders counts: the mistake may be in one that is new to it.
    """

    def __init__(self, mock: Mock) -> None:
        self._mock = mock
        self._folders = mock.setup.folders()
        self._broken = False
        self._seen = self._stamps()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(_SECONDS)
            self.look()

    def look(self) -> None:
        """Loads the scenario again if a file has changed since the last look. Whatever goes wrong is told in one line
        on stderr; the log has the traceback of a bug."""
        now = self._stamps()
        if now == self._seen:
            return
        problem = self._reload()
        self._broken = bool(problem)
        # a file that has changed during the reload counts as it was before
        self._seen = {**self._stamps(), **now} if problem else self._stamps() | self._known(now)
        outcome = (
            f"{problem}; the old scenario is still served" if problem else "the scenario was loaded again"
        )
        sys.stderr.write(f"mockportal: {outcome}\n")

    def _reload(self) -> str:
        """The problem in one line, or "" if the scenario was loaded."""
        try:
            self._mock.reload()
        except MockportalError as error:
            return str(error)
        except OSError as error:  # a file that vanishes while it is looked at, a folder that nobody may read
            return f"{error.filename or 'the scenario'}: cannot be read ({error.strerror or error})"
        except Exception as error:
            _failures.exception("the scenario could not be loaded again: this is a bug of mockportal")
            return f"the scenario could not be loaded again: {type(error).__name__}, and the log says why"
        return ""

    def _stamps(self) -> dict[Path, Stamp]:
        return {path: stamp_of(path) for path in self._paths()}

    def _known(self, stamps: dict[Path, Stamp]) -> dict[Path, Stamp]:
        """The stamps of files that still belong to the scenario."""
        return {path: stamps[path] for path in self._mock.scenario_files() if path in stamps}

    def _paths(self) -> Iterator[Path]:
        yield from self._mock.scenario_files()
        if not self._broken:
            return
        for folder in self._folders:
            yield from _listed(folder, "**/*.y*ml")
        if self._mock.setup.scenario.endswith((".yaml", ".yml")):
            yield from _listed(Path(self._mock.setup.scenario).parent, "*.y*ml")


def _listed(folder: Path, pattern: str) -> list[Path]:
    try:
        return list(folder.glob(pattern))
    except OSError:  # nobody may read it
        return []
