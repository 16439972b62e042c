"""A command keeps its exit code when nobody reads it; a full disk is told."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mockportal.config import content

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


RAW = ["--no-overlay", "--phases", "checks", "--operation", "getPublicPages"]
UNMET = """\
extends: default
expect:
  - {as: dev-anna, operation: getCustomerBalance, status: 404}
"""
FAILING = [
    ["check", "wrong.yaml"],
    ["verify", "unmet.yaml"],
    ["contract", *RAW, "--deviations", "none.yaml"],
    ["contract", "--against", "old.json"],
    ["drift", "mock", "mock", "--operation", "getPublicPages", "--accepted", "gone.yaml"],
]
GONE = "{operation: getPublicPages, kind: status, reason: r, owner: o, expires: 2020-01-01}"


@pytest.mark.parametrize("command", FAILING, ids=lambda line: " ".join(line[:2]))
def test_verdict_outlives_its_readers(tmp_path: Path, command: list[str]) -> None:
    old = json.loads(content("openapi.json").read_text())
    old["paths"]["/v2/portal/gone"] = {
        "get": {"operationId": "gone", "responses": {"200": {"description": ""}}}
    }
    (tmp_path / "old.json").write_text(json.dumps(old))
    (tmp_path / "wrong.yaml").write_text(WRONG)
    (tmp_path / "unmet.yaml").write_text(UNMET)
    (tmp_path / "none.yaml").write_text("deviations: []")
    (tmp_path / "gone.yaml").write_text(f"drifts: [{GONE}]")
    reader, writer = os.pipe()
    os.close(reader)

    result = subprocess.run(
        [sys.executable, "-m", "mockportal", *command],
        cwd=tmp_path, stdout=writer, stderr=writer, check=False, timeout=60,
    )  # fmt: skip

    os.close(writer)
    assert result.returncode == 1
