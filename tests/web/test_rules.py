"""Rules at run time: added, counted, taken away; what they do; and exchanges that they hold."""

import asyncio
from typing import Any

import pytest
from httpx import AsyncClient, Response

from mockportal.config import LIMITS
from tests.web.test_control import ANNA, ask, http

pytestmark = pytest.mark.anyio
__all__ = ["http"]

USER, TICKET = "/v2/portal/user", "ticket/ti-5001"
MEHMET = {"authorization": "Bearer dev-mehmet"}


async def add(http: AsyncClient, rule: dict[str, Any], status: int = 201) -> Any:
    return await ask(http, "POST", "/worlds/main/rules", {"operation": "getPortalUser", **rule}, status)


async def user(http: AsyncClient, query: str = "", **headers: str) -> Response:
    return await http.get(f"{USER}{query}", headers={**ANNA, **headers})


async def ticket(http: AsyncClient) -> str:
    return str((await ask(http, "GET", f"/worlds/main/state/{TICKET}"))["status"])


async def test_rule_is_added_listed_counted_and_taken_away(http: AsyncClient) -> None:
    assert await add(http, {"id": "down", "times": 1, "fault": {"status": 503}}) == {
        "id": "down", "operation": "getPortalUser", "times": 1, "fault": {"status": 503}, "hits": 0, "fired": 0,
    }  # fmt: skip

    statuses = [(await user(http)).status_code for _ in range(3)]
    (listed,) = (await ask(http, "GET", "/worlds/main/rules"))["rules"]
    await ask(http, "DELETE", "/worlds/main/rules/down", None, 204)

    assert statuses == [503, 200, 200]
    assert (listed["hits"], listed["fired"]) == (3, 1)
    assert (await ask(http, "GET", "/worlds/main/rules")) == {"rules": []}
    journal = (await ask(http, "GET", "/worlds/main/journal"))["entries"]
    assert [entry["rule"] for entry in journal[1:4]] == ["down", None, None]
    assert [journal[0]["operation"], journal[4]["operation"]] == ["mockportal.rules"] * 2


async def test_newest_rule_is_tried_first_and_gets_the_next_free_name(http: AsyncClient) -> None:
    first = await add(http, {"fault": {"status": 502}})
    second = await add(http, {"times": 1, "fault": {"status": 503}})

    assert [first["id"], second["id"]] == ["rule-0", "rule-1"]
    assert [(await user(http)).status_code for _ in range(2)] == [503, 502]


@pytest.mark.parametrize(
    ("rule", "status", "message"),
    [
        ({"operation": "getUser"}, 400, "rule: /operation: unknown operation 'getUser'; did you mean"),
        ({"reply": {"status": 418}}, 400, "rule: /reply/status: getPortalUser documents no 418"),
        (
            {"when": {"as": "dev-ana"}},
            400,
            "rule: /when/as: there is no token 'dev-ana'; did you mean 'dev-anna'?",
        ),
        ({"delay": "soon"}, 400, "rule: /delay: 'soon' is not"),
        ({"when": {"params": {"q": "!id contact/nobody"}}}, 400, "rule: /when/params/q: "),
        ({"id": "taken"}, 409, "there is a rule 'taken' already"),
        ({"id": 5}, 400, "rule: /id: 5 is not of type 'string'"),
        ({"tag": "Nothing"}, 400, "rule: "),
    ],
)
async def test_bad_rule_is_refused_and_changes_nothing(
    http: AsyncClient, rule: dict[str, Any], status: int, message: str
) -> None:
    await add(http, {"id": "taken"})

    answer = await add(http, rule, status)

    assert answer["message"].startswith(message), answer
    assert len((await ask(http, "GET", "/worlds/main/rules"))["rules"]) == 1


async def test_rule_that_is_not_there_is_404_with_the_nearest(http: AsyncClient) -> None:
    await add(http, {"id": "down"})

    answer = await ask(http, "DELETE", "/worlds/main/rules/dwn", None, 404)

    assert answer["message"] == "there is no rule 'dwn'; did you mean 'down'?"


async def test_world_has_no_more_rules_than_its_limit(
    http: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mockportal.web.control.rules.LIMITS", type(LIMITS)(rules=1))
    await add(http, {})

    assert (await add(http, {}, 400))["message"] == "a world has no more than 1 rules (limit rules)"


async def test_tags_name_records(http: AsyncClient) -> None:
    rule = await add(
        http,
        {
            "operation": "getContract",
            "when": {"params": {"id": "!id contract/v-900001"}},
            "fault": {"status": 503},
        },
    )
    id = rule["when"]["params"]["id"]

    assert (await http.get(f"/v2/portal/contract/{id}", headers=ANNA)).status_code == 503


async def test_conditions_choose_the_request(http: AsyncClient) -> None:
    await add(http, {"when": {"headers": {"X-Test": "slow"}}, "fault": {"status": 503}})
    await add(http, {"when": {"as": "dev-mehmet"}, "fault": {"status": 502}})
    await add(http, {"when": {"matches": {"/headers/user-agent": "^Old/[0-9]"}}, "fault": {"status": 501}})

    assert (await user(http, **{"X-Test": "slow"})).status_code == 503
    assert (await user(http, **{"User-Agent": "Old/7"})).status_code == 501
    assert (await http.get(USER, headers=MEHMET)).status_code == 502
    assert (await user(http)).status_code == 200


async def test_patch_changes_the_real_answer(http: AsyncClient) -> None:
    await add(http, {"patch": {"body": {"data": {"first_name": "Änne"}}, "headers": {"X-Patched": "yes"}}})

    answer = await user(http)

    data = answer.json()["data"]
    assert (answer.status_code, data["first_name"], data["email"]) == (200, "Änne", "anna.berger@example.org")
    assert (answer.headers["x-patched"], answer.headers["x-mockportal-answered-by"]) == ("yes", "rule")
    assert "X-Patched" in answer.headers["access-control-expose-headers"]


async def test_patch_that_breaks_the_contract_is_said_aloud_unless_it_may(http: AsyncClient) -> None:
    await add(http, {"id": "wrong", "times": 1, "patch": {"body": {"data": 5}}})
    await add(http, {"id": "right", "after": 1, "unchecked": True, "patch": {"body": {"data": 5}}})

    refused, taken = await user(http), await user(http)

    assert refused.status_code == 500
    assert refused.json()["message"].startswith("the rule 'wrong' broke the contract of getPortalUser: ")
    assert taken.json() == {"data": 5}


async def test_sequence_tells_a_story(http: AsyncClient) -> None:
    steps = [
        {"fault": {"status": 503}},
        {"delay": "1ms"},
        {"patch": {"body": {"data": {"first_name": "Neu"}}}},
    ]
    await add(http, {"sequence": steps})

    answers = [await user(http) for _ in range(4)]

    assert [one.status_code for one in answers] == [503, 200, 200, 200]
    assert [one.json()["data"].get("first_name") for one in answers[1:]] == [None, "Neu", "Neu"]


async def test_state_changes_when_the_rule_fires(http: AsyncClient) -> None:
    await add(http, {"after": 2, "times": 1, "state": {TICKET: {"status": "Closed"}}})

    seen = []
    for _ in range(3):
        await user(http)
        seen.append(await ticket(http))

    assert seen == ["Open", "Open", "Closed"]


async def test_state_that_a_rule_cannot_change_any_more_is_said_aloud(http: AsyncClient) -> None:
    await add(http, {"state": {TICKET: None}})

    first, second = await user(http), await user(http)

    assert (first.status_code, second.status_code) == (200, 500)
    assert (
        second.json()["message"]
        == f"the rule of getPortalUser is wrong: there is no {TICKET}; did you mean 'ti-5002'?"
    )


async def test_limit_counts_each_caller_in_each_window(http: AsyncClient) -> None:
    await add(http, {"fault": {"rate_limit": {"limit": 2, "per": "1m"}}})

    anna = [await user(http) for _ in range(3)]
    mehmet = await http.get(USER, headers=MEHMET)
    await ask(http, "POST", "/worlds/main/clock/advance", {"by": "1m"})
    later = await user(http)

    assert [one.status_code for one in (*anna, mehmet, later)] == [200, 200, 429, 200, 200]
    assert [one.headers["x-ratelimit-remaining"] for one in (*anna, mehmet)] == ["1", "0", "0", "1"]
    assert anna[2].headers["retry-after"] == "60"
    assert anna[2].json()["message"] == "too many requests: 2 are allowed in 60 seconds"


async def test_rewinding_brings_rules_and_counts_back(http: AsyncClient) -> None:
    await add(http, {"id": "down", "times": 1, "fault": {"status": 503}})
    await user(http)
    await ask(http, "DELETE", "/worlds/main/rules/down", None, 204)

    await ask(http, "POST", "/worlds/main/rewind", {"to": 1})

    assert (await user(http)).status_code == 503


async def test_rules_of_other_operations_leave_remembered_answers_alone(http: AsyncClient) -> None:
    await add(http, {"operation": "getContact", "fault": {"status": 503}})

    assert not (await user(http)).headers.get("x-nothing")
    assert (await http.get("/v2/portal/contact", headers=ANNA)).status_code == 503


@pytest.mark.parametrize(
    ("prefer", "status"),
    [
        ("code=418, unchecked", 418),
        ("code=418", 400),
        ("unchecked", 200),
        ("fault=nonsense", 400),
        ("fault=garbage", 200),
    ],
)
async def test_request_prefers_what_no_document_has(http: AsyncClient, prefer: str, status: int) -> None:
    answer = await user(http, Prefer=prefer)

    assert answer.status_code == status
    assert answer.content.startswith(b"<html>") is (prefer == "fault=garbage")


async def held(http: AsyncClient) -> list[dict[str, Any]]:
    """The held exchanges, as soon as there are any."""
    for _ in range(200):
        found: list[dict[str, Any]] = (await ask(http, "GET", "/worlds/main/held"))["held"]
        if found:
            return found
        await asyncio.sleep(0.005)
    raise AssertionError("nothing is held")


async def rename(http: AsyncClient) -> Response:
    return await http.patch("/v2/portal/contact", headers=ANNA, json={"first_name": "Änne"})


async def test_held_exchange_shows_what_it_would_do_and_goes_on_when_released(http: AsyncClient) -> None:
    await add(http, {"id": "wait", "operation": "updateContact", "hold": "30s"})
    waiting = asyncio.create_task(rename(http))

    (shown,) = await held(http)
    before = (await ask(http, "GET", "/worlds/main/state/contact/anna"))["first_name"]
    await ask(http, "POST", "/worlds/main/held/1/release", None, 204)
    answer = await waiting

    assert (shown["n"], shown["rule"], shown["operation"], shown["response"]["status"]) == (
        1,
        "wait",
        "updateContact",
        200,
    )
    patch = {one["path"]: one.get("value") for one in shown["changes"]}
    assert patch["/contact/anna/first_name"] == "Änne"
    assert before == "Anna"
    assert (answer.status_code, answer.headers["x-mockportal-entry"]) == (200, "2")
    assert (await ask(http, "GET", "/worlds/main/state/contact/anna"))["first_name"] == "Änne"
    assert (await ask(http, "GET", "/worlds/main/held")) == {"held": []}


async def test_held_exchange_is_released_with_another_answer(http: AsyncClient) -> None:
    await add(http, {"hold": "30s"})
    waiting = asyncio.create_task(user(http))
    await held(http)

    await ask(
        http,
        "POST",
        "/worlds/main/held/1/release",
        {"reply": {"status": 418, "body": {"message": "no"}}},
        204,
    )
    answer = await waiting

    assert (answer.status_code, answer.json()) == (418, {"message": "no"})


async def test_held_exchange_goes_on_when_its_time_is_over(http: AsyncClient) -> None:
    await add(http, {"times": 1, "hold": "50ms"})

    assert (await user(http)).status_code == 200
    assert (await ask(http, "GET", "/worlds/main/rules"))["rules"][0]["fired"] == 1


async def test_refused_request_is_not_held(http: AsyncClient) -> None:
    await add(http, {"hold": "30s"})

    assert (await http.get(USER)).status_code == 401


@pytest.mark.parametrize(
    ("path", "body", "status", "message"),
    [
        ("7", None, 404, "no exchange 7 is held: none"),
        ("x", None, 400, "the number of a held exchange is not a whole number"),
        ("7", {"reply": {}}, 400, "reply has no status"),
        ("7", {"reply": {"status": 700}}, 400, "reply/status is no status"),
        (
            "7",
            {"reply": {"status": 204, "body": {}}},
            400,
            "reply/body: an answer with status 204 has no body",
        ),
        ("7", {"patch": {"headers": {"a": 1}}}, 400, "patch/headers is an object of texts"),
        ("7", {"patch": {"head": {}}}, 400, "patch is an object with status, body, headers"),
        ("7", {"patch": {}, "reply": {"status": 200}}, 400, "reply and patch exclude each other"),
    ],
)
async def test_bad_release_is_refused(
    http: AsyncClient, path: str, body: Any, status: int, message: str
) -> None:
    assert (await ask(http, "POST", f"/worlds/main/held/{path}/release", body, status))["message"] == message


async def test_no_more_exchanges_are_held_than_the_limit(
    http: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mockportal.web.api.LIMITS", type(LIMITS)(held=0))
    await add(http, {"hold": "30s"})

    answer = await user(http)

    assert (answer.status_code, answer.headers["x-mockportal-answered-by"]) == (503, "limit")
