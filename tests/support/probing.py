"""Probes of a target in process: one request after the other, and everything that comes back."""

import asyncio
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

from contracts.mutants.model import AS_IT_IS, Mutant, Probe
from contracts.mutants.target import Asgi
from mockportal.mock import Mock
from mockportal.spec.spelling import Spelled, spell
from mockportal.web.app import create_app
from mockportal.worlds import MAIN
from tests.support.cases import Case, resolved

# of the mock itself: the entry in its journal, where a patch may leave more than one, and the world
_OWN = ("x-mockportal-entry", "x-mockportal-world")
_LONGEST_NAME = 63


@dataclass(frozen=True, slots=True)
class Seen:
    """What came back. The names of headers are in lower case."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Prober:
    """Asks targets that have the spec and the scenario of `mock`; `cases` are its valid cases."""

    mock: Mock
    cases: Mapping[str, Case]

    def correct(self, probes: Sequence[Probe]) -> list[Seen]:
        """What a fresh world of the correct mock answers."""
        self.mock.worlds.remove(MAIN)
        return self.ask(create_app(self.mock), probes)

    def ask(self, app: Asgi, probes: Sequence[Probe], world: str = "") -> list[Seen]:
        """The answers of `app` in one of its worlds, by default the main one."""
        more = {"x-mockportal-world": world.lower()[:_LONGEST_NAME]} if world else {}
        return [self._ask(app, probe, more) for probe in probes]

    def _ask(self, app: Asgi, probe: Probe, headers: dict[str, str]) -> Seen:
        operation, case = self.mock.spec.operations[probe.operation], self.cases[probe.operation]
        scenario = self.mock.scenario(None)
        params = {**case.params, **resolved(dict(probe.params), scenario)}
        params = {name: value for name, value in params.items() if value is not None}
        body, media_type = case.body, case.media_type
        if probe.body is not AS_IT_IS:
            body, media_type = resolved(probe.body, scenario), probe.media_type
        if probe.fields:
            body = {**body, **resolved(probe.fields, scenario)}
        token = case.token if probe.token is None else probe.token
        authorization = probe.authorization or (f"Bearer {token}" if token else "")
        headers = {**headers, **probe.headers}
        headers = {**headers, "authorization": authorization} if authorization else headers
        spelled = spell(operation, params, body, media_type)
        return asyncio.run(_send(app, probe.method or operation.method, spelled, headers))


def witness_of(mutant: Mutant) -> tuple[Probe, ...]:
    """What brings a mutant out: what it says itself, else the valid cases of its operations."""
    return mutant.witness or tuple(Probe(operation) for operation in mutant.operations)


async def _send(app: Asgi, method: str, spelled: Spelled, more: dict[str, str]) -> Seen:
    length = str(len(spelled.body))
    headers = {**spelled.headers, **more, "host": "127.0.0.1:8080", "content-length": length}
    scope = {
        "type": "http",
        "method": method,
        "scheme": "http",
        "path": spelled.path,
        "raw_path": spelled.path.encode(),
        "query_string": spelled.query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    messages: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": spelled.body}

    async def send(message: MutableMapping[str, Any]) -> None:
        messages.append(message)

    await app(scope, receive, send)
    return Seen(
        messages[0]["status"],
        tuple(
            (name.decode(), value.decode())
            for name, value in messages[0]["headers"]
            if name.decode() not in _OWN
        ),
        b"".join(message.get("body", b"") for message in messages[1:]),
    )
