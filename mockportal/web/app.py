"""The whole application: the API, and in front of it the control API, each behind its own rules of access."""

import secrets
from urllib.parse import urlsplit

from mockportal.mock import Mock
from mockportal.values import encode
from mockportal.web.api import Api, Receive, Scope, Send
from mockportal.web.control import Control
from mockportal.web.log import Log, no_log

_HOSTS = ("127.0.0.1", "::1", "localhost")


class App:
    """ASGI. `control_token` is asked for where it is given; `control` off means 404 under `/__mockportal`."""

    def __init__(
        self,
        mock: Mock,
        require_world: bool = False,
        control_token: str | None = None,
        control: bool = True,
        log: Log = no_log,
    ) -> None:
        self._api = Api(mock, require_world, log)
        self._control = Control(mock).app()
        self._token = control_token
        self._control_on = control

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends each request where it belongs."""
        if scope["type"] == "http" and not scope["path"].startswith("/__mockportal"):
            await self._api(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._control(scope, receive, send)
        elif scope["type"] == "http":
            problem = self._problem(scope)
            if problem is None:
                await self._control(scope, receive, send)
            else:
                await _refuse(send, *problem)

    def _problem(self, scope: Scope) -> tuple[int, str] | None:
        """Why a control request is refused: pages of other origins, and hosts that rebind, stay out."""
        if not self._control_on:
            return 404, "the control API is off on this address: start with --control-token"
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if not _is_local(headers.get("host", "")) and self._token is None:
            return 403, "the control API answers only to 127.0.0.1, ::1, localhost and *.localhost"
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != headers.get("host"):
            return 403, "the control API answers to no page of another origin"
        if self._token is not None:
            given = headers.get("authorization", "").removeprefix("Bearer ")
            if not secrets.compare_digest(given.encode(), self._token.encode()):
                return 401, "the control API needs its token: Authorization: Bearer …"
        return None


def _is_local(host: str) -> bool:
    name = urlsplit(f"//{host}").hostname or ""
    return name in _HOSTS or name.endswith(".localhost")


async def _refuse(send: Send, status: int, message: str) -> None:
    content = encode({"message": message})
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(content))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
