"""A correct target on this machine that is no mock: a forwarded port is not harmed, and is found to be correct."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator, MutableSequence
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from contracts.mutants.serving import served
from mockportal.cli import main
from mockportal.commands.judging.contract import prepared
from mockportal.commands.judging.options import TargetOptions
from mockportal.judge.run import judge
from mockportal.mock import Mock, Setup
from mockportal.values import Record
from mockportal.web.app import create_app
from tests.support.deployments import as_deployment, targets_of

FATAL = ["revokeToken", "deletePortalUser", "deletePortal", "deletePortalConfig", "swapPortalConfig"]
OPERATIONS = [
    *FATAL, "getPortalUser", "updatePortalUser", "updatePortalUserEmail", "getContact", "updateContact",
    "getPortalPages", "getPortalPage", "createPortalPage", "deletePortalPage", "upsertPortal", "getAllOrders",
    "getOrder", "postOrderAcceptance", "invitePartner", "listBusinessPartners", "revokePartner", "getPortalConfigV3",
]  # fmt: skip
FEW = ["--phases", "checks,journeys", "--format", "json", "--operation", *OPERATIONS]


class Noting:
    """An application that notes the methods and paths of what it is asked."""

    def __init__(self, app: ASGIApp, seen: MutableSequence[tuple[str, str]]) -> None:
        self.app, self.seen = app, seen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.seen.append((scope["method"], scope["path"]))
        await self.app(scope, receive, send)


@pytest.fixture
def seen() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def url(mock: Mock, seen: list[tuple[str, str]]) -> Iterator[str]:
    """A deployment of its own for each test: nothing in it is ever undone."""
    with served(Noting(as_deployment(create_app(Mock(Setup(), mock.spec))), seen)) as url:
        yield url


def reported(capsys: pytest.CaptureFixture[str]) -> Record:
    report: Record = json.loads(capsys.readouterr().out)
    return report


def test_correct_target_without_worlds_has_no_finding(
    mock: Mock, url: str, seen: list[tuple[str, str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    targets = str(targets_of(mock, tmp_path))

    main(["contract", "--target", url, "--targets", targets, "--profile", "local", *FEW])

    report = reported(capsys)
    verdicts = {one["id"]: one["verdict"] for one in report["operations"]}
    assert report["findings"] == []
    assert [name for name in FATAL if verdicts[name] == "untested"] == FATAL
    assert [verdicts[name] for name in ("updateContact", "createPortalPage", "postOrderAcceptance")] == [
        "passed"
    ] * 3
    assert ("DELETE", "/v2/portal/user") not in seen
    assert ("DELETE", "/v2/portal/config") not in seen
    account = min(number for number, one in enumerate(seen) if one == ("PATCH", "/v2/portal/user"))
    assert account > max(number for number, one in enumerate(seen) if one == ("PATCH", "/v2/portal/contact"))


def test_forwarded_port_is_only_read(
    url: str, seen: list[tuple[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    main(["contract", "--target", url, "--rate", "0", *FEW])

    report = reported(capsys)
    assert {method for method, _ in seen} == {"GET"}
    assert (report["profile"], report["findings"]) == ("remote-readonly", [])
    assert report["notes"] == [
        "the shipped ids were not sent to a stranger; name the target's own by --targets FILE",
        f"only what reads was sent, as {url} is no mock with worlds; --profile local writes, too",
    ]


def test_mock_of_another_seed_is_told_and_not_blamed(mock: Mock, capsys: pytest.CaptureFixture[str]) -> None:
    with served(create_app(Mock(Setup(seed=7), mock.spec))) as url:
        main(["contract", "--target", url, *FEW])

    report = reported(capsys)
    assert report["findings"] == []
    assert report["notes"] == [
        "the mock has other data (seed 7 instead of 500001), so the shipped ids were not sent"
    ]


def test_at_a_terminal_somebody_has_to_be_sure(url: str, seen: list[tuple[str, str]]) -> None:
    terminal, other = pty.openpty()
    line = [sys.executable, "-m", "mockportal", "contract", "--target", url, "--profile", "local"]

    refused = subprocess.run(line, stdin=other, capture_output=True, text=True, check=False, timeout=60)

    os.close(terminal)
    os.close(other)
    assert refused.returncode == 2
    assert refused.stderr.endswith("as it is no mock with worlds; add --yes if that is meant\n")
    assert {path for _, path in seen} == {"/__mockportal/health"}


def test_what_changes_the_account_comes_last_and_takes_no_token_from_the_rest(
    mock: Mock, url: str, seen: list[tuple[str, str]], tmp_path: Path
) -> None:
    options = TargetOptions(url=url, profile="local", sure=True, targets=targets_of(mock, tmp_path))
    plan, transport = prepared(options)
    plan = replace(
        plan, stages=("checks",), only=frozenset(("others_data_stay_untouched",)), allow_untested=True
    )

    report = judge(plan, transport, lambda stage, what: None)

    writes = [path.rpartition("/")[2] for method, path in seen if method != "GET"]
    assert (report.findings, report.problems) == ([], [])
    assert writes[-5:] == ["email", "user", "disable", "revoke", "portal"]
