"""Calls operations by name, through the gate."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from mockportal.judge.model import Interaction, Sent
from mockportal.judge.wire.gate import Gate
from mockportal.spec.operations import JSON_TYPE
from mockportal.spec.spelling import spell
from mockportal.values import Json


class Sender:
    """Calls operations by name, one after another, through a gate. A context manager: it owns an event loop."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self._runner = asyncio.Runner()

    def __enter__(self) -> "Sender":
        return self

    def __exit__(self, *error: object) -> None:
        self._runner.close()

    def call(
        self,
        operation_id: str,
        params: Mapping[str, Json] | None = None,
        body: Json = None,
        token: str = "",
        world: str = "",
        media_type: str = JSON_TYPE,
    ) -> Interaction:
        """Calls an operation with the token of variable `token` ("" for none) in `world` (that of the operation).

        Raises `Blocked` and `Stopped`.
        """
        operation = self.gate.spec.operations[operation_id]
        spelled = spell(operation, params or {}, body, media_type)
        headers = {"authorization": f"Bearer {token}"} if token else {}
        headers |= spelled.headers
        sent = Sent(operation_id, operation.method, spelled.target, headers, spelled.body)
        return self.send(sent, world or operation_id)

    def send(self, sent: Sent, world: str) -> Interaction:
        """Sends a request as it is. Raises `Blocked` and `Stopped`."""
        return self._runner.run(self.gate.exchange(sent, world))

    def send_again(self, exchange: Interaction, world: str, **changes: Json) -> Interaction:
        """Sends the request of an exchange again, with other fields of `Sent`."""
        return self.send(replace(exchange.sent, **changes), world)
