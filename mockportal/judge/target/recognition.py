"""Whether a target is a mock with worlds, as far as asking it tells: an address on this machine may lead anywhere."""

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from mockportal.judge.model import Received, json_body
from mockportal.judge.wire.transports import NoAnswer, Transport
from mockportal.values import Record

_TRIES = 2


@dataclass(frozen=True, slots=True)
class Recognition:
    """The things that a target tells of itself.

    is_mock:    whether it answers as a mock does at the address of the identity
    has_worlds: whether it is a mock, and a request goes into the world that its header names
    differs:    what its data are instead of those of the identity, in one line; "" if they are the same
    """

    is_mock: bool = False
    has_worlds: bool = False
    differs: str = ""

    @property
    def has_same_data(self) -> bool:
        """True for a mock with the data of the identity."""
        return self.is_mock and not self.differs


def recognised(transport: Transport, identity: Record, header: str) -> Recognition:
    """Asks a target for its `identity` (`{path, body}`), and tries two worlds out, named by `header`."""
    received = _asked(transport, identity["path"], {})
    told, expected = json_body(received), identity["body"]
    if received is None or received.status != 200 or not isinstance(told, dict) or not told.keys() & expected:
        return Recognition()
    differs = [
        f"{name} {told.get(name)!r} instead of {value!r}"
        for name, value in expected.items()
        if told.get(name) != value
    ]
    names = [f"tried-{secrets.token_hex(4)}" for _ in range(_TRIES)]
    worlds = all(_enters(transport, header, name) for name in names)
    return Recognition(True, worlds, ", ".join(differs))


def _enters(transport: Transport, header: str, name: str) -> bool:
    """True if an answer comes from the world of this name. The path is none of the API, so nothing happens there."""
    received = _asked(transport, "/tried-out", {header: name})
    return received is not None and received.header(header) == name


def _asked(transport: Transport, path: str, headers: Mapping[str, str]) -> Received | None:
    try:
        return asyncio.run(_answer(transport, path, headers))
    except NoAnswer:
        return None


async def _answer(transport: Transport, path: str, headers: Mapping[str, str]) -> Received:
    return await transport("GET", path, headers, b"")
