"""The way of the tools to the mock: its API and its control API, in this process."""

from urllib.parse import urlsplit

import httpx
from mcp.server.mcpserver.exceptions import ToolError

from mockportal.engine.call import request_for
from mockportal.errors import hint
from mockportal.mock import Mock
from mockportal.programs.stand_in import token_named
from mockportal.spec.spelling import unnamed_in_path
from mockportal.values import Json, Record, decode
from mockportal.web.app import create_app

_CONTROL = "/__mockportal"
_OWN = "http://localhost"


class Door:
    """Requests to one mock. A refusal of the control API raises `ToolError` with its message."""

    def __init__(self, mock: Mock) -> None:
        self.mock = mock
        self._http = httpx.AsyncClient(base_url=_OWN, transport=httpx.ASGITransport(create_app(mock).router))

    async def control(self, method: str, path: str, body: Json = None) -> Json:
        """The answer of the control API, as JSON or as a text."""
        answer = await self._http.request(method, f"{_CONTROL}{path}", json=body)
        is_json = answer.headers.get("content-type", "").startswith("application/json")
        if answer.is_error:
            raise ToolError(str(decode(answer.content)["message"]) if is_json else answer.text)
        if not answer.content:
            return None
        return decode(answer.content) if is_json else answer.text

    async def token(self, world: str, who: str) -> str:
        """The development token of somebody in a world, or a new one; "" for nobody."""
        known = token_named(who, self.mock.world(world).scenario)
        if known or not who:
            return known
        minted: Record = await self.control("POST", f"/worlds/{world}/tokens", {"user": who})
        return str(minted["token"])

    async def call(
        self, world: str, operation_id: str, who: str, params: Record, body: Json
    ) -> httpx.Response:
        """The answer of an operation. Raises `ToolError` for one that there is not, or without what its path names."""
        operations = self.mock.spec.operations
        operation = operations.get(operation_id)
        if operation is None:
            raise ToolError(f"there is no operation {operation_id!r}{hint(operation_id, operations)}")
        missing = unnamed_in_path(operation, params)
        if missing:
            raise ToolError(f"{operation_id} needs the parameter {missing[0]!r}")
        request = request_for(operation, params, body, await self.token(world, who))
        query = f"?{request.query}" if request.query else ""
        return await self._http.request(
            request.method,
            f"/@{world}{request.path}{query}",
            headers=dict(request.headers),
            content=request.body,
        )


def address_of(url: str, world: str) -> str:
    """The base URL of a world, at the server that a URL leads to."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/@{world}"
