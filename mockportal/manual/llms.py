"""`llms.txt`: the manual as a list of links with a sentence each, in the form of llmstxt.org."""

import re
from itertools import groupby

from mockportal.config import content
from mockportal.manual.pages import ManualPage, manual_pages

_OPTIONAL = "Optional"
_SHORTEST, _LONGEST = 30, 200
_HEAD = """\
# mockportal

> {about}

`pip install mockportal` and `mockportal serve` are all that it takes; nothing goes out to the network.
The links are files of the installed package. `mockportal docs --skill` prints how an agent uses the mock.
"""


def llms_text() -> str:
    """The list. Pages that only another page lists may be left out by a reader that is short of room."""
    index, *pages = manual_pages()
    lines = [_HEAD.format(about=index.about)]
    pages.sort(key=lambda page: page.is_listed_elsewhere)
    for caption, group in groupby(
        pages, key=lambda page: _OPTIONAL if page.is_listed_elsewhere else page.caption
    ):
        lines += [f"## {caption}", "", *map(_line, group), ""]
    return "\n".join(lines)


def _line(page: ManualPage) -> str:
    file = content("docs") / f"{page.name}.md"
    return f"- [{page.title}]({file.resolve().as_uri()}): {beginning(page.about)}"


def beginning(text: str) -> str:
    """The first sentences of a text, as few as tell something, and no more than some 200 characters."""
    found = ""
    for one in re.split(r"(?<=[.!?]) ", text):
        if len(found) >= _SHORTEST:
            break
        found = f"{found} {one}".strip()
    return found.rstrip(":") if len(found) <= _LONGEST else f"{found[:_LONGEST].rpartition(' ')[0]} …"
