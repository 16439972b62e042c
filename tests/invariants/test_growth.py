"""A request costs the same in a world with many customers: counted in calls of functions, which come out alike on any
machine."""

import sys
from collections.abc import Mapping
from types import FrameType
from typing import Any

import pytest

from mockportal.engine.world import World
from mockportal.mock import Mock
from mockportal.state.scenario import Scenario
from mockportal.testing import Client
from tests.support.cases import Case, cases
from tests.support.growth import crowded

MANY = 10_000
# Requests that concern every user of a portal.
ABOUT_ALL = frozenset(("deletePortal", "deletePortalConfig", "swapPortalConfig"))


@pytest.fixture(scope="module")
def crowd(mock: Mock) -> Scenario:
    return crowded(mock, MANY)


def calls(mock: Mock, scenario: Scenario, name: str, case: Case) -> int:
    """The calls of functions that it takes to answer."""
    client = Client(mock, World("test", scenario), case.token)
    count = 0

    def note(_: FrameType, event: str, __: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    exchange = client.exchange(name, body=case.body, media_type=case.media_type, **case.params)
    sys.setprofile(None)
    assert exchange.reply.status == case.status
    return count


def test_no_request_scans_a_collection(mock: Mock, crowd: Scenario) -> None:
    few, known = mock.scenario(None), cases(mock.spec, mock.scenario(None))
    counted: Mapping[str, tuple[int, int]] = {
        name: (calls(mock, few, name, case), calls(mock, crowd, name, case))
        for name, case in known.items()
        if name not in ABOUT_ALL
    }

    assert sum(crowd.state.counts().values()) > 10 * sum(few.state.counts().values())
    assert {name: pair for name, pair in counted.items() if pair[1] > 2 * pair[0]} == {}
