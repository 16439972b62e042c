"""The server of the tools: over stdio in a process of its own, and over HTTP beside the control API."""

import anyio
from mcp.server.mcpserver import MCPServer
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

from mockportal import __version__
from mockportal.agents.door import Door
from mockportal.agents.tools import Tools
from mockportal.mock import Mock

_STDIO_WORLD = "agent"
_INSTRUCTIONS = """A stateful mock of a customer portal's API, for tests and reproductions. Nothing here is real.
Begin with open_world, look for operations with find_operations, call them as somebody with call_operation, and when an
answer surprises you, ask explain_answer. The clock stands until move_clock moves it."""


def agent_server(mock: Mock, own_world: str = _STDIO_WORLD) -> MCPServer[dict[str, object]]:
    """A server with the ten tools; `own_world` is that of a session without an id."""
    server = MCPServer[dict[str, object]](
        "mockportal", instructions=_INSTRUCTIONS, version=__version__, log_level="WARNING"
    )
    for tool in Tools(Door(mock), own_world).all:
        server.add_tool(tool)
    return server


def http_manager(mock: Mock) -> StreamableHTTPSessionManager:
    """The same over HTTP. Whatever is in front of it decides who may come in."""
    server = agent_server(mock, "")._lowlevel_server
    return StreamableHTTPSessionManager(server, json_response=True)


def serve_stdio(mock: Mock) -> None:
    """Serves one client on stdin and stdout until it goes."""
    anyio.run(agent_server(mock).run_stdio_async)
