"""The whole application: the API, and beside it the control API behind its own rules of access."""

from starlette.applications import Starlette
from starlette.routing import Mount

from mockportal.mock import Mock
from mockportal.web.api import CONTROL, OperationRoutes
from mockportal.web.control.app import ControlAccess, control_app
from mockportal.web.log import Log, no_log


def create_app(
    mock: Mock,
    require_world: bool = False,
    control_token: str | None = None,
    control: bool = True,
    log: Log = no_log,
) -> Starlette:
    """A Starlette application over a mock: mount it, add middleware to it, look at its `routes`.

    `control_token` is asked for where it is given; without `control` everything under `/__mockportal` is 404.
    `app.router` answers the same requests with the same bytes, and saves the middleware.
    """
    access = ControlAccess(control_app(mock), control_token, control)
    return Starlette(routes=[OperationRoutes(mock, require_world, log), Mount(CONTROL, app=access)])
