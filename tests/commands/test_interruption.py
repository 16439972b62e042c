"""Real processes that a signal ends: they say so, write what they found, and remove what they made."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from contracts.mutants import mutated
from contracts.mutants.serving import served
from mockportal.mock import Mock

WRITES = """\
writes:
  - operation: createPortalPage
    tenant: {operation: getPortalPages, expect: {/0/slug: login}}
    cleanup: {operation: deletePortalPage, id: /id, param: id}
"""
SLOW = ["--rate", "10", "--operation", "createPortalPage", "getAllContracts"]


@pytest.fixture(scope="module")
def url(mock: Mock) -> Iterator[str]:
    with served(mutated(mock, [])) as url:
        yield url


def interrupted(
    arguments: list[str], folder: Path, is_under_way: Callable[[], bool], number: signal.Signals
) -> "subprocess.CompletedProcess[str]":
    """A run of the judge that gets a signal as soon as it is under way."""
    line = [sys.executable, "-m", "mockportal", "contract", *arguments, "--report", str(folder)]
    process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    assert process.stderr.readline() == "mockportal: checks …\n"
    deadline = time.monotonic() + 30
    while not is_under_way() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(number)
    out, errors = process.communicate(timeout=30)
    return subprocess.CompletedProcess(line, process.returncode, out, errors)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupted_run_has_not_passed(url: str, tmp_path: Path, number: signal.Signals, code: int) -> None:
    result = interrupted(["--target", url, *SLOW], tmp_path, lambda: True, number)

    report = json.loads((tmp_path / "report.json").read_text())
    assert result.returncode == code
    assert result.stdout.startswith("Interrupted, and not judged to the end")
    assert report["verdict"] == "interrupted"
    assert f"interrupted by {number.name}" in report["problems"]
    assert report["traffic"]["sent"] > 0
    assert "Traceback" not in result.stderr


def test_interrupted_run_removes_what_it_made(url: str, tmp_path: Path) -> None:
    (tmp_path / "writes.yaml").write_text(WRITES)
    allowed = ["--profile", "remote-write", "--allow-writes", str(tmp_path / "writes.yaml")]
    journal = tmp_path / "mockportal-writes.jsonl"

    result = interrupted(
        ["--target", url, *allowed, *SLOW],
        tmp_path,
        lambda: journal.exists() and '"made"' in journal.read_text(),
        signal.SIGINT,
    )

    assert result.returncode == 130
    assert "not cleaned up" not in result.stdout
    assert journal.read_text().count('"made"') == journal.read_text().count('"gone"') > 0


def test_interrupted_comparison_says_so(url: str, tmp_path: Path) -> None:
    line = [
        sys.executable,
        "-m",
        "mockportal",
        "drift",
        "mock",
        url,
        "--rate",
        "10",
        "--report",
        str(tmp_path),
    ]
    process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    assert process.stderr.readline() == "mockportal: reads …\n"

    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=30)

    assert process.returncode == 143
    assert "interrupted by SIGTERM" in out
    assert "interrupted by SIGTERM" in (tmp_path / "drift.txt").read_text()
