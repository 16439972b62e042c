"""Other tokens than the targets file has: what the file knows is asked with its own, or left out with a note."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from mockportal.cli import main
from mockportal.commands.judging.contract import prepared
from mockportal.commands.judging.options import TargetOptions
from mockportal.judge.model import Received, Report
from mockportal.judge.run import judge
from mockportal.judge.target.targets import read_target
from mockportal.judge.wire.transports import Transport
from mockportal.mock import Mock
from mockportal.values import Record

# They answer an administrator otherwise than a customer, and one customer otherwise than another.
DEPENDING = ("getExternalLinks", "getPortalConfigV3", "getAllContracts", "updateContract")
NOTE = (
    "what the targets file knows was asked with its own token, and only generated requests had the given one"
)


def run(
    tokens: Mapping[str, str], stages: tuple[str, ...] = ("checks",), watch: list[str] | None = None
) -> Report:
    """The report on some operations of the mock, called with these tokens by scheme; `watch` sees those that were sent."""
    plan, transport = prepared(TargetOptions(operations=frozenset(DEPENDING), tokens=tokens))
    plan = replace(plan, stages=stages, max_examples=3)
    return judge(plan, _watched(transport, [] if watch is None else watch), lambda stage, what: None)


def _watched(transport: Transport, seen: list[str]) -> Transport:
    async def send(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Received:
        seen.append(headers.get("authorization", "").removeprefix("Bearer "))
        return await transport(method, target, headers, body)

    return send


@pytest.mark.parametrize(
    ("tokens", "named"),
    [
        ({"EitherAuth": "dev-admin"}, "EitherAuth"),
        ({"EitherAuth": "dev-admin-readonly"}, "EitherAuth"),
        ({"PortalAuth": "dev-mehmet"}, "EitherAuth, PortalAuth"),
        ({"EpilotAuth": "dev-admin-readonly"}, "EitherAuth, EpilotAuth"),
    ],
)
def test_other_caller_gets_no_finding_for_what_the_file_knows_of_its_own(
    tokens: Mapping[str, str], named: str
) -> None:
    report = run(tokens)

    assert [(one.operation, one.check, one.message) for one in report.findings] == []
    assert (report.verdict, report.problems) == ("conforms", [])
    assert report.notes == [f"{named}: {NOTE}"]


def test_generated_requests_have_the_given_token_and_all_others_that_of_the_file() -> None:
    checked: list[str] = []
    generated: list[str] = []

    run({"EitherAuth": "dev-admin-readonly"}, ("checks",), checked)
    report = run({"EitherAuth": "dev-admin-readonly"}, ("fuzzing",), generated)

    assert report.findings == []
    assert checked.count("dev-admin-readonly") < checked.count("dev-anna")
    assert generated.count("dev-admin-readonly") > 3


def test_token_of_the_file_that_the_target_refuses_leaves_out_what_the_file_knows() -> None:
    plan, transport = prepared(
        TargetOptions(operations=frozenset(DEPENDING), tokens={"PortalAuth": "dev-mehmet"})
    )
    stale = {"PortalAuth": "stale", "EitherAuth": "stale"}
    plan = replace(plan, target=replace(plan.target, replaced=stale), stages=("checks",))

    report = judge(plan, transport, lambda stage, what: None)

    assert report.findings == []
    assert len(report.notes) == 1
    assert "was left out, as another token was given and its own cannot be used" in report.notes[0]
    assert "$MOCKPORTAL_TOKEN_EITHERAUTH or $MOCKPORTAL_TOKEN_PORTALAUTH" in report.notes[0]
    assert {"outcomes_are_as_known", "refusals_are_as_documented", "properties_are_seen"} <= report.idle


@pytest.mark.parametrize(
    ("own", "given", "replaced"),
    [
        ({"PortalAuth": "a"}, {"PortalAuth": "b"}, {"PortalAuth": "a"}),
        ({"PortalAuth": "a"}, {"PortalAuth": "a"}, {}),
        ({"PortalAuth": "$MOCKPORTAL_TOKEN_X"}, {"PortalAuth": "b"}, {}),
        ({}, {"PortalAuth": "b"}, {}),
        ({"PortalAuth": "a", "EpilotAuth": "c"}, {"EpilotAuth": "d"}, {"EpilotAuth": "c"}),
    ],
)
def test_file_speaks_of_the_callers_whose_tokens_it_has(
    mock: Mock, own: Record, given: dict[str, str], replaced: Record
) -> None:
    target = read_target({"tokens": own}, mock.spec, given)

    assert target.replaced == replaced
    assert target.tokens == own | given


def test_known_callers_have_the_tokens_of_the_file_but_for_those_that_it_names_itself(mock: Mock) -> None:
    value = {"tokens": {"PortalAuth": "a"}, "operations": {"getContact": {"token": "own"}}}

    target = read_target(value, mock.spec, {"PortalAuth": "b"}).as_known()

    assert {target.cases["getContract"].token, target.cases["getContact"].token} == {"a", "own"}
    assert target.variables()["$MOCKPORTAL_TOKEN_PORTALAUTH"] == "a"
    assert target.variables()["$MOCKPORTAL_TOKEN_GIVEN_PORTALAUTH"] == "b"


def test_caller_is_no_stranger_to_themselves(mock: Mock) -> None:
    target = read_target({"others": ["a", "b"]}, mock.spec, {"PortalAuth": "b"})

    assert target.others == ("a",)


def test_token_from_the_environment_counts_like_one_of_the_command_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("MOCKPORTAL_TOKEN_EITHERAUTH", "dev-admin")
    asked = ["contract", "--phases", "checks", "--operation", "getPortalConfigV3", "--report", str(tmp_path)]

    code = main(asked)

    out = capsys.readouterr().out
    assert (code, f"notes\n  EitherAuth: {NOTE}" in out) == (0, True)
    assert NOTE in (tmp_path / "index.html").read_text()
    assert NOTE in (tmp_path / "summary.md").read_text()


def test_plan_keeps_the_given_token_for_writes_that_a_file_allows(tmp_path: Path) -> None:
    plan, transport = prepared(
        TargetOptions(operations=frozenset(DEPENDING), tokens={"PortalAuth": "dev-mehmet"})
    )
    seen: list[str] = []
    plan = replace(plan, journal=tmp_path / "writes.jsonl", stages=("checks",))

    report = judge(plan, _watched(transport, seen), lambda stage, what: None)

    assert "left out" in report.notes[0]
    assert "dev-anna" not in seen
