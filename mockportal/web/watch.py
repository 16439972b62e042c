"""`--watch`: the scenario is loaded again when one of its files changes; a broken file leaves the old one served."""

import asyncio
import sys
from pathlib import Path

from mockportal.errors import MockportalError
from mockportal.mock import Mock

_SECONDS = 0.3


class Watch:
    """Looks at the files of the served scenario. A reload resets every world that was made from it."""

    def __init__(self, mock: Mock) -> None:
        self._mock = mock
        self._seen = self._stamps()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(_SECONDS)
            if (now := self._stamps()) != self._seen:
                self._seen = now
                self._reload()

    def _reload(self) -> None:
        try:
            self._mock.reload()
        except MockportalError as error:
            sys.stderr.write(f"mockportal: {error}; the old scenario is still served\n")
        else:
            self._seen = self._stamps()
            sys.stderr.write("mockportal: the scenario was loaded again\n")

    def _stamps(self) -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns if path.exists() else 0 for path in self._mock.scenario_files()}
