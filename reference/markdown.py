"""Pieces of Markdown."""

import re
from collections.abc import Iterable, Iterator, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of a table without its empty columns; nothing if it has no rows."""
    cells = [[_cell(cell) for cell in row] for row in rows]
    filled = [number for number in range(len(head)) if any(row[number] for row in cells)]
    if cells:
        yield f"| {' | '.join(head[number] for number in filled)} |"
        yield f"|{'---|' * len(filled)}"
        yield from (f"| {' | '.join(row[number] for number in filled)} |" for row in cells)
        yield ""


def block(language: str, text: str) -> Iterator[str]:
    """The lines of a block of code."""
    yield from (f"```{language}", text.rstrip("\n"), "```", "")


def anchor(heading: str) -> str:
    """The anchor of a heading in links, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def sentence(text: str) -> str:
    """The text with a capital letter and a full stop."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if not text or text.endswith((".", "…")) else ".")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
