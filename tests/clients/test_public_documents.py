"""Some of the public documents of `docs/any-api.md`: all others are for `scripts/public-documents`."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "public-documents"


def test_public_documents_are_served_and_judged_rightly() -> None:
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed")

    run = subprocess.run(
        [sys.executable, str(SCRIPT), "galaxy", "gitbook", "oas-examples"], capture_output=True, text=True
    )

    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert sum(line.startswith("| ") for line in lines) == 1 + 5
    assert any(line.startswith("valid refused: 0 of ") for line in lines)
    refused, _, sent = next(line for line in lines if line.startswith("wrong refused: ")).partition(" of ")
    assert refused.split()[-1] == sent
