"""The manual of the package: its pages, the places on them, and its HTML."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from mockportal.config import content
from mockportal.errors import UsageError
from mockportal.manual.llms import llms_text
from mockportal.manual.pages import manual_pages, place_of
from mockportal.manual.site import site_in, write_site

DOCS = content("docs")


class Parts(HTMLParser):
    """The addresses and the anchors of a page, and what it loads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.anchors: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.anchors += [given["id"]] if "id" in given else []
        if tag == "a":
            self.links.append(given["href"])
        elif tag in ("script", "img", "link"):
            self.loaded.append(given.get("src") or given["href"])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    write_site(folder)
    return folder


@pytest.fixture(scope="module")
def parts(site: Path) -> dict[Path, Parts]:
    return {file: Parts(file.read_text()) for file in site.rglob("*.html")}


def test_every_page_is_in_the_manual_once() -> None:
    names = [page.name for page in manual_pages()]

    assert sorted(names) == sorted(
        path.relative_to(DOCS).with_suffix("").as_posix() for path in DOCS.rglob("*.md")
    )


def test_every_page_has_a_title_and_tells_what_it_is_about() -> None:
    assert [page.name for page in manual_pages() if not page.title or len(page.about) < 10] == []


def test_every_link_leads_to_a_page_and_to_an_anchor_on_it(parts: dict[Path, Parts]) -> None:
    broken = []
    for file, part in parts.items():
        for link in (link for link in part.links if not re.match(r"[a-z]+:", link)):
            path, _, anchor = unquote(link).partition("#")
            target = (file.parent / path).resolve() if path else file
            if not target.exists() or (anchor and anchor not in parts[target].anchors):
                broken.append(f"{file.name}: {link}")

    assert broken == []


def test_pages_load_only_what_is_beside_them(parts: dict[Path, Parts]) -> None:
    loaded = {(file.parent / one).resolve() for file, part in parts.items() for one in part.loaded}

    assert [str(one) for one in loaded if not one.is_file()] == []


def test_every_anchor_is_there_once_and_no_directive_is_left(parts: dict[Path, Parts], site: Path) -> None:
    assert [file.name for file, part in parts.items() if len(part.anchors) != len(set(part.anchors))] == []
    assert [file.name for file in parts if "{toctree}" in file.read_text()] == []
    assert 'href="2026-11-28-sphinx.html"' in (site / "decisions" / "index.html").read_text()


def test_search_knows_every_part_of_every_page(site: Path) -> None:
    words = json.loads((site / "words.js").read_text().removeprefix("const WORDS = ").rstrip(";\n"))
    found = {address: (title, text) for address, title, text in words}

    title, text = found["scenarios.html#rules"]
    assert title == "Scenarios: Rules"
    assert "The first rule that applies wins." in text


@pytest.mark.parametrize(
    ("topic", "page", "anchor"),
    [
        ("index", "index", ""),
        ("scenarios", "scenarios", ""),
        ("Command line", "cli", ""),
        ("reference/commands", "reference/commands", ""),
        ("rules", "scenarios", "rules"),
        ("which world", "control-api", "which-world"),
    ],
)
def test_topic_is_a_page_or_a_heading(topic: str, page: str, anchor: str) -> None:
    place = place_of(topic)

    assert (place.page.name, place.anchor) == (page, anchor)


def test_unknown_topic_is_told_with_the_nearest_page() -> None:
    with pytest.raises(
        UsageError, match="contarct: the manual has no such page or heading; did you mean 'contract'"
    ):
        place_of("contarct")


def test_site_is_written_once(tmp_path: Path) -> None:
    folder = site_in(tmp_path)
    before = (folder / "index.html").stat().st_mtime_ns

    assert site_in(tmp_path) == folder
    assert (folder / "index.html").stat().st_mtime_ns == before
    assert list(tmp_path.iterdir()) == [folder]


def test_llms_text_lists_every_page_with_a_file_that_is_there() -> None:
    text = llms_text()
    links = re.findall(r"^- \[[^\]]+\]\(file://([^)]+)\): (.+)$", text, re.MULTILINE)

    assert text.startswith("# mockportal\n\n> ")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE)[-1] == "Optional"
    assert len(links) == len(manual_pages()) - 1
    assert [link for link, _ in links if not Path(unquote(link)).is_file()] == []
    assert max(len(about) for _, about in links) <= 210
    assert len(text) < 30_000
