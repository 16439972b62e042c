"""The tools for agents, used by the client of their own package."""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from mockportal.agents.server import agent_server
from mockportal.mock import Mock, Setup
from mockportal.spec.spec import Spec

pytestmark = pytest.mark.anyio


@pytest.fixture
def own(spec: Spec) -> Mock:
    return Mock(Setup(), spec)


@asynccontextmanager
async def agent(mock: Mock) -> AsyncIterator[Client]:
    async with Client(agent_server(mock)) as client:
        yield client


async def use(client: Client, tool: str, **arguments: Any) -> Any:
    """What a tool answers. Fails for an error."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    return result.structured_content


async def problem(client: Client, tool: str, **arguments: Any) -> str:
    """The message of a tool that refuses."""
    result = await client.call_tool(tool, arguments)
    assert result.is_error
    return str(result.content[0].text)  # type: ignore[union-attr]


async def test_there_are_at_most_ten_tools_and_each_says_what_it_does(own: Mock) -> None:
    async with agent(own) as client:
        tools = (await client.list_tools()).tools

    assert len(tools) == 10
    assert all(tool.description and "ctx" not in str(tool.input_schema) for tool in tools)


async def test_agent_reproduces_a_refusal_and_learns_why(own: Mock) -> None:
    async with agent(own) as client:
        opened = await use(client, "open_world", scenario="overdue-invoice")
        found = await use(client, "find_operations", words="balance")
        refused = await use(client, "call_operation", operation="getCustomerBalance")
        answered = await use(client, "call_operation", operation="getCustomerBalance", who="mehmet")
        why = await use(client, "explain_answer", entry=refused["entry"])

    assert (opened["world"], opened["scenario"]) == ("agent", "overdue-invoice")
    assert "dev-mehmet" in opened["people"]
    assert "getCustomerBalance" in [one["operation"] for one in found["operations"]]
    assert (refused["status"], refused["reason"]) == (401, "a bearer token is needed")
    assert answered["body"]["balance"] == 42600
    assert why["exchange"]["response"]["status"] == 401
    assert (why["reason"], why["guard"]["admitted"]) == ("a bearer token is needed", False)


async def test_example_body_can_be_sent(own: Mock) -> None:
    async with agent(own) as client:
        await use(client, "open_world")
        found = await use(client, "find_operations", words="updatePortalUser")
        body = found["operations"][0]["body"]
        answer = await use(client, "call_operation", operation="updatePortalUser", who="anna", body=body)

    assert answer["status"] == 200


async def test_clock_mails_and_tokens_are_those_of_the_world(own: Mock) -> None:
    async with agent(own) as client:
        await use(client, "open_world", clock="2026-07-01T00:00:00Z")
        moved = await use(client, "move_clock", by="P14D")
        told = await use(client, "move_clock")
        mails = await use(client, "read_mails", to="nadia.haddad@example.org")
        token = await use(client, "get_token", who="anna", expires_in=60)
        answer = await use(client, "call_operation", operation="getPortalUser", who=token["token"])

    assert moved == told == {"now": "2026-07-15T00:00:00.000Z", "mode": "frozen"}
    assert len(mails["mails"]) == 1
    assert answer["status"] == 200


async def test_rules_of_a_world_break_what_they_are_told_to(own: Mock) -> None:
    rule = {"operation": "getPortalUser", "fault": {"status": 503}}
    async with agent(own) as client:
        await use(client, "open_world", rules=[rule])
        broken = await use(client, "call_operation", operation="getPortalUser", who="anna")
        await use(client, "open_world")
        whole = await use(client, "call_operation", operation="getPortalUser", who="anna")

    assert (broken["status"], whole["status"]) == (503, 200)


@pytest.mark.parametrize(
    ("tool", "arguments", "message"),
    [
        ("open_world", {"scenario": "overdue-invoic"}, "did you mean 'overdue-invoice'?"),
        ("open_world", {"world": "main"}, "there is a world 'main' already"),
        ("open_world", {"world": "No Name"}, "is not a name of a world"),
        ("call_operation", {"operation": "getPortalUsr"}, "did you mean 'getPortalUser'?"),
        ("call_operation", {"operation": "getContract"}, "getContract needs the parameter 'id'"),
        ("call_operation", {"operation": "getPortalUser", "who": "ana"}, "did you mean 'anna'?"),
        ("explain_answer", {}, "the journal is empty"),
        ("explain_answer", {"entry": 7}, "the journal has no entry 7"),
        ("move_clock", {"by": "1 month"}, "'1 month' is not a duration"),
        ("move_clock", {"by": "P1D", "to": "2026-07-01T00:00:00Z"}, "by and to exclude each other"),
        ("judge_operation", {"operation": "getPortalUsr"}, "did you mean"),
    ],
)
async def test_tool_refuses_in_one_clear_line(
    own: Mock, tool: str, arguments: dict[str, Any], message: str
) -> None:
    async with agent(own) as client:
        told = await problem(client, tool, **arguments)

    assert message in told
    assert "\n" not in told


async def test_part_of_the_judge_is_run(own: Mock) -> None:
    async with agent(own) as client:
        verdict = await use(client, "judge_operation", operation="getPortalUser")

    assert verdict == {"verdict": "conforms", "problems": [], "findings": []}


async def test_command_serves_one_agent_on_stdin_and_stdout(tmp_path: Path) -> None:
    arguments = ["-m", "mockportal", "mcp", "overdue-invoice"]
    command = StdioServerParameters(
        command=sys.executable, args=arguments, env=dict(os.environ), cwd=tmp_path
    )
    async with Client(stdio_client(command)) as client:
        answer = await use(client, "call_operation", operation="getCustomerBalance", who="mehmet")

    assert answer["body"]["balance"] == 42600
