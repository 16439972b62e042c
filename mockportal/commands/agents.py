"""`mockportal mcp`: tools for one agent, over stdin and stdout; and the same for `mockportal serve`."""

import argparse
from importlib import import_module

from mockportal.commands.extra import needs_extra
from mockportal.commands.setup_flags import setup_of
from mockportal.mock import Mock, load_mock
from mockportal.web.on_demand import SessionManager

_SERVER = "mockportal.agents.server"  # needs the extra, and takes long to import


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Adds the flags of `mcp`."""
    parser.add_argument("scenario", nargs="?", default="default", help="a scenario's name, or its file")


def run(given: argparse.Namespace) -> int:
    """Serves until the agent goes. Raises `MockportalError`."""
    with needs_extra("mcp"):
        server = import_module(_SERVER)
    server.serve_stdio(load_mock(setup_of(given)))
    return 0


def agent_sessions(mock: Mock) -> SessionManager:
    """The same tools over HTTP. Raises `UsageError` without the extra."""
    with needs_extra("mcp"):
        server = import_module(_SERVER)
    manager: SessionManager = server.http_manager(mock)
    return manager
