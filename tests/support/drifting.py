"""Comparisons of the mock in this process with itself, as it is or broken on purpose."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import count

from mockportal.judge.drift import DriftPlan, DriftReport, Side, compare_targets
from mockportal.judge.model import Received
from mockportal.judge.target.profiles import PROFILES
from mockportal.judge.wire.transports import Transport, in_process
from mockportal.mock import Mock
from mockportal.web.app import create_app
from tests.support.runs import Break, broken, target_of

TODAY = date(2026, 6, 15)
_RUNS = count()


def plan_for(mock: Mock, *operations: str, seed: int = 1, most: int = 1) -> DriftPlan:
    """The mock against itself, in worlds that nobody has used."""
    side = Side("mock", target_of(mock), PROFILES["local"], "http://127.0.0.1:8080")
    return DriftPlan(
        spec=mock.spec,
        left=side,
        right=replace(side, name="http://127.0.0.1:9090", url="http://127.0.0.1:9090"),
        today=TODAY,
        seed=seed,
        max_examples=most,
        operations=frozenset(operations) or None,
        run=str(next(_RUNS)),
    )


def elsewhere(plan: DriftPlan) -> DriftPlan:
    """The plan, if nobody knew that both hold the same records."""
    return replace(
        plan,
        left=replace(plan.left, target=replace(plan.left.target, identity={})),
        right=replace(plan.right, target=replace(plan.right.target, identity={})),
    )


def compared(
    plan: DriftPlan, mock: Mock, breaks: Mapping[str, Break] | None = None, right: Transport | None = None
) -> DriftReport:
    """The mock at the left, and the same one with its answers changed by `breaks` at the right."""
    door = in_process(create_app(mock))
    return compare_targets(
        plan, door, right or broken(mock.spec, door, breaks or {}), lambda stage, what: None
    )


def with_headers(mock: Mock, operation: str, **changed: str) -> Transport:
    """The mock with other headers in the answers of an operation; `content_type` is `content-type`, "" takes one
    away."""
    door = in_process(create_app(mock))
    new = {name.replace("_", "-"): value for name, value in changed.items()}

    async def send(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Received:
        received = await door(method, target, headers, body)
        route = mock.spec.routes.find(target.partition("?")[0])
        found = route.operation(method) if route else None
        if found is None or found[0].id != operation:
            return received
        kept = [(name, new.get(name, value)) for name, value in received.headers]
        return replace(received, headers=tuple(pair for pair in kept if pair[1]))

    return send
