"""A mock at a port, served from a thread."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Unpack

from mockportal.library.choices import Choices, setup_from
from mockportal.library.hosting import HostedMock
from mockportal.library.world_client import WorldClient
from mockportal.mock import DEFAULT


class Served:
    """A mock that answers at `url`, where browsers and programs in any language reach it."""

    def __init__(self, host: HostedMock, url: str) -> None:
        self._host = host
        self.url = url

    def world(self, name: str = "", scenario: str | None = None, **choices: Unpack[Choices]) -> WorldClient:
        """A new world of it; `url` of the world is where a browser finds it. Raises `UsageError`."""
        return WorldClient(scenario, world=name, host=self._host, at=self.url, **choices)


@contextmanager
def serve(
    scenario: str = DEFAULT, *, address: str = "127.0.0.1", port: int = 0, **choices: Unpack[Choices]
) -> Iterator[Served]:
    """A mock at a free port, or at `port`, until the `with` block ends. Raises `MockportalError`.

    Anybody who reaches the address may use it, and its control API: leave it on this machine.
    """
    host = HostedMock(setup_from(scenario, choices))
    try:
        yield Served(host, host.listen(address, port))
    finally:
        host.close()
