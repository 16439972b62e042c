"""`GET /` says what answers here, unless the document has an operation there."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from mockportal.mock import Mock, Setup, load_mock
from mockportal.spec.spec import Spec
from mockportal.web.app import create_app

pytestmark = pytest.mark.anyio
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def client_of(mock: Mock) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(create_app(mock))
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080")


@pytest.fixture
async def client(spec: Spec) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(Mock(Setup(), spec)) as client:
        yield client


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/json, text/html", ""])
async def test_programs_get_json(client: httpx.AsyncClient, accept: str) -> None:
    answer = await client.get("/", headers={"accept": accept})

    body = answer.json()
    assert (body["name"], body["scenario"], body["operations"]) == ("mockportal", "default", 149)
    assert body["services"]["files"] == "http://127.0.0.1:8080/__services/files"


async def test_browsers_get_a_page(client: httpx.AsyncClient) -> None:
    answer = await client.get("/", headers={"accept": BROWSER})

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.text.startswith("<!doctype html>")
    assert 'href="http://127.0.0.1:8080/__mockportal/worlds/main/journal"' in answer.text


@pytest.mark.parametrize("start", ["", "/@blue"])
async def test_every_link_answers(client: httpx.AsyncClient, start: str) -> None:
    await client.get(f"{start}/v2/portal/user")
    links = (await client.get(f"{start}/")).json()["links"]

    statuses = {name: (await client.get(address)).status_code for name, address in links.items()}

    assert set(statuses) == {"health", "worlds", "state", "journal", "clock", "outbox"}
    assert set(statuses.values()) == {200}


async def test_the_page_of_a_world_links_to_that_world(client: httpx.AsyncClient) -> None:
    body = (await client.get("/@blue/")).json()

    assert body["links"]["clock"] == "http://127.0.0.1:8080/__mockportal/worlds/blue/clock"
    assert body["services"]["files"] == "http://127.0.0.1:8080/@blue/__services/files"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_other_methods_find_nothing(client: httpx.AsyncClient, method: str) -> None:
    assert (await client.request(method, "/")).status_code == 404


async def test_an_operation_of_the_document_comes_first(tmp_path: Path) -> None:
    ok = {"200": {"description": "ok", "content": {"application/json": {"example": {"own": True}}}}}
    document = {
        "openapi": "3.0.3",
        "info": {"title": "Other", "version": "1"},
        "paths": {"/": {"get": {"operationId": "root", "responses": ok}}},
    }
    (tmp_path / "openapi.json").write_text(json.dumps(document))
    mock = load_mock(Setup(spec=tmp_path / "openapi.json", scenarios=tmp_path))

    async with client_of(mock) as client:
        answer = await client.get("/", headers={"accept": BROWSER})

    assert answer.json() == {"own": True}
