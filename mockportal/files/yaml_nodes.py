"""The nodes of a YAML text: composed with the tags that were written, and found by pointer."""

import re
from pathlib import Path
from typing import Any

import yaml

from mockportal.errors import Place
from mockportal.files.pointers import escape
from mockportal.files.text import UnusableFile, place_after
from mockportal.files.yaml_problems import explained

_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Loader(yaml.CSafeLoader):
    """PyYAML without its guesses at the type of a plain scalar, which are those of YAML 1.1."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> str:
        """The tag of a node that has none, or `!` for a collection behind that."""
        return "" if implicit is True or isinstance(implicit, tuple) else "!"


def compose(text: str, path: Path) -> Any:
    """The root of the nodes. Raises `UnusableFile`."""
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = place_of(path, mark) if mark else Place(str(path), 1, 1)
        raise UnusableFile(place, f"is not YAML: {explained(error, text)}") from None
    except yaml.YAMLError as error:
        found = _CONTROL.search(text)
        if found is None:
            raise UnusableFile(str(path), f"is not YAML: {' '.join(str(error).split())}") from None
        problem = f"is not YAML: it holds the control character U+{ord(found.group()):04X}"
        raise UnusableFile(place_after(str(path), text[: found.start()]), problem) from None
    if root is None:
        raise UnusableFile(Place(str(path), 1, 1), "is empty")
    return root


def place_of(path: Path, mark: Any, at: str = "") -> Place:
    """The place of a mark, of the value at the pointer `at`."""
    return Place(str(path), mark.line + 1, mark.column + 1, at)


def descend(root: Any, at: str) -> tuple[Any, int]:
    """The mark of the key (or the item) at a pointer, else of its nearest parent, and how many steps were found."""
    node, mark = root, root.start_mark
    for steps, token in enumerate(at.split("/")[1:]):
        found = _child(node, token)
        if found is None:
            return mark, steps
        mark, node = found
    return mark, at.count("/")


def pointer_of(root: Any, wanted: Any) -> str:
    """The first pointer to a node; "" for one that is no value in the tree."""
    waiting, seen = [("", root)], set()
    while waiting:
        at, node = waiting.pop()
        if node is wanted:
            return at
        if id(node) in seen:
            continue
        seen.add(id(node))
        waiting += [(f"{at}/{name}", child) for name, _, child in children(node)]
    return ""


def children(node: Any) -> list[tuple[str, Any, Any]]:
    """The step of a pointer to each value inside a node, its mark, and the value."""
    if isinstance(node, yaml.MappingNode):
        named = [(key, item) for key, item in node.value if isinstance(key, yaml.ScalarNode)]
        return [(escape(key.value), key.start_mark, item) for key, item in named]
    if isinstance(node, yaml.SequenceNode):
        return [(str(number), item.start_mark, item) for number, item in enumerate(node.value)]
    return []


def _child(node: Any, token: str) -> tuple[Any, Any] | None:
    return next(((mark, item) for name, mark, item in children(node) if name == token), None)
