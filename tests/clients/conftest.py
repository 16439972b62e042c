"""The npm packages that the scripts of this folder import, and the browser that runs one of them."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

HERE = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def node_folder() -> Path:
    """A folder with the clients installed; kept until others are wanted, so that the registry is asked once."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("Node is not installed")
    folder = Path(os.environ.get("MOCKPORTAL_CACHE", HERE.parent.parent / ".cache")) / "clients"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one process installs while those beside it wait
        _install(folder)
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium that is installed on this machine."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("Chromium is not installed; on Debian: apt-get install chromium")
    return found


@pytest.fixture
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every new process uses the package out of the wheel, and not that of the checkout."""
    folder = tmp_path_factory.mktemp("installed")
    ZipFile(wheel).extractall(folder)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    asked = [sys.executable, "-c", "import mockportal; print(mockportal.__file__)"]
    found = subprocess.run(asked, cwd=folder, check=True, capture_output=True, text=True)
    assert found.stdout.startswith(str(folder))


def _install(folder: Path) -> None:
    wanted, installed = (HERE / "package.json").read_text(), folder / "installed.json"
    if not installed.exists() or installed.read_text() != wanted:
        (folder / "package.json").write_text(wanted)
        install = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"]
        subprocess.run(install, cwd=folder, check=True, capture_output=True, timeout=300)
        installed.write_text(wanted)
