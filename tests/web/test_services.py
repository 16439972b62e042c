"""Neighbours of the API, under `/__services`: routed, journalled and committed like operations."""

from collections.abc import AsyncIterator
from dataclasses import replace
from types import MappingProxyType

import httpx
import pytest

from mockportal.engine.call import Reply, Request
from mockportal.errors import Conflict
from mockportal.mock import Mock, Setup
from mockportal.spec.spec import Spec
from mockportal.state.store import Draft
from mockportal.web.app import create_app

pytestmark = pytest.mark.anyio


def letter_box(request: Request, state: Draft) -> Reply:
    """Puts in a letter; one that is called `/twice` is refused after it was put in."""
    state.collection("mail").put({"id": "letter", "to": request.path, "body": request.body.decode()})
    if request.path == "/twice":
        raise Conflict("there is a letter already")
    if request.path == "/page":
        return Reply(418, b"<p>Gr\xc3\xbc\xc3\x9fe</p>", {"Content-Type": "text/html; charset=utf-8"})
    return Reply(200, {"path": request.path, "base": request.base_url})


@pytest.fixture
async def client(spec: Spec) -> AsyncIterator[httpx.AsyncClient]:
    mock = Mock(Setup(), spec)
    mock.api = mock.engine.responders.api = replace(
        mock.api, services=MappingProxyType({"letters": letter_box})
    )
    transport = httpx.ASGITransport(create_app(mock))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as client:
        yield client


async def test_a_service_sees_the_path_below_it_and_the_address_of_its_world(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.post("/@blue/__services/letters/box/1?x=1", content=b"hello")

    assert answer.json() == {"path": "/box/1", "base": "http://127.0.0.1:8080/@blue"}
    assert answer.headers["x-mockportal-world"] == "blue"


async def test_a_service_is_journalled_with_its_whole_path(client: httpx.AsyncClient) -> None:
    await client.post("/__services/letters/box", content=b"hello")

    entry = (await client.get("/__mockportal/worlds/main/journal/1")).json()

    assert (entry["operation"], entry["request"]["path"]) == ("services.letters", "/__services/letters/box")


@pytest.mark.parametrize(
    ("path", "status", "letters"), [("/box", 200, 1), ("/page", 418, 1), ("/twice", 409, 0)]
)
async def test_what_a_service_returns_is_kept_and_what_it_raises_is_not(
    client: httpx.AsyncClient, path: str, status: int, letters: int
) -> None:
    before = (await client.get("/__mockportal/worlds/main/state")).json()["mail"]

    answer = await client.post(f"/__services/letters{path}")

    after = (await client.get("/__mockportal/worlds/main/state")).json()["mail"]
    assert (answer.status_code, after - before) == (status, letters)


async def test_a_service_may_send_a_page(client: httpx.AsyncClient) -> None:
    answer = await client.get("/__services/letters/page")

    assert answer.text == "<p>Grüße</p>"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("path", ["/__services/", "/__services/nobody/x", "/__services"])
async def test_an_unknown_service_is_an_unknown_path(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404
