"""The how-to guides, followed one after the other at one server, each from its own situation."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.reader import Reader, blocks_of, followed, reading

DOCS = Path(__file__).parents[2] / "docs"
GUIDES = sorted(page for page in (DOCS / "how-to").glob("*.md") if page.name != "playwright.md")


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """Somebody who leaves the server of the first guide running for the others."""
    with reading(tmp_path_factory.mktemp("guides")) as reader:
        yield reader


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.stem)
def test_commands_of_the_guide_do_what_it_says(page: Path, reader: Reader, tmp_path: Path) -> None:
    reader.folder = tmp_path

    with followed(page, reader):
        shown = [block for block in blocks_of(page) if block.kind == "output"]

    assert shown, "a guide shows what its reader sees"
