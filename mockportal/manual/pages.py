"""The pages of the manual, in the order of the table of contents."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from mockportal.config import content
from mockportal.errors import UsageError, hint

INDEX = "index"
FENCE = re.compile(r"^```[^\n]*\n(.*?)^```$\n?", re.MULTILINE | re.DOTALL)
_TABLE_OF_CONTENTS = re.compile(r"^```\{toctree\}\n(.*?)^```$\n?", re.MULTILINE | re.DOTALL)
_CAPTION = re.compile(r"^:caption: (.+)$", re.MULTILINE)
_HEADING = re.compile(r"^(#{1,4}) (.+)$", re.MULTILINE)
_NO_PARAGRAPH = re.compile(r"[#|>*!-]|\d{4}-\d\d-\d\d$")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


@dataclass(frozen=True, slots=True)
class ManualPage:
    """A page of the manual.

    name:    such as `tutorials/frontend`
    caption: the one above it in the table of contents
    title:   its first heading
    about:   its first paragraph as plain text
    text:    its Markdown
    is_listed_elsewhere: true if another page than the index lists it
    """

    name: str
    caption: str
    title: str
    about: str
    text: str
    is_listed_elsewhere: bool


@dataclass(frozen=True, slots=True)
class Topic:
    """A page, and the anchor of a heading on it; empty for the page as a whole."""

    page: ManualPage
    anchor: str


class _Entry(NamedTuple):
    """A line of a table of contents: a page, the caption, and the page that lists it."""

    name: str
    caption: str
    lister: str


@lru_cache(maxsize=1)
def manual_pages() -> tuple[ManualPage, ...]:
    """All pages, the index first; those that a page lists by a pattern come right after it."""
    return (_page(_Entry(INDEX, "", INDEX)), *map(_page, _listed(_Entry(INDEX, "", INDEX))))


def place_of(topic: str) -> Topic:
    """The page with this name or title, else the first heading that says it. Raises `UsageError`."""
    wanted = anchor_of(topic.replace("/", "-"))
    places: dict[str, Topic] = {}
    for page in manual_pages():
        for name in _names_of(page):
            places.setdefault(name, Topic(page, ""))
    names = [*places]
    for page in manual_pages():
        for _, heading in headings(page.text):
            places.setdefault(anchor_of(heading), Topic(page, anchor_of(heading)))
    if wanted not in places:
        raise UsageError(
            topic, f"the manual has no such page or heading{hint(wanted, names) or hint(wanted, places)}"
        )
    return places[wanted]


def headings(text: str) -> list[tuple[int, str]]:
    """The headings of a page with their levels, 1 for the title."""
    return [(len(marks), heading) for marks, heading in _HEADING.findall(FENCE.sub("", text))]


def anchor_of(heading: str) -> str:
    """The anchor of a heading in links, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", plain(heading).lower()).strip().replace(" ", "-")


def plain(text: str) -> str:
    """The words of a piece of Markdown in one line."""
    return " ".join(_LINK.sub(r"\1", text).replace("`", "").replace("**", "").split())


def _listed(above: _Entry) -> Iterator[_Entry]:
    """The pages in the tables of contents of a page, each followed by those in its own."""
    folder = Path(above.name).parent
    for block in _TABLE_OF_CONTENTS.findall(_text(above.name)):
        caption = next(iter(_CAPTION.findall(block)), above.caption)
        for line in (line for line in block.splitlines() if line and not line.startswith(":")):
            name = (folder / line).as_posix()
            for one in sorted(_matching(name)) if ":glob:" in block else [name]:
                entry = _Entry(one, caption, above.name)
                yield entry
                yield from _listed(entry)


def _matching(pattern: str) -> Iterator[str]:
    root = content("docs")
    return (path.relative_to(root).with_suffix("").as_posix() for path in root.glob(f"{pattern}.md"))


def _page(entry: _Entry) -> ManualPage:
    """The page; one that lists others has links to them in place of its table of contents."""
    whole = _text(entry.name)
    text = _TABLE_OF_CONTENTS.sub("", whole)
    if entry.name != INDEX:
        text += "".join(f"- [{_title(one.name)}]({_beside(one, entry)})\n" for one in _listed(entry))
    paragraphs = (plain(one) for one in FENCE.sub("", text).split("\n\n"))
    about = next((one for one in paragraphs if one and not _NO_PARAGRAPH.match(one)), "")
    return ManualPage(entry.name, entry.caption, _title(entry.name), about, text, entry.lister != INDEX)


def _title(name: str) -> str:
    return plain(next(heading for level, heading in headings(_text(name)) if level == 1))


def _beside(one: _Entry, other: _Entry) -> str:
    return posixpath.relpath(f"{one.name}.md", Path(other.name).parent)


def _text(name: str) -> str:
    return (content("docs") / f"{name}.md").read_text(encoding="utf-8")


def _names_of(page: ManualPage) -> tuple[str, ...]:
    return anchor_of(page.name.replace("/", "-")), anchor_of(Path(page.name).name), anchor_of(page.title)
