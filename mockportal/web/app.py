"""The whole application: the API, and beside it the control API behind its own rules of access."""

import re
from collections.abc import Collection, Mapping
from types import MappingProxyType

from starlette.applications import Starlette
from starlette.routing import Match, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from mockportal.mock import Mock
from mockportal.web.api import CONTROL, OperationRoutes
from mockportal.web.control.app import ControlAccess, control_app
from mockportal.web.cors import Cors
from mockportal.web.log import Log, no_log

Application = Starlette  # for annotations in rooms that know no Starlette


def create_app(
    mock: Mock,
    require_world: bool = False,
    control_token: str | None = None,
    control: bool = True,
    log: Log = no_log,
    cors_origins: Collection[str] = (),
    beside: Mapping[str, ASGIApp] = MappingProxyType({}),
) -> Starlette:
    """A Starlette application over a mock: mount it, add middleware to it, look at its `routes`.

    Pages of `cors_origins` may send credentials. `control_token` is asked for where it is given; without `control`
    everything under `/__mockportal` is 404. `beside` are more applications there, by path, behind the same rules.
    `app.state.end_streams()` ends the streams of events that are open.
    `app.state.direct` answers the same requests with the same bytes, and saves the middleware and a router.
    """
    controlled = control_app(mock)
    access = ControlAccess(controlled, control_token, control)
    mount = Mount(CONTROL, app=access)
    mount.path_regex = re.compile(mount.path_regex.pattern, re.DOTALL)  # a path may hold a line break
    operations = OperationRoutes(mock, require_world, log, Cors(frozenset(cors_origins)))
    app = Starlette(
        routes=[
            operations,
            *(
                Route(f"{CONTROL}{path}", ControlAccess(one, control_token, control))
                for path, one in beside.items()
            ),
            mount,
        ]
    )
    app.state.end_streams = controlled.state.streams.end
    app.state.direct = _directly(operations, app.router)
    return app


def _directly(operations: OperationRoutes, others: ASGIApp) -> ASGIApp:
    """Asks the operations first, which take nearly every request."""

    async def direct(scope: Scope, receive: Receive, send: Send) -> None:
        if operations.matches(scope)[0] is Match.FULL:
            await operations.handle(scope, receive, send)
        else:
            await others(scope, receive, send)

    return direct
