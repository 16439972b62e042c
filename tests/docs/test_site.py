"""The pages as a site: every page is in the table of contents, every link and anchor leads somewhere, nothing comes from elsewhere."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
LOADED = re.compile(
    r'<(?:script|img|link rel="(?:stylesheet|preload)")[^>]*(?:src|href)="(?:https?:)?//[^"]*"'
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path]:
    """How the build went, and its folder."""
    folder = tmp_path_factory.mktemp("site")
    sphinx = [
        sys.executable,
        "-m",
        "sphinx",
        "-q",
        "-W",
        "--keep-going",
        "-b",
        "html",
        str(DOCS),
        str(folder),
    ]
    return subprocess.run(sphinx, capture_output=True, text=True, check=False), folder


def test_site_is_built_without_a_warning(built: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    result, _ = built

    assert (result.stderr, result.returncode) == ("", 0)


def test_site_has_every_page_and_loads_nothing_from_elsewhere(
    built: tuple[subprocess.CompletedProcess[str], Path],
) -> None:
    _, folder = built

    for page in DOCS.rglob("*.md"):
        html = (folder / page.relative_to(DOCS)).with_suffix(".html")
        assert LOADED.findall(html.read_text()) == [], page.name
