"""Two hypothesis profiles: `short` in every run of the tests, `long` when `MOCKPORTAL_PROFILE` says so."""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings

from mockportal.engine.world import World
from mockportal.mock import Mock
from tests.support.machines import fresh_world, the_mock

_WITHOUT_EXPLAINING = (
    Phase.explicit,
    Phase.generate,
    Phase.shrink,
)  # it takes as long as finding the failure
_TOGETHER = settings(
    deadline=None,
    database=None,
    phases=_WITHOUT_EXPLAINING,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)

settings.register_profile(
    "short", _TOGETHER, max_examples=8, stateful_step_count=20, derandomize=True, print_blob=False
)
settings.register_profile("long", _TOGETHER, max_examples=10, stateful_step_count=600, print_blob=True)
settings.load_profile(os.environ.get("MOCKPORTAL_PROFILE", "short"))


@pytest.fixture(scope="session")
def mock() -> Mock:
    return the_mock()


@pytest.fixture
def world() -> World:
    return fresh_world()
