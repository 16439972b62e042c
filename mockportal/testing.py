"""An in-process client: no server, every answer audited. Our tests use it, and so may yours."""

from typing import Any

from mockportal.engine.call import Exchange, request_for
from mockportal.engine.world import World
from mockportal.errors import UsageError, hint
from mockportal.mock import Mock
from mockportal.spec.operations import JSON_TYPE
from mockportal.spec.spelling import unnamed_in_path
from mockportal.values import Json


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

        Raises `UsageError` for an unknown operation, or without a parameter of its path.
        """
        operation = self.mock.spec.operations.get(operation_id)
        if operation is None:
            raise UsageError(
                operation_id, f"no such operation{hint(operation_id, self.mock.spec.operations)}"
            )
        missing = unnamed_in_path(operation, params)
        if missing:
            raise UsageError(operation_id, f"needs the path parameter {missing[0]!r}")
        request = request_for(operation, params, body, self.token, media_type)
        return self.mock.engine.answer(operation, request, self.world)
