"""Explanations: the reason for an answer, stage by stage, and in one line in a header."""

from typing import Any

import pytest
from httpx import AsyncClient, Response

from tests.web.test_control import ANNA, ask, http

pytestmark = pytest.mark.anyio
__all__ = ["http"]

UNKNOWN = "00000000-0000-4000-8000-000000000000"


async def explained(http: AsyncClient, answer: Response) -> Any:
    n, world = answer.headers["x-mockportal-entry"], answer.headers["x-mockportal-world"]
    return await ask(http, "GET", f"/worlds/{world}/journal/{n}/explain")


async def id_of(http: AsyncClient, name: str, world: str = "main") -> str:
    return str((await ask(http, "GET", f"/worlds/{world}/state/{name}"))["_id"])


async def contract(http: AsyncClient, id: str, world: str = "main") -> Response:
    return await http.get(f"/@{world}/v2/portal/contract/{id}", headers=ANNA)


async def test_success_names_its_behaviour_and_what_it_read(http: AsyncClient) -> None:
    told = await explained(http, await contract(http, await id_of(http, "contract/v-900001")))

    assert (told["status"], told["answered_by"], told["reason"]) == (200, "behaviour", None)
    assert told["behaviour"].endswith(".show_contract")
    assert told["guard"]["admitted"] is True
    assert told["guard"]["caller"] == {"kind": "portal", "as": "anna"}
    assert {"contract/v-900001", "contact/anna", "portal_user/anna"} <= {*told["records"]["read"]}
    assert (told["records"]["written"], told["missing"], told["rules"]) == ([], [], [])
    assert told["route"]["candidates"][0] == {
        "operation": "getContract", "method": "GET", "path": "/v2/portal/contract/{id}", "chosen": True,
    }  # fmt: skip


async def test_write_names_what_it_wrote(http: AsyncClient) -> None:
    told = await explained(
        http, await http.patch("/v2/portal/contact", headers=ANNA, json={"first_name": "Änne"})
    )

    assert "contact/anna" in told["records"]["written"]
    assert any(name.startswith("activity/") for name in told["records"]["written"])


async def test_record_that_never_was(http: AsyncClient) -> None:
    answer = await contract(http, UNKNOWN)
    told = await explained(http, answer)

    assert told["missing"] == [
        {"at": "/params/id", "id": UNKNOWN, "reason": "there has never been a contract with this id"}
    ]
    assert answer.headers["x-mockportal-reason"] == told["reason"]
    assert told["reason"] == f"there is no contract {UNKNOWN}: there has never been a contract with this id"


async def test_record_of_somebody_else(http: AsyncClient) -> None:
    id = await id_of(http, "contract/v-900003")
    answer = await contract(http, id)

    assert (await explained(http, answer))["missing"][0]["reason"] == "it belongs to contact/mehmet"
    assert answer.headers["x-mockportal-reason"].endswith(": it belongs to contact/mehmet")
    assert "mehmet" not in answer.text  # the answer itself tells nothing


async def test_record_that_was_deleted_says_by_which_entry(http: AsyncClient) -> None:
    id = await id_of(http, "ticket/ti-5001")
    await ask(http, "DELETE", "/worlds/main/state/ticket/ti-5001", None, 204)

    answer = await http.get(f"/v2/portal/entity/ticket/{id}/activity", headers=ANNA)

    assert answer.status_code == 404
    assert (await explained(http, answer))["missing"][0]["reason"] == "it was deleted by entry 1"


async def test_record_of_another_world(http: AsyncClient) -> None:
    await ask(http, "PUT", f"/worlds/other/state/ticket/{UNKNOWN}", {"_title": "x", "subject": "x"}, 201)

    answer = await http.get(f"/v2/portal/entity/ticket/{UNKNOWN}/activity", headers=ANNA)

    reason = (await explained(http, answer))["missing"][0]["reason"]
    assert reason == "it is in the world other, not in main"


async def test_record_of_another_kind(http: AsyncClient) -> None:
    answer = await contract(http, await id_of(http, "meter/1tst0010000001"))

    assert (await explained(http, answer))["missing"][0]["reason"] == "it is a meter, no contract"


async def test_alias_in_place_of_an_id(http: AsyncClient) -> None:
    answer = await contract(http, "v-900001")

    reason = (await explained(http, answer))["reason"]
    assert "it is the alias of" in reason


async def test_file_that_is_not_shared_says_so(http: AsyncClient) -> None:
    files = (await ask(http, "GET", "/worlds/main/state/file"))["records"]
    hidden = next(id for id, file in files.items() if not file.get("shared_with_end_customer"))

    answer = await http.get(f"/v2/portal/user/file/{hidden}", headers=ANNA)

    assert answer.status_code == 404, answer.text
    assert (await explained(http, answer))["missing"][0]["reason"] == "it is not shared with the end customer"


async def test_kind_that_the_portal_does_not_show(http: AsyncClient) -> None:
    portal = next(iter((await ask(http, "GET", "/worlds/main/state/portal"))["records"]))
    await ask(http, "PATCH", f"/worlds/main/state/portal/{portal}", {"allowed_portal_entities": ["order"]})

    answer = await contract(http, await id_of(http, "contract/v-900001"))

    assert answer.status_code == 403
    told = await explained(http, answer)
    assert told["missing"][0]["reason"] == "the portal does not show contract (allowed_portal_entities)"


async def test_rule_that_nearly_matched_names_the_condition(http: AsyncClient) -> None:
    for rule in (
        {"id": "other", "operation": "getContract", "when": {"as": "dev-mehmet"}},
        {"id": "later", "operation": "getContract", "after": 3},
        {"id": "elsewhere", "operation": "getContact"},
        {"id": "fits", "operation": "getContract", "delay": "1ms"},
    ):
        await ask(http, "POST", "/worlds/main/rules", rule, 201)

    told = await explained(http, await contract(http, await id_of(http, "contract/v-900001")))

    assert told["rules"] == [
        {"id": "fits", "fired": True, "hits": 1},
        {"id": "later", "fired": False, "misses": "/after: is request 1, the first 3 pass"},
        {"id": "other", "fired": False, "misses": "/when/as: somebody else calls"},
    ]


async def test_refusal_of_the_guard_and_of_the_reader(http: AsyncClient) -> None:
    nobody = await explained(http, await http.get("/v2/portal/user"))
    unread = await explained(http, await http.post("/v2/portal/metering/reading", headers=ANNA, json={}))

    assert (nobody["guard"]["admitted"], nobody["guard"]["needs"][0]) == (False, ["a bearer token"])
    assert unread["guard"]["admitted"] is True
    assert unread["request"]["violations"][0]["in"] == "body"


async def test_path_that_does_not_exist_names_the_nearest(http: AsyncClient) -> None:
    told = await explained(http, await http.get("/v2/portal/usr"))

    assert told["route"] == {"candidates": [], "problem": "no path fits; did you mean '/v2/portal/user'?"}


async def test_entry_that_is_not_kept_is_404(http: AsyncClient) -> None:
    answer = await ask(http, "GET", "/worlds/main/journal/7/explain", None, 404)

    assert answer["message"] == "the journal has no entry 7"


async def test_explanation_changes_nothing(http: AsyncClient) -> None:
    await ask(
        http,
        "POST",
        "/worlds/main/rules",
        {"operation": "getContract", "times": 1, "fault": {"status": 503}},
        201,
    )
    answer = await contract(http, UNKNOWN)

    before = await ask(http, "GET", "/worlds/main/rules")
    for _ in range(3):
        await explained(http, answer)

    assert answer.status_code == 503
    assert await ask(http, "GET", "/worlds/main/rules") == before
    assert len((await ask(http, "GET", "/worlds/main/journal"))["entries"]) == 2
