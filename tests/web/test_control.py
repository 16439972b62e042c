"""The control API: worlds, state, journal, clock, tokens, and who may not use it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient

from mockportal.mock import Mock, Setup
from mockportal.spec.spec import Spec
from mockportal.web.app import create_app

ANNA = {"authorization": "Bearer dev-anna"}
BASE = "/__mockportal"
pytestmark = pytest.mark.anyio


@pytest.fixture
async def http(spec: Spec) -> AsyncIterator[AsyncClient]:
    app = create_app(Mock(Setup(), spec))
    async with AsyncClient(transport=ASGITransport(app), base_url="http://localhost:8080") as client:
        yield client


async def ask(
    http: AsyncClient, method: str, path: str, body: Any = None, status: int = 200, **headers: str
) -> Any:
    response = await http.request(method, BASE + path, json=body, headers=headers)
    assert response.status_code == status, response.text
    return response.json() if response.content else None


async def test_health_says_what_is_served(http: AsyncClient, spec: Spec) -> None:
    assert await ask(http, "GET", "/health") == {
        "status": "ok",
        "scenario": "default",
        "seed": 500001,
        "clock": {"now": "2026-06-15T07:00:00.000Z", "mode": "frozen"},
        "operations": 149,
        "spec_sha256": spec.sha256,
    }


async def test_spec_is_served_with_the_overlay_applied(http: AsyncClient) -> None:
    document = await ask(http, "GET", "/spec.json")

    assert "401" in document["paths"]["/v2/portal/billing/events"]["get"]["responses"]


async def test_world_lives_and_dies(http: AsyncClient) -> None:
    made = await ask(http, "POST", "/worlds", {"name": "a", "seed": 9, "clock": "2026-07-01T00:00:00Z"}, 201)
    assert made.pop("urls")["base_path"] == "http://localhost:8080/@a"
    assert made == {
        "name": "a",
        "scenario": "default",
        "seed": 9,
        "now": "2026-07-01T00:00:00.000Z",
        "mode": "frozen",
    }
    assert (await ask(http, "POST", "/worlds", None, 201))["name"] == "w1"
    assert [world["name"] for world in (await ask(http, "GET", "/worlds"))["worlds"]] == ["main", "a", "w1"]

    await ask(http, "DELETE", "/worlds/a", status=204)

    await ask(http, "DELETE", "/worlds/a", status=404)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": "Bad_Name"}, 400),
        ({"name": 5}, 400),
        ({"name": "main"}, 409),
        ({"scenario": "defualt"}, 400),
        ({"seed": "x"}, 400),
        ({"clock": "soon"}, 400),
        ({"clock": "2026-07-01"}, 400),
        ({"clock": "2026-07-01T00:00:00"}, 400),
        ({"scenario": "a\0b"}, 400),
        ({"scenario": "a\0b.yaml"}, 400),
        ({"scenario": "x" * 5_000}, 400),
        ({"scenario": "x" * 5_000 + ".yaml"}, 400),
        ({"colour": "red"}, 400),
        ([1], 400),
    ],
)
async def test_world_that_cannot_be_made_is_refused_in_one_line(
    http: AsyncClient, body: Any, status: int
) -> None:
    message = (await ask(http, "POST", "/worlds", body, status))["message"]

    assert "\n" not in message


async def test_reset_goes_back_to_the_scenario(http: AsyncClient) -> None:
    await http.patch("/v2/portal/user", headers=ANNA, json={"language": "xx"})

    await ask(http, "POST", "/worlds/main/reset")

    assert (await http.get("/v2/portal/user", headers=ANNA)).json()["data"].get("language") != "xx"
    await ask(http, "POST", "/worlds/main/reset", {"scenario": "nothing"}, 400)
    await ask(http, "POST", "/worlds/main/reset", {"scenario": ["default"]}, 400)
    assert (await ask(http, "POST", "/worlds/main/reset", {"scenario": "default"}))["scenario"] == "default"


async def test_state_is_counted_listed_and_read_by_alias(http: AsyncClient) -> None:
    counts = await ask(http, "GET", "/worlds/main/state")
    records = (await ask(http, "GET", "/worlds/main/state/contact"))["records"]
    anna = await ask(http, "GET", "/worlds/main/state/contact/anna")

    assert counts["contact"] == len(records) == 16
    assert records[anna["_id"]] == anna
    assert await ask(http, "GET", f"/worlds/main/state/contact/{anna['_id']}") == anna
    assert (
        "did you mean 'anna'"
        in (await ask(http, "GET", "/worlds/main/state/contact/ana", status=404))["message"]
    )
    assert (
        "did you mean 'contact'"
        in (await ask(http, "GET", "/worlds/main/state/contac", status=404))["message"]
    )


async def test_record_is_made_changed_and_removed_under_the_rules_of_a_scenario(http: AsyncClient) -> None:
    path = "/worlds/main/state/ticket/x-1"

    made = await ask(http, "PUT", path, {"subject": "Hello"}, 201)
    assert made["_schema"] == "ticket"
    assert made["_org"] == "500001"
    assert (await ask(http, "PATCH", path, {"subject": "Bye"}))["subject"] == "Bye"
    assert await ask(http, "GET", path) == await ask(http, "GET", f"/worlds/main/state/ticket/{made['_id']}")
    await ask(http, "DELETE", path, status=204)
    await ask(http, "GET", path, status=404)


async def test_wrong_record_is_refused_and_nothing_changes(http: AsyncClient) -> None:
    before = await ask(http, "GET", "/worlds/main/state/contact/anna")

    await ask(http, "PATCH", "/worlds/main/state/contact/anna", {"_title": 5}, 400)
    await ask(http, "PUT", "/worlds/main/state/contact/anna", {"_id": "other"}, 400)

    assert await ask(http, "GET", "/worlds/main/state/contact/anna") == before
    assert (await ask(http, "PATCH", "/worlds/main/state/contact/anna", {"first_name": "Anne"}))[
        "first_name"
    ] == "Anne"
    await ask(http, "DELETE", "/worlds/main/state/contact/anna", status=204)
    await ask(http, "DELETE", "/worlds/main/state/contact/anna", status=404)


async def test_journal_lists_filters_and_shows_without_secrets(http: AsyncClient) -> None:
    await http.get("/v2/portal/user?token=abc", headers=ANNA)
    await http.get("/v2/portal/user")
    await http.post("/v2/portal/token/revoke", headers=ANNA, json={"refresh_token": "geheim"})
    await http.options("/v2/portal/user")

    entries = (await ask(http, "GET", "/worlds/main/journal"))["entries"]
    assert [(entry["n"], entry["operation"], entry["status"]) for entry in entries] == [
        (1, "getPortalUser", 200), (2, "getPortalUser", 401), (3, "revokeToken", 401)
    ]  # fmt: skip
    for query, numbers in (
        ("status=401", [2, 3]),
        ("status=4xx", [2, 3]),
        ("operation=getPortalUser", [1, 2]),
        ("after=1", [2, 3]),
        ("limit=1", [3]),
        ("limit=0", []),
    ):
        listed = (await ask(http, "GET", f"/worlds/main/journal?{query}"))["entries"]
        assert [entry["n"] for entry in listed] == numbers, query
    whole = await ask(http, "GET", "/worlds/main/journal/3")
    assert whole["request"]["body"] == {"refresh_token": "[redacted]"}
    assert whole["request"]["headers"]["authorization"] == "Bearer [redacted]"
    assert whole["response"]["status"] == 401
    assert (await ask(http, "GET", "/worlds/main/journal/1"))["request"]["query"] == "token=[redacted]"
    await ask(http, "GET", "/worlds/main/journal?limit=x", status=400)
    await ask(http, "GET", "/worlds/main/journal/99", status=404)
    await ask(http, "DELETE", "/worlds/main/journal", status=204)
    await http.get("/v2/portal/user", headers=ANNA)
    assert (await ask(http, "GET", "/worlds/main/journal"))["entries"][0]["n"] == 4


async def test_clock_is_read_set_and_advanced(http: AsyncClient) -> None:
    path = "/worlds/main/clock"
    assert await ask(http, "GET", path) == {"now": "2026-06-15T07:00:00.000Z", "mode": "frozen"}

    assert await ask(http, "POST", f"{path}/advance", {"by": "P14D"}) == {
        "now": "2026-06-29T07:00:00.000Z",
        "mode": "frozen",
    }
    assert (await ask(http, "PUT", path, {"mode": "ticking"}))["mode"] == "ticking"
    assert (await ask(http, "PUT", path, {"now": "2027-01-01T00:00:00Z", "mode": "frozen"}))[
        "now"
    ] == "2027-01-01T00:00:00.000Z"
    for body in ({"now": "soon"}, {"mode": "stopped"}, {"when": 1}):
        await ask(http, "PUT", path, body, 400)
    for by in ("soon", "P1M", 5, "99999999999d"):
        await ask(http, "POST", f"{path}/advance", {"by": by}, 400)
    for now in ("soon", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z"):
        await ask(http, "PUT", path, {"now": now}, 400)


async def test_clock_without_a_zone_is_refused_with_what_to_write(http: AsyncClient) -> None:
    answer = await ask(http, "PUT", "/worlds/main/clock", {"now": "2026-06-15T09:00:00"}, 400)

    assert answer["message"] == (
        "'2026-06-15T09:00:00' names no time zone; write 2026-06-15T09:00:00+02:00 for German time,"
        " or 2026-06-15T09:00:00Z"
    )


async def test_minted_token_is_a_session_of_its_user(http: AsyncClient) -> None:
    made = await ask(http, "POST", "/worlds/main/tokens", {"user": "portal_user/anna", "expires_in": 60}, 201)
    headers = {"authorization": f"Bearer {made['token']}"}
    assert made["expires_at"] == "2026-06-15T07:01:00.000Z"
    assert (await http.get("/v2/portal/user", headers=headers)).json()["data"][
        "email"
    ] == "anna.berger@example.org"
    assert (await http.get("/@other/v2/portal/user", headers=headers)).status_code == 200

    await ask(http, "POST", "/worlds/main/clock/advance", {"by": "60s"})

    assert (await http.get("/v2/portal/user", headers=headers)).status_code == 401
    admin = await ask(http, "POST", "/worlds/main/tokens", {"kind": "admin"}, 201)
    assert (
        await http.get("/v2/portal/configs", headers={"authorization": f"Bearer {admin['token']}"})
    ).status_code == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"user": "portal_user/ana"}, 404),
        ({"user": "contact/anna"}, 404),
        ({}, 404),
        ({"kind": "god"}, 400),
        ({"user": "portal_user/anna", "expires_in": 0}, 400),
    ],
)
async def test_token_for_nobody_is_refused(http: AsyncClient, body: Any, status: int) -> None:
    await ask(http, "POST", "/worlds/main/tokens", body, status)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "127.0.0.1:8080"}, 200),
        ({"host": "[::1]:8080"}, 200),
        ({"host": "a.localhost:8080"}, 200),
        ({"host": "evil.example"}, 403),
        ({"host": "localhost.evil.example"}, 403),
        ({"host": "localhost:8080", "origin": "http://localhost:8080"}, 200),
        ({"host": "localhost:8080", "origin": "http://localhost:5173"}, 403),
        ({"host": "localhost:8080", "origin": "null"}, 403),
    ],
)
async def test_control_answers_only_to_local_pages(
    http: AsyncClient, headers: dict[str, str], status: int
) -> None:
    response = await http.get(f"{BASE}/health", headers=headers)

    assert response.status_code == status
    assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (b"{}", "text/plain", 415),
        (b"{", "application/json", 400),
        (b'{"by": NaN}', "application/json", 400),
        pytest.param(b"x" * (13 * 1024 * 1024), "application/json", 413, id="large"),
    ],
)
async def test_control_takes_json_only(
    http: AsyncClient, content: bytes, media_type: str, status: int
) -> None:
    response = await http.post(f"{BASE}/worlds", content=content, headers={"content-type": media_type})

    assert response.status_code == status
    assert response.json()["message"]


async def test_unknown_control_path_and_method_are_json(http: AsyncClient) -> None:
    await ask(http, "GET", "/nothing", status=404)
    await ask(http, "PATCH", "/worlds", status=405)
    await ask(http, "GET", "/worlds/Bad_Name/state", status=400)


async def test_control_token_is_asked_for_and_control_can_be_off(spec: Spec) -> None:
    mock = Mock(Setup(), spec)
    for app, headers, status in (
        (create_app(mock, control_token="s3cret"), {}, 401),
        (
            create_app(mock, control_token="s3cret"),
            {"authorization": "Bearer s3cret", "host": "portal.test"},
            200,
        ),
        (create_app(mock, control=False), {}, 404),
    ):
        async with AsyncClient(transport=ASGITransport(app), base_url="http://localhost") as http:
            assert (await http.get(f"{BASE}/health", headers=headers)).status_code == status


@pytest.mark.parametrize("token", ["s3cret", ""])
@pytest.mark.parametrize(
    "given", [None, "", "Bearer", "Bearer ", "s3cret", "Basic s3cret", "Bearers3cret", "Bearer x"]
)
async def test_control_needs_exactly_its_bearer_token(spec: Spec, token: str, given: str | None) -> None:
    """An empty token lets nobody in, in place of everybody."""
    app = create_app(Mock(Setup(), spec), control_token=token)
    headers = {} if given is None else {"authorization": given}

    async with AsyncClient(transport=ASGITransport(app), base_url="http://localhost") as http:
        assert (await http.get(f"{BASE}/health", headers=headers)).status_code == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site", "sec-fetch-dest": "image"}, 403),
        ({"sec-fetch-site": "same-site", "sec-fetch-dest": "iframe"}, 403),
        ({"sec-fetch-site": "same-origin", "sec-fetch-dest": "empty"}, 200),
        ({"sec-fetch-site": "none", "sec-fetch-dest": "document"}, 200),
        ({"sec-fetch-site": "cross-site", "sec-fetch-dest": "document"}, 200),
    ],
)
async def test_page_of_another_origin_cannot_hide_behind_a_request_without_origin(
    http: AsyncClient, headers: dict[str, str], status: int
) -> None:
    assert (await http.get(f"{BASE}/health", headers=headers)).status_code == status


@pytest.mark.parametrize("limit", ["²", "1" * 5_000, "-1", "1.0"])
async def test_odd_number_in_the_query_is_400(http: AsyncClient, limit: str) -> None:
    await ask(http, "GET", f"/worlds/main/journal?limit={limit}", status=400)


async def test_new_record_gets_the_kind_of_id_that_its_collection_has(http: AsyncClient) -> None:
    known = await ask(http, "GET", "/worlds/main/state/workflow/op-3001")
    del known["id"]

    made = await ask(http, "PUT", "/worlds/main/state/workflow/new", known, 201)

    assert len(made["id"]) == 11


async def test_unknown_endpoint_is_named(http: AsyncClient) -> None:
    answer = await ask(http, "GET", "/worlds/main/sate", status=404)

    assert answer == {"message": "there is no GET /__mockportal/worlds/main/sate"}
