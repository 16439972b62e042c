"""`pytest contracts --target URL`: the judge as tests, with the settings of `mockportal contract`."""

from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import pytest

from mockportal.commands.judging.contract import judged, prepared
from mockportal.commands.judging.options import TargetOptions
from mockportal.commands.judging.target import MOCK_ADDRESS
from mockportal.errors import MockportalError
from mockportal.judge.model import Report
from mockportal.judge.plan import RunPlan
from mockportal.judge.reports import Redactor, report_json, text
from mockportal.judge.wire.transports import Transport
from mockportal.mock import Setup

_RUNS = count(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("contract", "the target of pytest contracts")
    group.addoption("--target", default="", metavar="URL", help="default: the mock, in this process")
    group.addoption("--profile", default="", help="local, remote-readonly or remote-write")
    group.addoption("--targets", type=Path, metavar="FILE", help="valid ids, tokens and bodies of the target")
    group.addoption("--deviations", type=Path, metavar="FILE", help="known disagreements of the target")
    group.addoption("--no-overlay", action="store_true", help="hold the target to the raw document")
    group.addoption("--rate", type=float, metavar="N", help="requests a second; 0: no limit")
    group.addoption("--token", action="append", default=[], metavar="SCHEME=VALUE", help="a bearer token")
    group.addoption("--contract-seed", type=int, default=1)


@dataclass(frozen=True, slots=True)
class Bench:
    """A prepared run, of which each test judges one part."""

    options: TargetOptions
    deviations: Path | None
    plan: RunPlan
    transport: Transport

    def judge(self, operation: str, *stages: str) -> Report:
        """The report on one operation; it has worlds of its own."""
        plan = replace(self._fresh(), operations=frozenset((operation,)), stages=stages)
        return judged(self.options, plan, self.transport, lambda stage, what: None, self.deviations)

    def judge_journey(self, journey: str) -> Report:
        """The report on one journey."""
        plan = replace(self._fresh(), stages=("journeys",), only=frozenset((journey,)))
        return judged(self.options, plan, self.transport, lambda stage, what: None, self.deviations)

    def _fresh(self) -> RunPlan:
        """The plan for worlds that no other test has been in."""
        return replace(self.plan, run=f"{self.plan.run}{next(_RUNS)}")

    def explain(self, report: Report) -> str:
        """What a terminal shows of a report."""
        redactor = Redactor(self.plan.target.variables().values())
        return text(report_json(report, redactor, self.plan.url if "://" in self.plan.url else MOCK_ADDRESS))


@pytest.fixture(scope="session")
def bench(request: pytest.FixtureRequest) -> Bench:
    option = request.config.getoption
    tokens = dict(text.partition("=")[::2] for text in option("--token"))
    options = TargetOptions(
        setup=Setup(use_overlay=not option("--no-overlay")),
        url=option("--target"),
        profile=option("--profile"),
        targets=option("--targets"),
        rate=option("--rate"),
        tokens=tokens,
    )
    try:
        plan, transport = prepared(options)
    except MockportalError as problem:
        pytest.exit(str(problem), 2)
    plan = replace(plan, seed=option("--contract-seed"))
    return Bench(options, option("--deviations"), plan, transport)
