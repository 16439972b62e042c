import pytest

from mockportal.engine.world import World
from mockportal.mock import Mock
from tests.support.browser import Browser


@pytest.fixture
def browser(mock: Mock, world: World) -> Browser:
    return Browser(mock, world)
