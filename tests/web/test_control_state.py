"""What the control API lets into the state of a world: the same as a scenario."""

from typing import Any

import pytest
from httpx import AsyncClient

from tests.support.limits import limited
from tests.web.test_control import BASE, http

__all__ = ["http"]
pytestmark = pytest.mark.anyio


async def put(http: AsyncClient, path: str, body: Any, method: str = "PUT") -> tuple[int, str]:
    response = await http.request(method, f"{BASE}/worlds/main/state/{path}", json=body)
    return response.status_code, response.json().get("message", "")


@pytest.mark.parametrize(
    ("path", "change", "problem"),
    [
        ("contract/v-900001", {"status": "aktiv"}, "contract /status: 'aktiv' is not one of"),
        ("contract/v-900001", {"installment_amount": 84.5}, "contract /installment_amount: 84.5"),
        ("contract/v-900001", {"end_date": "30.04.2026"}, "contract /end_date: '30.04.2026' is not a"),
        ("contract/v-900001", {"customer": "contact/anna"}, "a scenario names one as `!rel contact/anna`"),
        ("contact/anna", {"first_name": 5}, "contact /first_name: 5 is not of type 'string'"),
        ("contact/anna", {"contracts": {"$relation": [{"entity_id": "x"}]}}, "is the inverse of contract."),
        ("order/an-2026-00431", {"expires_at": "bald"}, "order /expires_at: 'bald' is not a"),
        ("portal_user/anna", {"expires_at": "bald"}, "portal_user /expires_at: 'bald' is not a"),
        ("organization/500001", {"env": {"A": {}}}, "organization /env/A: 'value' is a required property"),
        ("schema/contract", {"attributes": [{"label": "x"}]}, "is a required property"),
    ],
)  # fmt: skip
async def test_change_that_would_break_an_answer_is_refused(
    http: AsyncClient, path: str, change: dict[str, Any], problem: str
) -> None:
    before = (await http.get(f"{BASE}/worlds/main/state/{path}")).json()

    status, message = await put(http, path, change, "PATCH")

    assert status == 400
    assert problem in message
    assert (await http.get(f"{BASE}/worlds/main/state/{path}")).json() == before


async def test_relation_to_another_kind_is_refused_and_one_to_nobody_is_taken(http: AsyncClient) -> None:
    order = (await http.get(f"{BASE}/worlds/main/state/order/an-2026-00431")).json()["_id"]
    to_order, to_nobody = ({"customer": {"$relation": [{"entity_id": id}]}} for id in (order, "nobody"))

    refused = await put(http, "contract/v-900001", to_order, "PATCH")
    taken = await put(http, "contract/v-900001", to_nobody, "PATCH")

    assert refused == (400, "contract /customer: names a record of order; it has to be contact or account")
    assert taken == (200, "")


async def test_collection_without_a_component_schema_is_checked(http: AsyncClient) -> None:
    status, message = await put(http, "target/mine", {"filters": "none"})

    assert (status, message) == (400, "target /filters: 'none' is not of type 'array'")


async def test_record_beyond_what_a_world_may_hold_is_refused(http: AsyncClient) -> None:
    with limited(state_bytes=50_000):
        status, message = await put(http, "ticket/big", {"text": "x" * 60_000})
        small, _ = await put(http, "ticket/small", {"text": "x"})

    assert (status, message) == (
        400,
        "this world holds no more than 50000 bytes of changes (limit state_bytes)",
    )
    assert small == 201
