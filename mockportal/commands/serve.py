"""`mockportal serve`: runs the mock until it is interrupted."""

import gc
from dataclasses import dataclass

from mockportal.commands.output import say, warn
from mockportal.errors import one_line
from mockportal.mock import Mock, Setup, load_mock
from mockportal.web.app import create_app
from mockportal.web.line_writer import patient_stderr
from mockportal.web.log import LOGS
from mockportal.web.server import serve
from mockportal.web.watch import Watch

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Serving:
    """The options of `serve`.

    host, port:    where it listens; port 0 picks a free one
    watch:         whether the scenario is loaded again when its files change
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


def serve_mock(setup: Setup, serving: Serving) -> int:
    """Serves until interrupted. Raises `MockportalError`."""
    gc.disable()  # until the server runs: loading makes much and drops little
    mock = load_mock(setup)
    loopback = serving.host in _LOOPBACK
    app = create_app(
        mock,
        require_world=serving.require_world,
        control_token=serving.control_token,
        control=loopback or serving.control_token is not None,
        log=LOGS[serving.log],
        cors_origins=serving.cors_origins,
    )
    watch = Watch(mock) if serving.watch else None
    with patient_stderr():
        # the router answers the same as the application, without a middleware stack that is empty
        serve(app.router, serving.host, serving.port, lambda url: _ready(mock, url, loopback), watch)
    return 0


def _ready(mock: Mock, url: str, loopback: bool) -> None:
    if not loopback:
        warn(f"mockportal: {url} is reachable from elsewhere, and anyone can sign tokens with the test key")
    for operation in mock.spec.quarantine:
        warn(
            one_line(
                f"mockportal: {operation.method} {operation.path} cannot be answered: {operation.problem}"
            )
        )
    if not mock.spec.operations:
        warn("mockportal: the document has no operation that could be answered")
    scenario = mock.world().scenario
    tokens = " ".join(scenario.tokens) or "none"
    say(
        f"mockportal ready at {url} | scenario {scenario.name} | {len(mock.spec.operations)} operations"
        f" | tokens: {tokens}"
    )
