"""The spec and the mock once for all tests, a world of its own for each test."""

import gc
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mockportal.config import VERSIONS
from mockportal.engine.world import World
from mockportal.mock import Mock, Setup, load_mock, load_mock_spec
from mockportal.spec.spec import Spec
from mockportal.testing import Client

ROOT = Path(__file__).parent.parent
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # so that no process of a test compiles what another one has


def pytest_collection_finish() -> None:
    """The garbage collector leaves alone what has been imported, and looks less often at the rest."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def spec() -> Spec:
    return load_mock_spec(Setup())


@pytest.fixture(scope="session")
def mock(spec: Spec) -> Mock:
    return Mock(Setup(), spec)


@pytest.fixture(scope="session")
def newer_mock() -> Mock:
    """The mock of the newest version of the document."""
    return load_mock(Setup(api=VERSIONS[-1]))


@pytest.fixture
def newer(newer_mock: Mock) -> Client:
    """A client of the newest version without a token."""
    return Client(newer_mock, World("test", newer_mock.scenario(None)))


@pytest.fixture
def world(mock: Mock) -> World:
    return World("test", mock.scenario(None))


@pytest.fixture
def nobody(mock: Mock, world: World) -> Client:
    """A client without a token; `nobody.as_("dev-anna")` is Anna."""
    return Client(mock, world)


@pytest.fixture
def anna(nobody: Client) -> Client:
    return nobody.as_("dev-anna")


@pytest.fixture
def admin(nobody: Client) -> Client:
    return nobody.as_("dev-admin")


@pytest.fixture
def anyio_backend() -> str:
    """Asynchronous tests run on asyncio, as the server does."""
    return "asyncio"


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built by its own files."""
    folder = tmp_path_factory.mktemp("wheel")
    line = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*line, "-w", str(folder), str(ROOT)], check=True, cwd=ROOT)
    return next(folder.glob("*.whl"))
