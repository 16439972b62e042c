"""The API over HTTP, in process: routing, limits, CORS, worlds, HEAD."""

from collections.abc import AsyncIterator

import pytest
from httpx import ASGITransport, AsyncClient, Response
from starlette.applications import Starlette
from starlette.routing import Mount

from mockportal.config import LIMITS
from mockportal.engine.engine import Engine
from mockportal.mock import Mock, Setup
from mockportal.spec.spec import Spec
from mockportal.state.clock import duration
from mockportal.web.app import create_app
from tests.support.asgi import play

ANNA = {"authorization": "Bearer dev-anna"}
JSON = ANNA | {"content-type": "application/json"}
pytestmark = pytest.mark.anyio


@pytest.fixture
def app(spec: Spec) -> Starlette:
    return create_app(Mock(Setup(), spec))


@pytest.fixture
async def http(app: Starlette) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(transport=ASGITransport(app), base_url="http://localhost:8080") as client:
        yield client


async def test_answer_carries_world_entry_and_responder(http: AsyncClient) -> None:
    first, second = (
        await http.get("/v2/portal/user", headers=ANNA),
        await http.get("/v2/portal/user", headers=ANNA),
    )

    assert first.json()["data"]["email"] == "anna.berger@example.org"
    assert first.headers["x-mockportal-world"] == "main"
    assert first.headers["x-mockportal-answered-by"] == "behaviour"
    assert first.headers["content-type"] == "application/json"
    assert (first.headers["x-mockportal-entry"], second.headers["x-mockportal-entry"]) == ("1", "2")


@pytest.mark.parametrize(
    ("method", "path", "status", "by"),
    [
        ("GET", "/v2/portal/nothing", 404, "router"),
        ("GET", "/v2/portal/user/", 404, "router"),
        ("GET", "/v2/portal/contract/%zz", 400, "router"),
        ("PUT", "/v2/portal/user", 405, "router"),
        ("TRACE", "/v2/portal/user", 405, "router"),
        pytest.param("GET", "/v2/portal/user?x=" + "a" * 20_000, 414, "limit", id="long"),
        ("GET", "/@Bad_World/v2/portal/user", 400, "router"),
    ],
)
async def test_request_without_operation_is_refused_in_json(
    http: AsyncClient, method: str, path: str, status: int, by: str
) -> None:
    response = await http.request(method, path, headers=ANNA)

    assert response.status_code == status
    assert response.headers["x-mockportal-answered-by"] == by
    assert response.json()["message"]


async def test_wrong_method_names_the_right_ones(http: AsyncClient) -> None:
    response = await http.put("/v2/portal/user", headers=ANNA)

    assert response.headers["allow"] == "DELETE, GET, HEAD, OPTIONS, PATCH"


async def test_head_is_get_without_body(http: AsyncClient) -> None:
    get, head = (
        await http.get("/v2/portal/user", headers=ANNA),
        await http.head("/v2/portal/user", headers=ANNA),
    )

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == get.headers["content-length"]


async def test_answer_without_content_has_no_body_headers(http: AsyncClient) -> None:
    response = await http.post("/v2/portal/token/validate", headers=ANNA)

    assert (response.status_code, response.content) == (204, b"")
    assert "content-type" not in response.headers
    assert "content-length" not in response.headers


async def test_preflight_allows_any_browser(http: AsyncClient) -> None:
    asked = {
        "origin": "http://localhost:5173",
        "access-control-request-method": "PATCH",
        "access-control-request-headers": "authorization, x-custom",
    }

    response = await http.options("/v2/portal/user", headers=asked)

    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["access-control-allow-headers"] == "authorization, x-custom"
    assert response.headers["access-control-allow-methods"] == "PATCH"
    assert "access-control-allow-credentials" not in response.headers


async def test_plain_options_says_allow(http: AsyncClient) -> None:
    response = await http.options("/v3/portal/config/swap")

    assert (response.status_code, response.headers["allow"]) == (204, "OPTIONS, POST")
    assert response.headers["access-control-expose-headers"] == "Allow"
    assert (await http.options("/nothing")).status_code == 404
    assert (await http.options("/v2/portal/contract/%zz")).status_code == 400


async def test_every_answer_may_be_read_by_a_page(http: AsyncClient) -> None:
    for path in ("/v2/portal/user", "/nothing", "/@Bad_World/x"):
        response = await http.get(path, headers={"origin": "http://localhost:5173"})
        assert response.headers["access-control-allow-origin"] == "*"


async def patch(http: AsyncClient, path: str, language: str, **headers: str) -> Response:
    return await http.patch(path, headers=JSON | headers, json={"language": language})


async def language(http: AsyncClient, path: str, **headers: str) -> str:
    return str((await http.get(path, headers=ANNA | headers)).json()["data"].get("language"))


async def test_worlds_do_not_see_each_other(http: AsyncClient) -> None:
    await patch(http, "/v2/portal/user", "xx", **{"x-mockportal-world": "a"})
    await patch(http, "/@b/v2/portal/user", "yy")
    await patch(http, "/v2/portal/user", "zz", host="c.localhost:8080")

    assert await language(http, "/@a/v2/portal/user") == "xx"
    assert await language(http, "/v2/portal/user", host="b.localhost") == "yy"
    assert await language(http, "/v2/portal/user", **{"x-mockportal-world": "c"}) == "zz"
    assert await language(http, "/v2/portal/user") not in ("xx", "yy", "zz")


async def test_header_beats_path_beats_host(http: AsyncClient) -> None:
    response = await http.get(
        "/@b/v2/portal/user", headers=ANNA | {"x-mockportal-world": "a", "host": "c.localhost"}
    )
    assert response.headers["x-mockportal-world"] == "a"

    response = await http.get("/@b/v2/portal/user", headers=ANNA | {"host": "c.localhost"})
    assert response.headers["x-mockportal-world"] == "b"


async def test_world_can_be_required(spec: Spec) -> None:
    app = create_app(Mock(Setup(), spec), require_world=True)
    async with AsyncClient(transport=ASGITransport(app), base_url="http://localhost") as http:
        assert (await http.get("/v2/portal/user", headers=ANNA)).status_code == 400
        assert (await http.get("/@a/v2/portal/user", headers=ANNA)).status_code == 200


async def test_worlds_are_bounded_and_the_unused_go_first(spec: Spec) -> None:
    mock = Mock(Setup(), spec)
    for number in range(LIMITS.worlds + 5):
        mock.world(f"w{number}")
        mock.world("w0")

    names = [world.name for world in mock]
    assert len(names) == LIMITS.worlds
    assert {"main", "w0", f"w{LIMITS.worlds + 4}"} <= set(names)
    assert "w1" not in names


PAGE = {"origin": "https://evil.example"}


@pytest.mark.parametrize(
    "page",
    [
        PAGE,
        PAGE | {"authorization": "Bearer nonsense"},
        {"sec-fetch-site": "cross-site", "sec-fetch-dest": "image"},
        {"origin": "null"},
    ],
)
async def test_page_of_another_origin_never_evicts_a_world_that_was_written_to(
    spec: Spec, page: dict[str, str]
) -> None:
    mock = Mock(Setup(), spec)
    async with AsyncClient(
        transport=ASGITransport(create_app(mock)), base_url="http://localhost:8080"
    ) as http:
        await patch(http, "/@written/v2/portal/user", "xx")
        mock.world("moved").clock = mock.world("moved").clock.advanced(duration("1d"))
        mock.worlds.add("chosen", mock.scenario("overdue-invoice"))

        for number in range(LIMITS.worlds + 5):
            await http.get(f"/@w{number}/v2/portal/user", headers=page)

        assert {world.name for world in mock} >= {"main", "written", "moved", "chosen"}
        assert sum(1 for _ in mock) == LIMITS.worlds
        assert await language(http, "/@written/v2/portal/user") == "xx"


async def test_page_of_another_origin_gets_no_world_when_all_are_in_use(spec: Spec) -> None:
    mock = Mock(Setup(), spec)
    for number in range(LIMITS.worlds - 1):
        world = mock.world(f"w{number}")
        world.clock = world.clock.advanced(duration("1d"))
    async with AsyncClient(
        transport=ASGITransport(create_app(mock)), base_url="http://localhost:8080"
    ) as http:
        refused = await http.get("/@new/v2/portal/user", headers=PAGE)
        known = await http.get("/@w0/v2/portal/user", headers=PAGE)
        user = await http.get("/@new/v2/portal/user", headers=PAGE | ANNA)

    assert (refused.status_code, refused.headers["x-mockportal-answered-by"]) == (503, "limit")
    assert refused.headers["x-mockportal-world"] == "main"
    assert (known.status_code, user.status_code) == (401, 200)


async def test_request_that_breaks_off_makes_no_world(spec: Spec) -> None:
    mock = Mock(Setup(), spec)
    lines = [("content-type", "application/json"), ("content-length", "9")]

    await play(create_app(mock), "PATCH", "/@new/v2/portal/user", lines, [])

    assert [world.name for world in mock] == ["main"]


async def chunks(count: int, size: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b"x" * size


async def test_body_beyond_the_limit_is_refused(http: AsyncClient) -> None:
    said = await http.post("/v2/portal/metering/reading", headers=JSON, content=b"x" * (LIMITS.body + 1))
    counted = await http.post("/v2/portal/metering/reading", headers=JSON, content=chunks(12, 1024 * 1024))

    assert (said.status_code, counted.status_code) == (413, 413)


async def test_body_in_pieces_is_put_together(http: AsyncClient) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b'{"langu'
        yield b'age": "fr"}'

    response = await http.patch("/v2/portal/user", headers=JSON, content=pieces())

    assert response.json()["data"]["language"] == "fr"


async def test_wrong_media_type_is_415(http: AsyncClient) -> None:
    response = await http.patch(
        "/v2/portal/user", headers=ANNA | {"content-type": "text/plain"}, content=b"x"
    )

    assert response.status_code == 415


async def test_bug_of_a_behaviour_is_a_500_without_traceback(
    app: Starlette, http: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(Engine, "answer", fail)

    response = await http.get("/v2/portal/user", headers=ANNA)

    assert response.status_code == 500
    assert response.json() == {"message": "mockportal failed to answer; its log says why"}


async def test_delay_and_faults_reach_the_client(
    spec: Spec, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("scenarios")
    (folder / "bad.yaml").write_text(
        "extends: default\nrules:\n"
        " - {operation: getPortalUser, times: 1, fault: {body: garbage}}\n"
        " - {operation: getPortalUser, times: 1, fault: {body: truncated}}\n"
        " - {operation: getPortalUser, delay: 10ms, fault: {status: 503, headers: {Retry-After: '1'}}}\n"
    )
    app = create_app(Mock(Setup(scenario="bad", scenarios=folder), spec))
    async with AsyncClient(transport=ASGITransport(app), base_url="http://localhost") as http:
        garbage = await http.get("/v2/portal/user", headers=ANNA)
        truncated = await http.get("/v2/portal/user", headers=ANNA)
        slow = await http.get("/v2/portal/user", headers=ANNA)

    assert garbage.content.startswith(b"<html>")
    assert len(truncated.content) < int(truncated.headers["content-length"])
    assert (slow.status_code, slow.headers["retry-after"]) == (503, "1")


async def test_application_and_router_answer_the_same_bytes(spec: Spec) -> None:
    paths = (
        ("GET", "/v2/portal/user"), ("GET", "/v2/portal/nothing"), ("PUT", "/v2/portal/user"), ("HEAD", "/v2/portal/user"),
        ("OPTIONS", "/v2/portal/user"), ("GET", "/__mockportal/health"), ("GET", "/__mockportal/nothing"),
    )  # fmt: skip
    answers = []
    for app in (create_app(Mock(Setup(), spec)), create_app(Mock(Setup(), spec)).router):
        async with AsyncClient(transport=ASGITransport(app), base_url="http://localhost:8080") as client:
            replies = [await client.request(method, path, headers=ANNA) for method, path in paths]
        answers.append([(reply.status_code, reply.headers.raw, reply.content) for reply in replies])

    assert answers[0] == answers[1]


async def test_application_can_be_mounted_and_lists_its_routes(spec: Spec) -> None:
    app = create_app(Mock(Setup(), spec))
    outer = Starlette(routes=[Mount("/backend", app=app)])

    async with AsyncClient(transport=ASGITransport(outer), base_url="http://localhost:8080") as client:
        answer = await client.get("/backend/v2/portal/user", headers=ANNA)

    assert answer.json()["data"]["email"] == "anna.berger@example.org"
    assert [type(route).__name__ for route in app.routes] == ["OperationRoutes", "Mount"]
    assert app.url_path_for("getContract", id="a/b") == "/v2/portal/contract/a%2Fb"
