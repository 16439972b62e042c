"""Calls operations by name, through the gate."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

from mockportal.judge.model import Interaction, Sent
from mockportal.judge.wire.gate import Gate
from mockportal.judge.wire.transports import OVERLAPPING
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
        return self.send(
            self.sent(operation_id, params or {}, body, token, media_type), world or operation_id
        )

    def sent(
        self, operation_id: str, params: Mapping[str, Json], body: Json, token: str, media_type: str
    ) -> Sent:
        """The request to an operation, as it is to be sent."""
        operation = self.gate.spec.operations[operation_id]
        spelled = spell(operation, params, body, media_type)
        headers = {"authorization": f"Bearer {token}"} if token else {}
        return Sent(operation_id, operation.method, spelled.target, headers | spelled.headers, spelled.body)

    def send(self, sent: Sent, world: str) -> Interaction:
        """Sends a request as it is. Raises `Blocked` and `Stopped`."""
        return self._runner.run(self.gate.exchange(sent, world))

    def send_together(self, requests: Sequence[Sent], world: str) -> list[Interaction]:
        """Sends requests that are under way at the same time; the answers in order. Raises `Blocked` and `Stopped`."""

        async def together() -> list[Interaction]:
            before = OVERLAPPING.set(True)
            try:
                return await asyncio.gather(*(self.gate.exchange(one, world) for one in requests))
            finally:
                OVERLAPPING.reset(before)

        return self._runner.run(together())

    def send_again(self, exchange: Interaction, world: str, **changes: Json) -> Interaction:
        """Sends the request of an exchange again, with other fields of `Sent`."""
        return self.send(replace(exchange.sent, **changes), world)
