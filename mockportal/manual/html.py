"""The HTML of a page of the manual."""

import posixpath
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import PurePosixPath

from markdown_it import MarkdownIt
from markdown_it.token import Token

from mockportal.manual.pages import ManualPage, anchor_of

_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|#")


def html_of(page: ManualPage) -> str:
    """The page as HTML without a frame. Links to other pages lead to their HTML; what is not part of the manual is
    named, since the package does not bring it along."""
    markdown = _markdown()
    tokens = markdown.parse(page.text)
    _mark_headings(tokens)
    for token in tokens:
        if token.type == "table_open":
            token.attrSet(
                "tabindex", "0"
            )  # so that the arrow keys scroll it where it is wider than the screen
        _lead_links(token.children or (), page)
    return str(markdown.renderer.render(tokens, markdown.options, {}))


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True}).enable("table")


def _mark_headings(tokens: Sequence[Token]) -> None:
    """Gives every heading its anchor; the second one of the same words ends with `-1`."""
    seen: Counter[str] = Counter()
    for token, inner in pairwise(tokens):
        if token.type == "heading_open":
            anchor = anchor_of(inner.content)
            token.attrSet("id", f"{anchor}-{seen[anchor]}" if seen[anchor] else anchor)
            seen[anchor] += 1


def _lead_links(tokens: Sequence[Token], page: ManualPage) -> None:
    outside = False
    for token in tokens:
        target = str(token.attrGet("href") or "")
        if token.type == "link_open" and not _ELSEWHERE.match(target):
            path, mark, anchor = target.partition("#")
            outside = posixpath.normpath(PurePosixPath(page.name).parent / path).startswith("..")
            token.attrs = (
                {"title": path} if outside else {"href": re.sub(r"\.md$", ".html", path) + mark + anchor}
            )
        if outside and token.type in ("link_open", "link_close"):
            token.tag = "span"
        if token.type == "link_close":
            outside = False
