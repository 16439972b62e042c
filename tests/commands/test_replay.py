"""Findings played again by what made them, as the command under a run says, against a target that is mended or not."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.mutants import MUTANTS, mutated
from contracts.mutants.serving import served
from mockportal.cli import main
from mockportal.mock import Mock
from mockportal.values import Record

LOST = "updateContact-lost"
UNASKED = "getPublicPages-no-domain"
BROKEN = [one for one in MUTANTS if one.id in (LOST, UNASKED)]
WALK = ["--phases", "checks,journeys"]
OPERATIONS = ["--operation", "updateContact", "getContact", "getPublicPages"]


@pytest.fixture(scope="module")
def right(mock: Mock) -> Iterator[str]:
    with served(mutated(mock, [])) as url:
        yield url


@pytest.fixture(scope="module")
def wrong(mock: Mock) -> Iterator[str]:
    with served(mutated(mock, BROKEN)) as url:
        yield url


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def report(wrong: str, cache: Path) -> Record:
    """The report of a run on the wrong target, which is kept as the last one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(cache))
        assert (
            main(["contract", "--target", wrong, *WALK, *OPERATIONS, "--token", "PortalAuth=dev-anna"]) == 1
        )
    kept: Record = json.loads((cache / "mockportal" / "last-report.json").read_text())
    return kept


def test_every_finding_is_still_there_until_it_is_mended(
    report: Record, right: str, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    layers = {finding["layer"] for finding in report["findings"]}
    assert {"checks", "journeys"} <= layers
    for finding in report["findings"]:
        command = finding["replay"].split()
        assert command[0] == "mockportal"
        still = main(command[1:])
        mended = main([*command[1:], "--target", right])

        assert (still, mended) == (1, 0), finding


def test_report_names_the_run_without_its_tokens(report: Record, wrong: str) -> None:
    assert report["arguments"][:2] == ["--target", wrong]
    assert "dev-anna" not in json.dumps(report["arguments"])


def test_without_a_last_report_one_has_to_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    assert main(["contract", "--replay", "0123456789"]) == 2
    assert capsys.readouterr().err == (
        "mockportal: --replay: there is no last report; name one by --report FOLDER\n"
    )
