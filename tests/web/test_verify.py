"""The control API on expectations and mails."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient

from mockportal.mock import Mock, Setup
from mockportal.spec.spec import Spec
from mockportal.web.app import create_app

WORLD = "/__mockportal/worlds/a"
pytestmark = pytest.mark.anyio


@pytest.fixture
async def http(spec: Spec) -> AsyncIterator[AsyncClient]:
    app = create_app(Mock(Setup(scenario="offer-awaiting-acceptance"), spec))
    async with AsyncClient(transport=ASGITransport(app), base_url="http://a.localhost:8080") as client:
        yield client


async def answer(http: AsyncClient, method: str, path: str) -> Any:
    response = await http.request(method, path)
    assert response.status_code == 200, response.text
    return response.json()


async def test_expectations_are_played_apart_from_the_world(http: AsyncClient) -> None:
    before = await answer(http, "GET", f"{WORLD}/state/order")

    verdict = await answer(http, "POST", f"{WORLD}/verify")

    assert verdict == {
        "scenario": "offer-awaiting-acceptance",
        "holds": True,
        "expectations": 10,
        "failures": [],
    }
    assert await answer(http, "GET", f"{WORLD}/state/order") == before
    assert (await answer(http, "GET", f"{WORLD}/journal"))["entries"] == []


async def test_expectations_are_those_of_the_start_whatever_the_world_has_become(http: AsyncClient) -> None:
    await http.patch(f"{WORLD}/state/order/an-2026-00431", json={"status": "cancelled"})

    verdict = await answer(http, "POST", f"{WORLD}/verify")

    assert verdict["holds"]


async def test_outbox_shows_mails_oldest_first(http: AsyncClient) -> None:
    await http.post(
        "/v2/portal/user/resend/confirmation-email/x", headers={"authorization": "Bearer dev-admin"}
    )
    await http.put(
        f"{WORLD}/state/mail/later", json={"to": "x@example.org", "created_at": "2026-06-15T08:00:00.000Z"}
    )

    mails = (await answer(http, "GET", f"{WORLD}/outbox"))["mails"]

    assert [mail["to"] for mail in mails] == [
        "mehmet.yilmaz@example.org", "emilia.roth@example.org", "nadia.haddad@example.org", "x@example.org"
    ]  # fmt: skip
    assert mails[2]["token"] == "confirm-nadia"
