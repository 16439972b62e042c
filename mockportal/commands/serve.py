"""`mockportal serve`: runs the mock until it is interrupted."""

import argparse
import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from mockportal.commands.agents import agent_sessions
from mockportal.commands.flags import clock_of, control_token_of, domain_of, frontend_of, limit_of, origin_of
from mockportal.commands.output import say, warn
from mockportal.commands.setup_flags import setup_of
from mockportal.config import LIMITS
from mockportal.errors import one_line
from mockportal.mock import Mock, Setup, load_mock
from mockportal.web.app import create_app
from mockportal.web.line_writer import patient_stderr
from mockportal.web.log import LOGS
from mockportal.web.on_demand import OnDemand
from mockportal.web.server import serve
from mockportal.web.watch import Watch

AGENTS = "/mcp"  # under the control API
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Serving:
    """The options of `serve`.

    host, port:    where it listens; port 0 picks a free one
    watch:         whether everything is loaded again when its files change
    require_world: whether a request has to name its world
    control_token: what the control API asks for; None for nothing
    cors_origins:  the origins whose pages may send credentials
    log:           text, json, or None for no line about requests
    """

    host: str = "127.0.0.1"
    port: int = 8080
    watch: bool = False
    require_world: bool = False
    control_token: str | None = None
    cors_origins: tuple[str, ...] = ()
    log: str | None = None


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Adds the flags of `serve`."""
    parser.add_argument("scenario", nargs="?", default="default", help="a scenario's name, or its file")
    parser.add_argument("--seed", type=int, help="another seed: other ids")
    parser.add_argument(
        "--clock", type=clock_of,
        help="an RFC 3339 instant to stand at, or `now` to tick from now, with all dates moved along by whole weeks",
    )  # fmt: skip
    parser.add_argument(
        "--no-shift", action="store_true", help="with `--clock now`: keep all dates as they are"
    )
    parser.add_argument(
        "--watch",
        action="store_true",
        help="load again what has changed in any file that is served",
    )
    parser.add_argument("--require-world", action="store_true", help="refuse requests that name no world")
    parser.add_argument(
        "--domain", action="append", type=domain_of, default=[], metavar="NAME",
        help="one more domain under which the frontend of customers is reached, such as portal.test:3000",
    )  # fmt: skip
    parser.add_argument(
        "--frontend", type=frontend_of, metavar="URL",
        help="where links in mails lead (default: the portal's domain)",
    )  # fmt: skip
    _add_network_flags(parser)


def _add_network_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="the address to bind")
    parser.add_argument("--port", type=int, default=8080, help="0 picks a free one")
    control = parser.add_mutually_exclusive_group()
    control.add_argument("--control-token", metavar="TOKEN", help="what the control API asks for")
    control.add_argument("--control-token-file", type=Path, metavar="FILE", help="the file that holds it")
    parser.add_argument(
        "--cors-origin", action="append", type=origin_of, default=[], metavar="ORIGIN",
        help="an origin whose pages may send credentials",
    )  # fmt: skip
    parser.add_argument(
        "--limit", action="append", type=limit_of, default=[], metavar="NAME=VALUE",
        help="another limit, such as body=4194304; docs/limits.md lists them",
    )  # fmt: skip
    parser.add_argument("--log", choices=("text", "json"), help="a line for each request, on stderr")


def run(given: argparse.Namespace) -> int:
    """Serves until interrupted. Raises `MockportalError`."""
    LIMITS.change(dict(given.limit))
    serving = Serving(
        host=given.host,
        port=given.port,
        watch=given.watch,
        require_world=given.require_world,
        control_token=control_token_of(given.control_token, given.control_token_file),
        cors_origins=tuple(given.cors_origin),
        log=given.log,
    )
    return serve_mock(setup_of(given), serving)


def serve_mock(setup: Setup, serving: Serving) -> int:
    """Serves until interrupted. Raises `MockportalError`."""
    gc.disable()  # until the server runs: loading makes much and drops little
    mock = load_mock(setup)
    loopback = serving.host in _LOOPBACK
    agents = OnDemand(lambda: agent_sessions(mock))
    app = create_app(
        mock,
        require_world=serving.require_world,
        control_token=serving.control_token,
        control=loopback or serving.control_token is not None,
        log=LOGS[serving.log],
        cors_origins=serving.cors_origins,
        beside={AGENTS: agents},
    )
    watch = Watch(mock) if serving.watch else None
    with patient_stderr():
        ends = (app.state.end_streams, agents.end)
        ready = partial(_ready, mock, loopback=loopback)
        serve(app.state.direct, serving.host, serving.port, ready, lambda: _end(ends), watch)
    return 0


def _end(ends: Sequence[Callable[[], None]]) -> None:
    for end in ends:
        end()


def _ready(mock: Mock, url: str, loopback: bool) -> None:
    if not loopback:
        warn(f"mockportal: {url} is reachable from elsewhere, and anyone can sign tokens with the test key")
    for operation in mock.spec.quarantine:
        warn(
            one_line(
                f"mockportal: {operation.method} {operation.path} cannot be answered: {operation.problem}"
            )
        )
    _tell_of_the_rest(mock)
    if not mock.spec.operations:
        warn("mockportal: the document has no operation that could be answered")
    scenario = mock.world().scenario
    tokens = " ".join(scenario.tokens) or "none"
    say(
        f"mockportal ready at {url} | scenario {scenario.name} | {len(mock.spec.operations)} operations"
        f" | tokens: {tokens}"
    )


def _tell_of_the_rest(mock: Mock) -> None:
    """Lists the operations of another document that the behaviours do not answer."""
    if mock.setup.spec is None or not mock.api.behaviours:
        return
    rest: dict[str, list[str]] = {}
    for operation in mock.spec.operations.values():
        if operation.id not in mock.api.behaviours:
            rest.setdefault(mock.engine.responders.answered_by(operation), []).append(operation.id)
    for how, ids in sorted(rest.items()):
        warn(one_line(f"mockportal: answered by {how}, without a behaviour: {', '.join(ids)}"))
