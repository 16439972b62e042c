"""The tools at their URL, beside the control API and behind its checks."""

from pathlib import Path

import httpx
import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from mockportal.errors import UsageError
from mockportal.mock import Mock
from mockportal.web.app import create_app
from mockportal.web.on_demand import OnDemand, SessionManager
from tests.agents.test_tools import problem, use
from tests.test_cli import served

pytestmark = pytest.mark.anyio
HEADERS = {"Accept": "application/json, text/event-stream"}
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}
PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}


async def test_each_session_has_a_world_of_its_own(tmp_path: Path) -> None:
    with served(tmp_path) as (url, _):
        async with (
            Client(f"{url}/__mockportal/mcp", mode="legacy") as one,
            Client(f"{url}/__mockportal/mcp", mode="legacy") as other,
        ):
            first = await use(one, "open_world", clock="2026-07-01T00:00:00Z")
            second = await use(other, "open_world")
            told = [await use(client, "move_clock") for client in (one, other)]
        seen = httpx.get(f"{first['url']}/v2/portal/user", headers={"Authorization": "Bearer dev-anna"})

    assert first["world"] != second["world"]
    assert [one["now"][:10] for one in told] == ["2026-07-01", "2026-06-15"]
    assert seen.headers["x-mockportal-world"] == first["world"]


async def test_agent_that_listens_does_not_keep_the_server_from_ending(tmp_path: Path) -> None:
    with served(tmp_path) as (url, process):
        async with httpx2.AsyncClient() as http:
            begun = await http.post(f"{url}/__mockportal/mcp", json=INITIALIZE, headers=HEADERS)
            session = {"Mcp-Session-Id": begun.headers["mcp-session-id"], "Accept": "text/event-stream"}
            async with http.stream("GET", f"{url}/__mockportal/mcp", headers=session) as listening:
                process.terminate()
                content = await listening.aread()

    assert (listening.status_code, content) == (200, b"")
    assert process.returncode == 0


async def test_client_without_a_session_names_its_world(tmp_path: Path) -> None:
    with served(tmp_path) as (url, _):
        async with Client(f"{url}/__mockportal/mcp") as client:
            unnamed = await problem(client, "move_clock", by="P1D")
            opened = await use(client, "open_world")
            again = await use(client, "open_world")
            moved = await use(client, "move_clock", by="P1D", world=opened["world"])

    assert unnamed.endswith(": name a world: open_world makes one, and your client keeps no session")
    assert opened["world"] != again["world"]
    assert moved["now"] == "2026-06-16T07:00:00.000Z"


async def test_checks_of_the_control_api_stand_before_the_tools(tmp_path: Path) -> None:
    with served(tmp_path, "--control-token", "secret") as (url, _):
        at = f"{url}/__mockportal/mcp"
        without = httpx.post(at, json=PING, headers=HEADERS)
        foreign = httpx.post(at, json=PING, headers={**HEADERS, "Origin": "https://evil.example"})
        async with (
            httpx2.AsyncClient(headers={"Authorization": "Bearer secret"}) as http,
            Client(streamable_http_client(at, http_client=http), mode="legacy") as client,
        ):
            opened = await use(client, "open_world")

    assert (without.status_code, foreign.status_code) == (401, 403)
    assert opened["scenario"] == "default"


async def test_missing_extra_is_said_at_the_first_request(mock: Mock) -> None:
    def missing() -> SessionManager:
        raise UsageError("mcp", "needs the extra: pip install 'mockportal[mcp]'")

    app = create_app(mock, beside={"/mcp": OnDemand(missing)})
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        answer = await client.post("/__mockportal/mcp", json=PING, headers=HEADERS)

    assert answer.status_code == 501
    assert answer.json() == {"message": "mcp: needs the extra: pip install 'mockportal[mcp]'"}
