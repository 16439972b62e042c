"""Each endpoint of the control API refuses what a foreign page could send, and changes nothing by it."""

from collections.abc import AsyncIterator

import pytest
from httpx import ASGITransport, AsyncClient

from mockportal.mock import Mock, Setup
from mockportal.spec.spec import Spec
from mockportal.values import Record, encode
from mockportal.web.app import create_app
from mockportal.web.document.assembly import ControlOperation, descriptions
from tests.support.control_examples import target_of

URL = "http://127.0.0.1:8080"
TOKEN = "a-token-of-this-server"
PAGES = ("/", "/console/{file}")
JSON = {"content-type": "application/json"}
REFUSALS = (
    ({"origin": "https://evil.test"}, 403),
    ({"origin": "null"}, 403),
    ({"origin": "http://localhost:3000"}, 403),
    ({"sec-fetch-site": "cross-site", "sec-fetch-dest": "image"}, 403),
    ({"host": "rebound.evil.test:8080"}, 403),
    ({"host": "127.0.0.1.evil.test"}, 403),
    ({"host": "a b"}, 400),
    ({"origin": "nonsense"}, 400),
    ({"content-type": "text/plain"}, 415),
    ({"content-type": "application/x-www-form-urlencoded"}, 415),
    ({"content-type": "multipart/form-data; boundary=x"}, 415),
)
OPERATIONS = pytest.mark.parametrize("one", descriptions(), ids=lambda one: str(one.raw["id"]))
pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def shared(spec: Spec) -> Mock:
    """One mock for all operations: a refusal changes nothing."""
    mock = Mock(Setup(), spec)
    mock.world("lab")
    mock.world("demo")
    return mock


@pytest.fixture(scope="module")
def busy(spec: Spec) -> Mock:
    """Another one, for requests that are let in."""
    return Mock(Setup(), spec)


@pytest.fixture
async def http(shared: Mock) -> AsyncIterator[AsyncClient]:
    async with client(shared) as one:
        yield one


def client(mock: Mock, url: str = URL, token: str | None = None, control: bool = True) -> AsyncClient:
    app = create_app(mock, control_token=token, control=control)
    app.state.end_streams()
    return AsyncClient(transport=ASGITransport(app), base_url=url)


def body_of(one: ControlOperation) -> bytes:
    return encode(one.example.get("body", {}))


def kept(mock: Mock) -> list[Record]:
    """Everything that a request could change, of every world."""
    return [
        {
            "name": world.name,
            "state": world.state,
            "clock": world.clock,
            "rules": world.rules.rules,
            "scenario": world.scenario,
            "snapshots": dict(world.snapshots),
            "entries": [exchange.n for exchange in world.journal],
        }
        for world in sorted(mock, key=lambda world: world.name)
    ]


@OPERATIONS
async def test_pages_of_other_origins_rebound_hosts_and_forms_are_refused_and_change_nothing(
    one: ControlOperation, http: AsyncClient, shared: Mock
) -> None:
    before = kept(shared)

    answers = [
        (
            headers,
            status,
            await http.request(one.method, target_of(one), content=body_of(one), headers=JSON | headers),
        )
        for headers, status in REFUSALS
    ]

    assert [(headers, answer.status_code) for headers, _, answer in answers] == [
        (headers, status) for headers, status, _ in answers
    ]
    assert all(set(answer.json()) == {"message"} for _, _, answer in answers)
    assert [
        name for _, _, answer in answers for name in answer.headers if name.startswith("access-control")
    ] == []
    assert kept(shared) == before


@OPERATIONS
async def test_a_preflight_is_refused_without_a_cors_header(one: ControlOperation, http: AsyncClient) -> None:
    asked = {"origin": "https://evil.test", "access-control-request-method": one.method}

    answer = await http.request("OPTIONS", target_of(one), headers=asked)

    assert answer.status_code == 403
    assert [name for name in answer.headers if name.startswith("access-control")] == []


@OPERATIONS
async def test_an_answer_has_no_cors_header(one: ControlOperation, busy: Mock) -> None:
    async with client(busy) as http:
        answer = await http.request(
            one.method, target_of(one), content=body_of(one), headers=JSON | {"origin": URL}
        )

    assert answer.status_code not in (400, 401, 403, 415)
    assert [name for name in answer.headers if name.startswith("access-control")] == []


@OPERATIONS
async def test_other_addresses_need_the_token_and_without_one_there_is_nothing(
    one: ControlOperation, shared: Mock
) -> None:
    before, statuses = kept(shared), []
    for token, given in (
        (TOKEN, {}),
        (TOKEN, {"authorization": TOKEN}),
        (TOKEN, {"authorization": "Bearer x"}),
    ):
        async with client(shared, "http://10.0.0.5:8080", token) as http:
            answer = await http.request(
                one.method, target_of(one), content=body_of(one), headers=JSON | given
            )
            statuses.append(answer.status_code)
    async with client(shared, "http://10.0.0.5:8080", control=False) as http:
        answer = await http.request(one.method, target_of(one), content=body_of(one), headers=JSON)
        statuses.append(answer.status_code)

    assert statuses == [*([200] * 3 if one.path in PAGES else [401] * 3), 404]
    assert kept(shared) == before


@OPERATIONS
async def test_the_token_opens_every_endpoint(one: ControlOperation, busy: Mock) -> None:
    headers = {**JSON, "authorization": f"Bearer {TOKEN}"}
    async with client(busy, "http://10.0.0.5:8080", TOKEN) as http:
        answer = await http.request(one.method, target_of(one), content=body_of(one), headers=headers)

    assert answer.status_code not in (400, 401, 403, 415)


@OPERATIONS
async def test_another_method_is_405_and_allow_lists_the_right_ones(
    one: ControlOperation, http: AsyncClient
) -> None:
    methods = {other.method for other in descriptions() if other.path == one.path}
    methods |= {"HEAD"} if "GET" in methods else set()

    answer = await http.request("TRACE", target_of(one))

    assert answer.status_code == 405
    assert answer.headers["allow"] == ", ".join(sorted(methods))
