"""The journal over HTTP: who called, what was done to the world between requests, and queries that cannot fit."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient

from mockportal.config import LIMITS
from mockportal.engine.call import Request
from mockportal.mock import Mock, Setup
from mockportal.spec.spec import Spec
from mockportal.web.app import create_app

BASE = "/__mockportal"
ANNA = {"authorization": "Bearer dev-anna"}
pytestmark = pytest.mark.anyio


@pytest.fixture
def mock(spec: Spec) -> Mock:
    return Mock(Setup(), spec)


@pytest.fixture
async def http(mock: Mock) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(
        transport=ASGITransport(create_app(mock)), base_url="http://localhost:8080"
    ) as made:
        yield made


async def ask(http: AsyncClient, method: str, path: str, body: Any = None, status: int = 200) -> Any:
    response = await http.request(method, BASE + path, json=body)
    assert response.status_code == status, response.text
    return response.json() if response.content else None


async def entries(http: AsyncClient, query: str = "") -> list[Any]:
    return list((await ask(http, "GET", f"/worlds/main/journal{query}"))["entries"])


async def test_changes_from_outside_are_entries_between_the_requests(http: AsyncClient) -> None:
    await http.get("/v2/portal/user", headers=ANNA)
    await ask(http, "POST", "/worlds/main/clock/advance", {"by": "P1D"})
    await ask(http, "PUT", "/worlds/main/clock", {"now": "2026-07-01T00:00:00Z"})
    await ask(http, "POST", "/worlds/main/tokens", {"user": "anna"}, 201)
    await ask(http, "PUT", "/worlds/main/state/ticket/x-1", {"subject": "Hi"}, 201)
    await ask(http, "PATCH", "/worlds/main/state/ticket/x-1", {"subject": "Bye"})
    await ask(http, "DELETE", "/worlds/main/state/ticket/x-1", status=204)
    await ask(http, "POST", "/worlds/main/reset")
    await http.get("/v2/portal/user", headers=ANNA)

    listed = await entries(http)

    assert [(one["n"], one["operation"], one["method"], one["status"], one["answered_by"], one["as"]) for one in listed] == [
        (1, "getPortalUser", "GET", 200, "behaviour", "anna"),
        (2, "mockportal.clock", "POST", 200, "control", None),
        (3, "mockportal.clock", "PUT", 200, "control", None),
        (4, "mockportal.token", "POST", 201, "control", None),
        (5, "mockportal.state", "PUT", 201, "control", None),
        (6, "mockportal.state", "PATCH", 200, "control", None),
        (7, "mockportal.state", "DELETE", 204, "control", None),
        (8, "mockportal.reset", "POST", 200, "control", None),
        (9, "getPortalUser", "GET", 200, "behaviour", "anna"),
    ]  # fmt: skip
    assert [one["n"] for one in await entries(http, "?operation=mockportal.clock")] == [2, 3]
    assert listed[4]["path"] == "/__mockportal/worlds/main/state/ticket/x-1"


async def test_entry_of_a_change_holds_what_was_asked_and_the_states_around_it(
    http: AsyncClient, mock: Mock
) -> None:
    await ask(http, "PATCH", "/worlds/main/state/ticket/ti-5001", {"status": "Closed"})

    whole = await ask(http, "GET", "/worlds/main/journal/1")

    assert whole["request"]["body"] == {"status": "Closed"}
    assert whole["response"]["body"]["status"] == "Closed"
    entry = mock.world().journal.find(1)
    assert entry is not None
    assert entry.before is mock.world().scenario.state
    assert entry.after is mock.world().state is not entry.before


async def test_minted_token_is_not_shown_by_its_entry(http: AsyncClient) -> None:
    token = (await ask(http, "POST", "/worlds/main/tokens", {"user": "anna"}, 201))["token"]

    whole = await ask(http, "GET", "/worlds/main/journal/1")

    assert token not in str(whole)


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/worlds/main/clock/advance", {"by": "soon"}, 400),
        ("PUT", "/worlds/main/clock", {"mode": "wild"}, 400),
        ("POST", "/worlds/main/tokens", {"user": "nobody"}, 404),
        ("PATCH", "/worlds/main/state/contact/anna", {"_title": 5}, 400),
        ("DELETE", "/worlds/main/state/contact/nobody", None, 404),
        ("POST", "/worlds/main/reset", {"scenario": "nothing"}, 400),
        ("GET", "/worlds/main/clock", None, 200),
        ("POST", "/worlds/main/verify", None, 200),
    ],
)
async def test_control_request_that_changes_nothing_is_no_entry(
    http: AsyncClient, method: str, path: str, body: Any, status: int
) -> None:
    await ask(http, method, path, body, status)

    assert await entries(http) == []


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("opertion=getPortalUser", "unknown parameter 'opertion'; did you mean 'operation'?"),
        ("limit=1&stats=4xx", "unknown parameter 'stats'; did you mean 'status'?"),
        ("colour=red", "unknown parameter 'colour' (known: operation, status, after, limit)"),
        ("operation=getPortalUsr", "there is no operation 'getPortalUsr'; did you mean 'getPortalUser'?"),
        (
            "operation=mockportal.clok",
            "there is no operation 'mockportal.clok'; did you mean 'mockportal.clock'?",
        ),
        ("status=ok", "status 'ok' is neither like 404 nor like 4xx"),
        ("status=4XX", "status '4XX' is neither like 404 nor like 4xx"),
        ("after=x", "after is not a whole number"),
    ],
)
async def test_journal_query_that_can_never_fit_is_refused(
    http: AsyncClient, query: str, problem: str
) -> None:
    message = (await ask(http, "GET", f"/worlds/main/journal?{query}", status=400))["message"]

    assert message.startswith(problem)


async def test_whole_entry_tells_the_rule_its_hits_and_the_fault(spec: Spec, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(
        "extends: default\nrules:\n - {id: cut, operation: getPortalUser, every: 2, fault: {body: truncated}}"
    )
    app = create_app(Mock(Setup(scenario="x", scenarios=tmp_path), spec))
    async with AsyncClient(transport=ASGITransport(app), base_url="http://localhost:8080") as http:
        for _ in range(2):
            await http.get("/v2/portal/user", headers=ANNA)
        listed = await entries(http)
        wholes = [await ask(http, "GET", f"/worlds/main/journal/{n}") for n in (1, 2)]

    assert [entry["rule"] for entry in listed] == [None, "cut"]
    assert [(one["rule"], one["hits"], one["response"]["fault"]) for one in wholes] == [
        (None, None, None),
        ("cut", 2, "truncated"),
    ]


async def test_entry_without_a_request_has_no_program_and_is_in_no_archive(
    http: AsyncClient, mock: Mock
) -> None:
    world = mock.world()
    world.note("mockportal.reset", Request("", ""), 200, b"", world.state)

    answer = await ask(http, "GET", "/worlds/main/journal/1/code?as=curl", status=404)
    archive = await ask(http, "GET", "/worlds/main/journal.har")

    assert answer == {"message": "entry 1 is not a request, so no program can send it"}
    assert archive["log"]["entries"] == []


async def test_large_upload_that_was_not_kept_cannot_be_sent_again(http: AsyncClient) -> None:
    content = b"x" * (LIMITS.journal_service_body + 1)
    await http.put("/__services/files/uploads/a/b.jpg", content=content)

    answer = await ask(http, "GET", "/worlds/main/journal/1/code?as=curl", status=400)

    assert answer == {"message": "entry 1 cannot be sent again: its body was not kept"}
