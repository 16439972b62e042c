"""`mockportal docs`."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from mockportal import cli

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_address_is_a_file_that_is_there(capsys: pytest.CaptureFixture[str], cache: Path) -> None:
    assert cli.main(["docs", "rules", "--no-browser"]) == 0

    address = urlsplit(capsys.readouterr().out.strip())
    assert address.fragment == "rules"
    assert Path(address.path).is_relative_to(cache)
    assert 'id="rules"' in Path(address.path).read_text()


def test_browser_is_opened_where_there_is_one(tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" >{tmp_path}/opened\n')
    browser.chmod(0o755)
    own = {"BROWSER": f"{browser} %s", "PYTHONPATH": str(ROOT)}

    line = [sys.executable, "-m", "mockportal", "docs"]
    run = subprocess.run(
        line, cwd=tmp_path, env={**os.environ, **own}, capture_output=True, text=True, check=True
    )

    assert (tmp_path / "opened").read_text() == run.stdout
    assert run.stdout.endswith("/index.html\n")


@pytest.mark.parametrize(
    ("flags", "beginning"),
    [
        (["glossary", "--print"], "# Glossary\n"),
        (["--llms"], "# mockportal\n"),
        (["--skill"], "---\nname: mockportal\n"),
    ],
)
def test_pages_are_printed_for_programs(
    flags: list[str], beginning: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["docs", *flags]) == 0

    assert capsys.readouterr().out.startswith(beginning)


def test_unknown_topic_and_a_cache_that_cannot_be_written_are_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))

    assert cli.main(["docs", "nonsense"]) == 2
    assert cli.main(["docs", "--no-browser"]) == 2

    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("mockportal: nonsense: the manual has no such page or heading")
    assert second == (
        f"mockportal: {tmp_path}/file/mockportal: cannot be written (Not a directory); set XDG_CACHE_HOME, or use --print"
    )
