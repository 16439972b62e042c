"""A client of the customers' pool for each test."""

import pytest

from mockportal.engine.world import World
from mockportal.mock import Mock
from tests.support.pool_client import INSTALLERS, INSTALLERS_CLIENT, PoolClient


@pytest.fixture
def pool(mock: Mock, world: World) -> PoolClient:
    return PoolClient(mock, world)


@pytest.fixture
def installers(mock: Mock, world: World) -> PoolClient:
    return PoolClient(mock, world, INSTALLERS, INSTALLERS_CLIENT)
