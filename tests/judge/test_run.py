"""Whole runs on a few operations, on the mock as it is and broken on purpose."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from mockportal.commands.judging.contract import prepared
from mockportal.commands.judging.options import TargetOptions
from mockportal.errors import UsageError
from mockportal.judge.model import Report
from mockportal.judge.plan import RunPlan
from mockportal.judge.run import judge
from mockportal.judge.wire.transports import NoAnswer, in_process
from mockportal.mock import Mock
from mockportal.values import Json, Record
from mockportal.web.app import create_app
from tests.support.runs import Break, broken

CONTRACTS = frozenset(("getContract", "updateContract"))


@pytest.fixture(scope="module")
def plan() -> RunPlan:
    return replace(prepared(TargetOptions(operations=CONTRACTS))[0], max_examples=5)


def judged(mock: Mock, plan: RunPlan, breaks: Mapping[str, Break] | None = None) -> Report:
    return judge(
        plan, broken(mock.spec, in_process(create_app(mock)), breaks or {}), lambda stage, what: None
    )


def test_mock_conforms(mock: Mock, plan: RunPlan) -> None:
    report = judged(mock, plan)

    assert report.verdict == "conforms", (report.findings, report.problems)
    assert report.counts() == {"passed": 2, "failed": 0, "untested": 0}
    assert report.operations["getContract"].parameters["path.id"]["invalid"] > 0


def test_same_seed_finds_the_same(mock: Mock, plan: RunPlan) -> None:
    def empty(status: int, body: Json) -> tuple[int, Json]:
        return status, {"entity": 7} if status == 200 else body

    first, second = (judged(mock, plan, {"getContract": empty}) for _ in range(2))

    assert [found.id for found in first.findings] == [found.id for found in second.findings]
    assert first.traffic == second.traffic
    assert first.verdict_of("getContract") == "failed"
    assert "response_schema_conformance" in {found.check for found in first.findings}


@pytest.mark.parametrize(
    ("identity", "found"), [({}, True), ({"path": "/no-such-place", "body": {"scenario": "default"}}, False)]
)
def test_file_is_taken_at_its_word_unless_its_data_are_not_there(
    mock: Mock, plan: RunPlan, identity: Record, found: bool
) -> None:
    wrong = ({"operations": ["getContract"], "shows": {"entity": {"contract_number": "V-1"}}},)
    target = replace(plan.target, identity=identity, outcomes=wrong)

    report = judged(mock, replace(plan, target=target, stages=("checks",)))

    assert [one.check for one in report.findings] == ["outcomes_are_as_known"] * found


def test_operation_without_a_token_is_untested_and_not_passed(mock: Mock, plan: RunPlan) -> None:
    target = replace(
        plan.target,
        tokens={},
        cases={name: replace(case, token="") for name, case in plan.target.cases.items()},
    )

    report = judged(mock, replace(plan, target=target))

    assert report.counts() == {"passed": 0, "failed": 0, "untested": 2}
    assert report.operations["getContract"].untested == "no token for PortalAuth: give --token PortalAuth=…"


def test_refused_token_leaves_its_operations_untested(mock: Mock, plan: RunPlan) -> None:
    target = replace(
        plan.target,
        tokens={"PortalAuth": "stale"},
        cases={name: replace(case, token="stale") for name, case in plan.target.cases.items()},
    )

    report = judged(mock, replace(plan, target=target))

    assert (
        report.operations["getContract"].untested
        == "the target refuses $MOCKPORTAL_TOKEN_PORTALAUTH with 401: give one that is valid"
    )


def test_target_that_stops_answering_ends_the_run(mock: Mock, plan: RunPlan) -> None:
    app = in_process(create_app(mock))
    count = 0

    async def dying(*request: object) -> object:
        nonlocal count
        count += 1
        if count > 20:
            raise NoAnswer("connection refused")
        return await app(*request)  # type: ignore[arg-type]

    with pytest.raises(UsageError, match="connection refused"):
        judge(plan, dying, lambda stage, what: None)  # type: ignore[arg-type]
