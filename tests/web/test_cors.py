"""A browser in front of the mock: preflights, what a page may read, and credentials."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from httpx import ASGITransport, AsyncClient
from starlette.applications import Starlette

from mockportal.mock import Mock, Setup
from mockportal.spec.spec import Spec
from mockportal.web.app import create_app
from tests.support.asgi import Lines, play

PAGE = "http://localhost:3000"
ID = "5da0a718-c822-403d-9f5d-20d4584e0528"
ANNA = {"authorization": "Bearer dev-anna", "origin": PAGE}
ASKED = {
    "origin": PAGE,
    "access-control-request-method": "PUT",
    "access-control-request-headers": "authorization, x-custom",
}
pytestmark = pytest.mark.anyio


def client(app: Starlette) -> AsyncClient:
    return AsyncClient(transport=ASGITransport(app), base_url="http://localhost:8080")


@pytest.fixture
async def http(spec: Spec) -> AsyncIterator[AsyncClient]:
    async with client(create_app(Mock(Setup(), spec), cors_origins=())) as made:
        yield made


def exposed(headers: dict[str, str]) -> set[str]:
    return {name.strip().lower() for name in headers["access-control-expose-headers"].split(",")}


@pytest.mark.parametrize(
    "target",
    [
        "/v2/portal/nothing",
        "/v2/portal/user",
        "/@Bad_World/v2/portal/user",
        "/v2/portal/contract/%zz",
        pytest.param("/v2/portal/user?x=" + "a" * 20_000, id="long"),
    ],
)
@pytest.mark.parametrize("required", [False, True])
async def test_every_preflight_allows_what_it_asks_for(spec: Spec, target: str, required: bool) -> None:
    app = create_app(Mock(Setup(), spec), require_world=required)

    async with client(app) as http:
        answer = await http.options(target, headers=ASKED)

    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-allow-methods"] == "PUT"
    assert answer.headers["access-control-allow-headers"] == "authorization, x-custom"


async def test_preflight_leaves_no_entry_and_makes_no_world(spec: Spec) -> None:
    mock = Mock(Setup(), spec)

    async with client(create_app(mock)) as http:
        await http.options("/@other/v2/portal/user", headers=ASKED)

    assert mock.worlds.find("other") is None
    assert len(mock.world().journal) == 0


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("GET", "/v2/portal/nothing", 404),
        ("PUT", "/v2/portal/user", 405),
        ("GET", "/@Bad_World/v2/portal/user", 400),
        ("GET", "/v2/portal/contract/%zz", 400),
        ("OPTIONS", "/v2/portal/nothing", 404),
    ],
)
async def test_mistyped_request_is_readable_journalled_and_logged(
    spec: Spec, method: str, target: str, status: int
) -> None:
    mock, logged = Mock(Setup(), spec), list[tuple[str, int]]()
    app = create_app(mock, log=lambda world, exchange: logged.append((world.name, exchange.reply.status)))

    async with client(app) as http:
        answer = await http.request(method, target, headers=ANNA)

    assert answer.status_code == status
    assert answer.headers["access-control-allow-origin"] == "*"
    assert (answer.headers["x-mockportal-world"], answer.headers["x-mockportal-entry"]) == ("main", "1")
    assert logged == [("main", status)]
    assert [entry.request.path for entry in mock.world().journal] == [target]


async def test_request_without_the_required_world_is_journalled_in_main(spec: Spec) -> None:
    mock = Mock(Setup(), spec)

    async with client(create_app(mock, require_world=True)) as http:
        answer = await http.get("/v2/portal/user", headers=ANNA)

    assert answer.status_code == 400
    assert "name a world" in answer.headers["x-mockportal-reason"]
    assert [entry.reply.status for entry in mock.world().journal] == [400]


async def test_page_reads_every_header_that_the_answer_carries_and_no_other(http: AsyncClient) -> None:
    good = await http.get("/v2/portal/user", headers=ANNA)
    bad = await http.put("/v2/portal/user", headers=ANNA)

    ours = {"x-mockportal-world", "x-mockportal-entry", "x-mockportal-answered-by"}
    assert exposed(dict(good.headers)) == ours
    assert exposed(dict(bad.headers)) == ours | {"allow", "x-mockportal-reason"}


RULES = """
extends: default
rules:
  - {operation: getAllContracts, reply: {status: 200, body: {results: [], hits: 0}, headers: {X-Total-Count: "12", ETag: '"a"'}}}
  - {operation: getPortalUser, fault: {status: 429, message: slow down, headers: {X-RateLimit-Reset: "30"}}}
  - {operation: getAllOrders, fault: {status: 499, body: []}}
  - {operation: getAllOpportunities, fault: {status: 409, body: {message: 5}}}
  - {operation: getContact, reply: {status: 200, body: {data: {}}, headers: {Access-Control-Allow-Origin: "https://other.test"}}}
"""


@pytest.fixture
async def ruled(spec: Spec, tmp_path: Path) -> AsyncIterator[AsyncClient]:
    (tmp_path / "ruled.yaml").write_text(f"about: headers{RULES}")
    async with client(create_app(Mock(Setup(scenario="ruled", scenarios=tmp_path), spec))) as made:
        yield made


async def test_headers_of_a_rule_are_exposed(ruled: AsyncClient) -> None:
    counted = await ruled.get("/v2/portal/contract", headers=ANNA)
    limited = await ruled.get("/v2/portal/user", headers=ANNA)

    assert {"x-total-count", "etag"} <= exposed(dict(counted.headers))
    assert {"x-ratelimit-reset", "x-mockportal-reason"} <= exposed(dict(limited.headers))


async def test_rule_may_break_cors(ruled: AsyncClient) -> None:
    answer = await ruled.get("/v2/portal/contact", headers=ANNA)

    assert answer.headers.get_list("access-control-allow-origin") == ["https://other.test"]


@pytest.mark.parametrize("method", ["OPTIONS", "GET", "PUT"])
async def test_named_origin_may_send_credentials(spec: Spec, method: str) -> None:
    app = create_app(Mock(Setup(), spec), cors_origins=[PAGE, "https://second.test"])

    async with client(app) as http:
        answer = await http.request(
            method, "/v2/portal/user", headers=ASKED if method == "OPTIONS" else ANNA | {"cookie": "sid=1"}
        )

    assert answer.headers["access-control-allow-origin"] == PAGE
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert "origin" in answer.headers["vary"].lower().split(", ")


@pytest.mark.parametrize("origin", ["http://localhost:3001", "null", ""])
async def test_other_origin_stays_without_credentials(spec: Spec, origin: str) -> None:
    app = create_app(Mock(Setup(), spec), cors_origins=[PAGE])
    headers = {"authorization": "Bearer dev-anna"} | ({"origin": origin} if origin else {})

    async with client(app) as http:
        answer = await http.get("/v2/portal/user", headers=headers)

    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    assert answer.headers["vary"] == "origin"


@pytest.mark.parametrize(
    ("target", "lines"),
    [
        ("/v2/portal/user", [("prefer", 'example="a\x85\x7f\x00  b\xfc"')]),
        ("/v2/portal/entity/%E2%82%AC%0A%00%C3%BC/x/activity", []),
        ("/v2/portal/billing/events?event_type=%E2%82%AC%0D%0A", []),
        ("/v2/portal/\xfc\x00\r\nx: y", []),
        pytest.param("/v2/portal/" + "a" * 2_000, [], id="long"),
    ],
)
async def test_reason_is_one_line_that_a_header_can_hold(spec: Spec, target: str, lines: Lines) -> None:
    answer = await play(create_app(Mock(Setup(), spec)), "GET", target, [*ANNA.items(), *lines])

    assert answer is not None
    assert 400 <= answer.status < 500
    assert answer.headers["x-mockportal-reason"].isprintable()
    assert len(answer.headers["x-mockportal-reason"]) <= 300


async def test_reason_is_said_for_every_4xx(ruled: AsyncClient) -> None:
    answers = [
        await ruled.get("/v2/portal/user"),
        await ruled.get("/v2/portal/user", headers=ANNA),
        await ruled.get(f"/v2/portal/contract/{ID}", headers=ANNA | {"prefer": "code=404"}),
        await ruled.get("/v2/portal/contract", headers={**ANNA, "host": "bad host"}),
        await ruled.get("/v2/portal/order", headers=ANNA),
        await ruled.get("/v2/portal/opportunity", headers=ANNA),
    ]

    assert [answer.status_code for answer in answers] == [401, 429, 404, 400, 499, 409]
    reasons = [answer.headers["x-mockportal-reason"] for answer in answers]
    assert all(reasons)
    assert (reasons[1], *reasons[4:]) == ("slow down", "status 499", "Conflict")


async def test_answer_names_what_was_ignored(http: AsyncClient) -> None:
    answer = await http.get("/v2/portal/user?colour=red&b%2Cc=1&colour=blue", headers=ANNA)

    assert answer.headers["x-mockportal-ignored"] == "colour, b%2Cc"
    assert "x-mockportal-ignored" in exposed(dict(answer.headers))
