"""The published npm client `@epilot/sdk`, unchanged but for its base URL, works against the mock."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.test_cli import served

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def node_folder() -> Path:
    """A folder with the clients installed; kept, so that the registry is asked once."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("Node is not installed")
    folder = Path(os.environ.get("MOCKPORTAL_CACHE", HERE.parent.parent / ".cache")) / "clients"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = (HERE / "package.json").read_text()
    if not (folder / "package.json").exists() or (folder / "package.json").read_text() != wanted:
        (folder / "package.json").write_text(wanted)
    if not (folder / "node_modules" / "@epilot" / "sdk").exists():
        install = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"]
        subprocess.run(install, cwd=folder, check=True, capture_output=True, timeout=300)
    return folder


def test_anna_reads_accepts_and_submits_with_the_published_client(node_folder: Path, tmp_path: Path) -> None:
    script = HERE / "customer_portal.mjs"

    with served(tmp_path) as (url, _):
        played = subprocess.run(
            ["node", str(script), url],
            cwd=node_folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    assert played.returncode == 0, played.stderr
    assert json.loads(played.stdout) == {
        "contracts": ["V-900001", "V-900002"],
        "contact": "KD-100101",
        "acceptance": [200, "placed", 409],
        "reading": [200, 25100.5, 25100.5],
        "events": [200, 3, True],
    }
