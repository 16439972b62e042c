"""The version that an installation tells."""

from importlib.metadata import version

import pytest

import mockportal
from mockportal import cli
from mockportal.version import installed_version


@pytest.mark.parametrize("flag", ["--version", "-V"])
def test_version_is_the_one_of_the_installed_package(flag: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        cli.main([flag])

    assert capsys.readouterr().out == f"mockportal {version('mockportal')}\n"
    assert mockportal.__version__ == version("mockportal")


def test_package_that_is_not_installed_has_an_unknown_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.path", [])

    assert installed_version() == "0+unknown"
