"""The how-to guides, followed one after the other at one server, each from its own situation."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.reader import Reader, blocks_of, followed, reading

DOCS = Path(__file__).parents[2] / "docs"
GUIDES = sorted(page for page in (DOCS / "how-to").glob("*.md") if page.name != "playwright.md")
TUTORIALS = sorted((DOCS / "tutorials").glob("*.md"))


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


@pytest.mark.parametrize("page", [*GUIDES, *TUTORIALS], ids=lambda page: page.stem)
def test_every_code_block_has_a_meaning(page: Path) -> None:
    kinds = {"", "server", "fails", "install", "output"}

    strange = [
        block
        for block in blocks_of(page)
        if not block.kind.startswith("file=")
        and (block.kind not in kinds or block.language not in ("sh", "python", "text", "yaml", "nginx"))
    ]

    assert strange == []


def test_requests_of_the_readme_are_answered_as_it_says(reader: Reader, tmp_path: Path) -> None:
    [requests] = [block.text for block in blocks_of(DOCS.parent / "README.md") if "curl" in block.text]
    page = tmp_path / "page.md"
    page.write_text(f"```sh server\nmockportal serve\n```\n\n```sh\n{requests}```\n")

    with followed(page, reader):
        listed, written = reader.said.split('{"data":')[1:]

    assert "V-900001" in listed
    assert '"value":25100' in written
