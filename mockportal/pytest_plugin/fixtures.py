"""The fixtures of the plugin. The library is loaded when the first test asks for one."""

from __future__ import annotations  # the types stand in the library

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

import mockportal
from mockportal.pytest_plugin.marks import choices_of, world_name

if TYPE_CHECKING:
    import httpx

WORLD = pytest.StashKey["mockportal.Client"]()
HAS_FAILED = pytest.StashKey[bool]()


@pytest.fixture
def portal(request: pytest.FixtureRequest) -> Iterator[mockportal.Client]:
    """A world of its own for the test, named after it, in process. What it expects is verified at the end."""
    item: pytest.Item = request.node
    with mockportal.Client(world=world_name(item.nodeid), **choices_of(item)) as client:
        item.stash[WORLD] = client
        yield client
        broken = [] if HAS_FAILED in item.stash else client.verify()
        if broken:
            pytest.fail("\n".join(["expected of the world, but not so:", *broken]), pytrace=False)


@pytest.fixture
def portal_client(portal: mockportal.Client) -> Iterator[httpx.Client]:
    """A client of the test's world without a token, and without a socket."""
    with portal.as_() as client:
        yield client


@pytest.fixture
def portal_async_client(portal: mockportal.Client) -> httpx.AsyncClient:
    """The same for tests that run on asyncio or trio."""
    return portal.async_as()


@pytest.fixture
def portal_server(portal: mockportal.Client) -> mockportal.Served:
    """The mock at a real port, for browsers. From then on `portal.url` is the test's world at that port."""
    return mockportal.Served(portal.host, portal.listen())
