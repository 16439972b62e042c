"""Lines and columns in the file of the contract."""

from collections.abc import Iterable
from pathlib import Path

from mockportal.errors import FileError
from mockportal.files.text import read_text
from mockportal.files.yaml_nodes import compose, descend

_LARGEST = 64 * 2**20


def places_in(path: Path, pointers: Iterable[str]) -> dict[str, tuple[int, int]]:
    """(line, column) of each JSON pointer in a JSON or YAML file, or of what is nearest above it: an overlay may have
    added the rest. Empty for a file that cannot be read."""
    wanted = sorted({pointer for pointer in pointers if pointer})
    if not wanted:
        return {}
    try:
        root = compose(read_text(path, _LARGEST), path)
    except FileError:
        return {}
    marks = ((pointer, descend(root, pointer)[0]) for pointer in wanted)
    return {pointer: (mark.line + 1, mark.column + 1) for pointer, mark in marks}


def shown_path(path: Path) -> str:
    """The file as somebody in the current folder would name it, with slashes."""
    whole, here = path.resolve(), Path.cwd()
    return whole.relative_to(here).as_posix() if whole.is_relative_to(here) else whole.as_posix()
