"""Checks run against the mock in this process, as it is or broken on purpose."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from itertools import count

from mockportal.commands.judging.target import shipped_targets
from mockportal.judge.context import Context
from mockportal.judge.ledger import Ledger
from mockportal.judge.model import Finding, Received
from mockportal.judge.target.targets import Target, read_target
from mockportal.judge.wire.gate import Gate
from mockportal.judge.wire.sender import Sender
from mockportal.judge.wire.transports import Transport, in_process
from mockportal.mock import Mock
from mockportal.spec.spec import Spec
from mockportal.values import Json, decode, encode
from mockportal.web.app import create_app
from tests.support.cases import resolved

_RUNS = count(1)
# (status, body) of an answer -> those that are sent instead
Break = Callable[[int, Json], tuple[int, Json]]


@lru_cache(maxsize=4)
def target_of(mock: Mock) -> Target:
    """The targets file of the default scenario, with its refusals."""
    value = shipped_targets(mock.setup.api, mock.spec)
    side_effects = mock.api.side_effects
    return read_target(resolved(value, mock.scenario(None)), mock.spec, side_effects=side_effects)


@contextmanager
def context_on(
    mock: Mock,
    check: str,
    breaks: Mapping[str, Break] | None = None,
    transport: Transport | None = None,
    populated: bool = True,
) -> Iterator[Context]:
    """A context on a mock whose answers go through `breaks`, by operationId; the worlds are fresh."""
    target = target_of(mock)
    door = broken(mock.spec, transport or in_process(create_app(mock)), breaks or {})
    gate = Gate(mock.spec, door, tokens=target.variables(), isolation=target.isolation, run=f"r{next(_RUNS)}")
    ledger = Ledger(mock.spec.operations.values())
    with Sender(gate) as sender:
        yield Context(mock.spec, target, sender, ledger, mock.spec.operations, check, 1, True, populated)


def findings_of(
    mock: Mock,
    check: Callable[[Context], None],
    breaks: Mapping[str, Break] | None = None,
    operations: Sequence[str] = (),
    transport: Transport | None = None,
) -> list[Finding]:
    """What a check books on the mock, broken by `breaks`; `operations` are those that are judged, all without."""
    with context_on(mock, check.__name__, breaks, transport) as context:
        chosen = {name: mock.spec.operations[name] for name in operations or mock.spec.operations}
        check(replace(context, operations=chosen))
        return context.ledger.findings


def broken(spec: Spec, transport: Transport, breaks: Mapping[str, Break]) -> Transport:
    """A transport that changes the JSON answers of some operations."""

    async def send(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Received:
        received = await transport(method, target, headers, body)
        route = spec.routes.find(target.partition("?")[0])
        found = route.operation(method) if route else None
        change = breaks.get(found[0].id) if found else None
        if change is None:
            return received
        status, value = change(received.status, decode(received.body) if received.body else None)
        fields = tuple(pair for pair in received.headers if pair[0] != "content-length")
        return Received(status, fields, b"" if value is None else encode(value))

    return send
