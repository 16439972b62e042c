"""Input that no page and no test means to send gets one line from the control API, and its status."""

from collections.abc import AsyncIterator

import pytest
from httpx import ASGITransport, AsyncClient

from mockportal.mock import Mock, Setup
from mockportal.spec.spec import Spec
from mockportal.values import Json
from mockportal.web.app import create_app

BASE = "/__mockportal"
WORLD = f"{BASE}/worlds/lab"
ANNA = {"authorization": "Bearer dev-anna"}
pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def served(spec: Spec) -> Mock:
    return Mock(Setup(), spec)


@pytest.fixture
async def http(served: Mock) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(
        transport=ASGITransport(create_app(served)), base_url="http://localhost:8080"
    ) as one:
        yield one


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", f"{BASE}/console/%00", None, 400),
        ("GET", f"{BASE}/console/{'a' * 5000}", None, 404),
        ("GET", f"{BASE}/console/{'a' * 17_000}", None, 414),
        ("GET", f"{BASE}/health?{'a' * 17_000}", None, 414),
        ("GET", f"{BASE}/console/..%2fpage.py", None, 404),
        ("GET", f"{BASE}/a%0Ab", None, 400),
        ("GET", f"{BASE}/health%0A", None, 400),
        ("GET", f"{BASE}/worlds/%zz/clock", None, 400),
        ("GET", f"{WORLD}/journal/{'9' * 5000}", None, 400),
        ("GET", f"{WORLD}/journal?limit={'9' * 5000}", None, 400),
        ("GET", f"{WORLD}/journal?operation=", None, 400),
        ("GET", f"{WORLD}/state/ticket/%ff%fe", None, 404),
        ("PUT", f"{WORLD}/state/ticket/{'x' * 201}", {"_title": "x"}, 400),
        ("PUT", f"{WORLD}/clock", {"step": False}, 400),
        ("PUT", f"{WORLD}/clock", {"now": "9999-12-31T23:59:59-23:59"}, 400),
        ("POST", f"{WORLD}/clock/advance", {"by": "9" * 4000 + "d"}, 400),
        ("POST", f"{WORLD}/verify", {"": 1}, 400),
        ("POST", f"{WORLD}/rewind", {"to": 10**30}, 404),
        ("POST", f"{WORLD}/rewind", {"to": 0.5}, 400),
        ("POST", f"{BASE}/worlds", {"seed": None}, 400),
        ("POST", f"{BASE}/worlds", {"seed": True}, 400),
    ],
)  # fmt: skip
async def test_bad_input_is_refused_in_one_line(
    method: str, path: str, body: Json, status: int, http: AsyncClient
) -> None:
    answer = await http.request(method, path, json=body)

    assert answer.status_code == status
    assert set(answer.json()) == {"message"}
    assert "\n" not in answer.json()["message"]


async def test_whole_numbers_may_be_written_with_a_point(http: AsyncClient) -> None:
    assert (await http.post(f"{WORLD}/rewind", json={"to": 0.0})).status_code == 200
    assert (await http.post(f"{BASE}/worlds", json={"seed": 7.0})).json()["seed"] == 7


async def test_status_of_a_rule_that_is_written_with_a_point_is_sent_as_a_whole_number(
    http: AsyncClient,
) -> None:
    rule = {"operation": "getPortalUser", "unchecked": True, "reply": {"status": 418.0}}
    await http.post(f"{BASE}/worlds/teapot/rules", json=rule)

    answer = await http.get("/@teapot/v2/portal/user", headers=ANNA)

    assert repr(answer.status_code) == "418"


async def test_rule_with_a_slash_in_its_id_can_be_taken_away(http: AsyncClient) -> None:
    rule = {"id": "a/b", "operation": "getPortalUser", "fault": {"status": 503}}
    await http.post(f"{WORLD}/rules", json=rule)

    answer = await http.delete(f"{WORLD}/rules/a%2Fb")

    assert answer.status_code == 204


async def test_refused_type_of_body_makes_no_world(http: AsyncClient, served: Mock) -> None:
    headers = {"content-type": "text/plain"}

    answer = await http.put(f"{BASE}/worlds/unmade/clock", content=b"{}", headers=headers)

    assert answer.status_code == 415
    assert "unmade" not in served.worlds
