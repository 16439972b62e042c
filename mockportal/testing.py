"""An in-process client: no server, every answer audited. Our tests use it, and so may yours."""

from typing import Any
from urllib.parse import quote, urlencode

from mockportal.engine.call import Exchange, Request
from mockportal.engine.world import World
from mockportal.errors import UsageError, hint
from mockportal.mock import Mock
from mockportal.spec.operations import JSON_TYPE, Operation
from mockportal.values import Json, encode


class Client:
    """Calls operations of one world as the holder of `token` ("" for nobody)."""

    def __init__(self, mock: Mock, world: World, token: str = "") -> None:
        self.mock = mock
        self.world = world
        self.token = token

    def as_(self, token: str) -> "Client":
        """The same world, seen by another caller."""
        return Client(self.mock, self.world, token)

    def call(
        self, operation_id: str, /, *, body: Json = None, status: int | None = None, **params: Any
    ) -> Json:
        """The body of the answer. Fails if the status is not `status` (None: any success), or if the answer breaks
        the contract."""
        exchange = self.exchange(operation_id, body=body, **params)
        reply = exchange.reply
        assert reply.answered_by != "audit", reply.body
        wanted = reply.status < 400 if status is None else reply.status == status
        assert wanted, f"{operation_id} answered {reply.status}: {reply.body}"
        return reply.body

    def exchange(
        self, operation_id: str, /, *, body: Json = None, media_type: str = JSON_TYPE, **params: Any
    ) -> Exchange:
        """The whole exchange, whatever its status; a body of bytes is sent as it is.

        Raises `UsageError` for an unknown operation.
        """
        operation = self.mock.spec.operations.get(operation_id)
        if operation is None:
            raise UsageError(
                operation_id, f"no such operation{hint(operation_id, self.mock.spec.operations)}"
            )
        return self.mock.engine.answer(
            operation, self._request(operation, body, media_type, params), self.world
        )

    def _request(self, operation: Operation, body: Json, media_type: str, params: dict[str, Any]) -> Request:
        path, path_params = operation.path, {}
        query: list[tuple[str, str]] = []
        places = {parameter.name: parameter.location for parameter in operation.parameters}
        for name, value in params.items():
            if places.get(name) == "path":
                path_params[name] = str(value)
                path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
            else:
                query.extend((name, _text(one)) for one in (value if isinstance(value, list) else [value]))
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        data = b""
        if body is not None:
            data = body if isinstance(body, bytes) else encode(body)
            headers["content-type"] = media_type
        return Request(operation.method, path, urlencode(query), headers, data, path_params)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return encode(value).decode() if isinstance(value, dict) else str(value)
