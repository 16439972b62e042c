"""`mockportal drift`: two targets put together for the comparison; the word `mock` is the mock in this process."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from mockportal.commands.judging import MOCK_ADDRESS, Options, chosen, profile_for, target_for
from mockportal.judge.drift import MOCK, DriftPlan, Side, load_accepted
from mockportal.judge.wire.transports import Transport, in_process, over_http
from mockportal.mock import Mock, Setup, load_mock
from mockportal.web.app import create_app


@dataclass(frozen=True, slots=True)
class DriftOptions:
    """What the command line says; `left` and `right` are addresses or `mock`, `tokens` are for both."""

    left: str
    right: str
    setup: Setup = field(default_factory=Setup)
    left_targets: Path | None = None
    right_targets: Path | None = None
    tokens: Mapping[str, str] = field(default_factory=dict)
    profile: str = ""
    operations: frozenset[str] | None = None
    accepted: Path | None = None
    seed: int = 1
    max_examples: int = 3
    rate: float | None = None
    timeout: float = 10.0


def prepared(options: DriftOptions) -> tuple[DriftPlan, Transport, Transport]:
    """What to compare, and the ways to both sides. Raises `MockportalError`."""
    mock = load_mock(options.setup)
    left, to_left = _side(options, mock, options.left, options.left_targets)
    right, to_right = _side(options, mock, options.right, options.right_targets)
    plan = DriftPlan(
        spec=mock.spec,
        left=left,
        right=right,
        today=datetime.now(UTC).date(),
        seed=options.seed,
        max_examples=options.max_examples,
        operations=chosen(options.operations, mock.spec),
        accepted=tuple(load_accepted(options.accepted, mock.spec.operations)) if options.accepted else (),
        run=secrets.token_hex(3),
    )
    return plan, to_left, to_right


def _side(options: DriftOptions, mock: Mock, name: str, targets: Path | None) -> tuple[Side, Transport]:
    url = "" if name == MOCK else name
    own = Options(
        setup=options.setup,
        url=url,
        profile=options.profile,
        tokens=options.tokens,
        targets=targets,
        rate=options.rate,
    )
    transport = over_http(url, options.timeout) if url else in_process(create_app(mock))
    profile = profile_for(replace(own, profile="")) if not url else profile_for(own)
    return Side(name, target_for(own, mock.spec, mock), profile, url or MOCK_ADDRESS), transport
