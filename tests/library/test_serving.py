"""A mock that is served from a thread, and one that is mounted in another application."""

import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

import mockportal
from mockportal import asgi_app, serve
from mockportal.errors import UsageError

ANNA = {"Authorization": "Bearer dev-anna"}


def test_mock_answers_at_a_free_port_until_the_block_ends() -> None:
    with serve("overdue-invoice") as server:
        answer = httpx.get(f"{server.url}/v2/portal/user", headers=ANNA)
        assert answer.json()["data"]["email"] == "anna.berger@example.org"

    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{server.url}/v2/portal/user", headers=ANNA)


def test_worlds_of_a_server_are_reached_by_their_url_and_in_process() -> None:
    with serve() as server, server.world("blue", clock="2026-07-01T00:00:00Z") as blue:
        over_a_socket = httpx.get(f"{blue.url}/v2/portal/user", headers=ANNA)
        in_process = blue.as_("anna").get("/v2/portal/user")

        assert blue.url == f"{server.url}/@blue"
        assert over_a_socket.content == in_process.content
        assert [entry["operation"] for entry in blue.journal.entries()] == ["getPortalUser"] * 2


def test_clock_of_a_server_may_tick() -> None:
    with serve(clock="now") as server, server.world() as world:
        assert world.control("GET", "/clock")["mode"] == "ticking"


def test_port_in_use_is_one_clear_line() -> None:
    with serve() as server:
        port = httpx.URL(server.url).port or 0
        with pytest.raises(UsageError, match="cannot listen there"), serve(port=port):
            pass


@pytest.mark.anyio
async def test_mock_is_mounted_in_another_application() -> None:
    app = Starlette(routes=[Mount("/portal", app=asgi_app())])
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost/portal") as client:
        answer = await client.get("/v2/portal/user", headers=ANNA)

    assert answer.json()["data"]["email"] == "anna.berger@example.org"


def test_package_is_imported_without_the_library() -> None:
    names = "[name for name in sys.modules if name.split('.')[0] in ('httpx', 'starlette', 'jsonschema', 'uvicorn')]"
    code = f"import mockportal, sys; assert mockportal.__version__; print({names})"

    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert output == "[]\n"


def test_name_that_there_is_not_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="no attribute 'server'"):
        mockportal.server  # type: ignore[attr-defined]  # noqa: B018

    assert {"serve", "Client", "asgi_app"} <= set(dir(mockportal))


def test_programs_on_the_page_run() -> None:
    page = (Path(mockportal.__file__).parent.parent / "docs" / "library.md").read_text()
    blocks = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)

    for block in blocks:
        exec(block, {})

    assert len(blocks) == 3
