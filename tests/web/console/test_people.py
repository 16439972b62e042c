"""The people of a world, also of an API that has no users."""

import pytest
from httpx import AsyncClient

from mockportal.engine.api import token_holders
from mockportal.mock import Mock
from tests.web.test_control import ask, http

pytestmark = pytest.mark.anyio
__all__ = ["http"]


async def test_people_of_a_world_are_listed(http: AsyncClient) -> None:
    people = (await ask(http, "GET", "/worlds/main/people"))["people"]

    assert [person["token"] for person in people[:2]] == ["dev-anna", "dev-mehmet"]


def test_api_without_users_has_the_holders_of_tokens(mock: Mock) -> None:
    scenario = mock.scenario(None)

    people = token_holders(scenario, scenario.draft())

    assert people[-2] == {
        "user": None,
        "name": "dev-admin-denied",
        "kind": "admin",
        "token": "dev-admin-denied",
    }
