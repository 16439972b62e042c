"""The site of these pages: Sphinx, MyST and furo, built without a network by `scripts/docs`."""

import re
from pathlib import Path

from sphinx.application import Sphinx

project = "mockportal"
copyright = "the contributors of mockportal"

extensions = ["myst_parser"]
html_theme = "furo"
html_title = "mockportal"
html_show_sourcelink = False
html_copy_source = False

myst_heading_anchors = 4
suppress_warnings = ["misc.highlighting_failure"]  # values that collections.md cuts short

DOCS = Path(__file__).parent
UPWARDS = re.compile(r"\[([^\]]+)\]\((\.\./[^)#]+)(?:#[^)]*)?\)")


def name_outsiders(app: Sphinx, page: str, source: list[str]) -> None:
    """Links to pages and folders outside the site become names: `[text](../x)` reads `text (x)`.

    Other files are downloads, and stay links.
    """

    def named(link: re.Match[str]) -> str:
        target = (DOCS / page).parent.joinpath(link[2]).resolve()
        if target.is_relative_to(DOCS) or (target.is_file() and target.suffix != ".md"):
            return link[0]
        return f"{link[1]} (`{target.relative_to(DOCS.parent)}`)"

    source[0] = UPWARDS.sub(named, source[0])


def setup(app: Sphinx) -> None:
    app.connect("source-read", name_outsiders)
