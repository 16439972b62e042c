"""A command keeps its exit code when nobody reads it; a full disk is told."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

WRONG = "extends: default\nrules: [{operation: getPortalUsr}]"
FULL = Path("/dev/full")


def run(folder: Path, *arguments: str, redirected: str = "") -> "subprocess.CompletedProcess[str]":
    (folder / "wrong.yaml").write_text(WRONG)
    (folder / "right.yaml").write_text("extends: default")
    line = " ".join([sys.executable, "-m", "mockportal", *arguments, redirected])
    return subprocess.run(
        line, shell=True, cwd=folder, stderr=subprocess.PIPE, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize(("name", "code"), [("wrong.yaml", 1), ("right.yaml", 0)])
def test_reader_that_has_gone_changes_no_exit_code(tmp_path: Path, name: str, code: int) -> None:
    (tmp_path / "wrong.yaml").write_text(WRONG)
    (tmp_path / "right.yaml").write_text("extends: default")
    reader, writer = os.pipe()
    os.close(reader)
    line = [sys.executable, "-m", "mockportal", "check", "--notes", name]

    result = subprocess.run(
        line, cwd=tmp_path, stdout=writer, stderr=subprocess.PIPE, text=True, check=False, timeout=60
    )

    os.close(writer)
    assert result.returncode == code
    assert result.stderr.count("\n") == 1
    assert "notes" in result.stderr


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full")
@pytest.mark.parametrize(("name", "code"), [("wrong.yaml", 1), ("right.yaml", 2)])
def test_full_disk_is_one_line_and_never_a_success(tmp_path: Path, name: str, code: int) -> None:
    result = run(tmp_path, "check", "--notes", "--format", "json", name, redirected="> /dev/full")

    assert result.returncode == code
    assert result.stderr == "mockportal: stdout: cannot be written (No space left on device)\n"


@pytest.mark.parametrize("redirected", [">&-", ">&- 2>&-", "2>&-", "2>/dev/full >/dev/null"])
@pytest.mark.parametrize(("name", "code"), [("wrong.yaml", 1), ("right.yaml", 0)])
def test_closed_stream_changes_no_exit_code(tmp_path: Path, name: str, code: int, redirected: str) -> None:
    result = run(tmp_path, "check", name, redirected=redirected)

    assert result.returncode == code
    assert "Traceback" not in result.stderr
