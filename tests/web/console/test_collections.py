"""Records as a person looks at them: by name, with links both ways, now and at any moment."""

from typing import Any

import pytest
from httpx import AsyncClient

from tests.web.test_control import ANNA, ask, http

pytestmark = pytest.mark.anyio
__all__ = ["http"]
TICKET = "/worlds/main/collections/ticket"


async def collection(http: AsyncClient, name: str, query: str = "") -> Any:
    listed = (await ask(http, "GET", f"/worlds/main/collections{query}"))["collections"]
    return next(one for one in listed if one["name"] == name)


async def change(http: AsyncClient) -> None:
    await ask(http, "PATCH", "/worlds/main/state/ticket/ti-5001", {"status": "Closed"})


async def test_collections_tell_how_much_has_changed(http: AsyncClient) -> None:
    before = await collection(http, "ticket")
    await change(http)

    after = await collection(http, "ticket")

    assert (before["changed"], after["changed"]) == (0, 1)
    assert before["records"] == after["records"] > 1
    assert before["key"] == "_id"
    assert (await collection(http, "asset"))["records"] == 0


async def test_records_are_found_by_name_and_text(http: AsyncClient) -> None:
    every = await ask(http, "GET", TICKET)
    named = await ask(http, "GET", f"{TICKET}?q=TI-5001")
    texts = await ask(http, "GET", f"{TICKET}?q=zur%20rechnung")
    page = await ask(http, "GET", f"{TICKET}?offset=1&limit=1")

    assert [row["name"] for row in named["records"]] == ["ti-5001"]
    assert "ti-5001" in [row["name"] for row in texts["records"]]
    assert page["records"] == every["records"][1:2]
    assert page["total"] == every["total"]


async def test_relations_are_links_in_both_directions(http: AsyncClient) -> None:
    contract = await ask(http, "GET", "/worlds/main/collections/contract/v-900001")
    contact = await ask(http, "GET", "/worlds/main/collections/contact/anna")

    assert ("customer", "contact", "anna") in [
        (one["attribute"], one["kind"], one["name"]) for one in contract["links"]
    ]
    assert ("contracts", "contract", "v-900001") in [
        (one["attribute"], one["kind"], one["name"]) for one in contact["referring"]
    ]
    assert contract["title"] == "V-900001 Musterau ÖkoStrom 24"
    assert contract["attributes"]["contract_number"]["type"] == "string"


async def test_ids_in_plain_attributes_are_links_too(http: AsyncClient) -> None:
    user = await ask(http, "GET", "/worlds/main/collections/portal_user/anna")

    assert ("portal_id", "portal", "p1") in [
        (one["attribute"], one["kind"], one["name"]) for one in user["links"]
    ]


async def test_state_is_shown_as_it_was(http: AsyncClient) -> None:
    await http.get("/v2/portal/user", headers=ANNA)
    await change(http)

    now = await ask(http, "GET", f"{TICKET}/ti-5001")
    then = await ask(http, "GET", f"{TICKET}/ti-5001?at=1")

    assert (now["record"]["status"], then["record"]["status"]) == ("Closed", "Open")
    assert now["start"]["status"] == "Open"
    assert (await collection(http, "ticket", "?at=1"))["changed"] == 0
    assert (await ask(http, "GET", f"{TICKET}?at=2"))["records"][0]["changed"] in (True, False)


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("/tickt", 404, "there is no collection 'tickt'; did you mean 'ticket'?"),
        ("/ticket/ti-50011", 404, "there is no ticket/ti-50011; did you mean 'ti-5001'?"),
        ("/ticket?at=x", 400, "at is not a whole number"),
        ("?at=5", 404, "the journal of main has no entry 5: it keeps no entries"),
        (
            "/ticket?limt=5",
            400,
            "unknown parameter 'limt'; did you mean 'limit'? (known: at, q, offset, limit)",
        ),
    ],
)
async def test_mistake_is_named(http: AsyncClient, path: str, status: int, message: str) -> None:
    assert await ask(http, "GET", f"/worlds/main/collections{path}", None, status) == {"message": message}
