"""YAML as a scenario may use it: 1.2 core schema, our own tags, no duplicates, no surprises.

`no` is a string, `12:30` is a string, a date is a string; merge keys are errors; aliases are counted.
"""

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

import yaml

from mockportal.errors import FileError, Place, hint
from mockportal.files.scalars import CORE_TAGS, is_doubtful, plain_value, shown_tag, tagged_value
from mockportal.files.text import UnusableFile, read_text
from mockportal.files.yaml_nodes import children, compose, descend, place_of, pointer_of
from mockportal.values import Json

# Takes a mistake: raises it, or keeps it and lets the rest be looked at.
Report = Callable[[FileError], None]
TAGS = frozenset(("!id", "!rel", "!date", "!time", "!drop", "!file", "!patch"))

MAX_BYTES = 8 * 1024 * 1024
_NODES = 400_000
_DEPTH = 60
# The library drops the tag `!`, so it is looked for in the text where a value begins.
_BARE = re.compile(r"(&\S+\s+)?!(?=[\s\]},]|$)")
_REMEMBERED = 512 * 1024  # characters of a file that is read once
_BARE_SOMEWHERE = re.compile(r"(?<![^\s\[{,:])!(?=[\s\]},]|$)")
_CORE = ", ".join(map(shown_tag, CORE_TAGS))


@dataclass(frozen=True, slots=True)
class Tagged:
    """A value behind one of our tags, such as `!id contact/anna`."""

    tag: str
    value: Json


@dataclass(frozen=True, slots=True)
class YamlFile:
    """The content of a file with its places: `place("/a/b")` is the place of the key `b`, or of its nearest parent.

    Places are looked up in the file again; only errors need them. A value that did not come from a file brings the
    nodes that it was read from: its places are the name `path`, and the pointer. `has_tags` is False for a value in
    which no tag can stand.
    """

    path: Path
    value: Json
    nodes: Any = field(default=None, compare=False, repr=False)
    has_tags: bool = True

    @property
    def is_on_disk(self) -> bool:
        """True if it came from a file."""
        return self.nodes is None

    def place(self, at: str) -> Place:
        """The place of the key or item at a pointer, for an error."""
        return place_of(self.path, descend(self._root(), at)[0], at or "/")

    def where(self, at: str) -> str:
        """`scenarios/x.yaml:12:5: /entities/…`"""
        return str(self.place(at))

    def holds(self, at: str) -> bool:
        """True if the pointer leads somewhere in this file."""
        return self.depth(at) == at.count("/")

    def depth(self, at: str) -> int:
        """The number of steps of the pointer that this file has."""
        return descend(self._root(), at)[1]

    def line(self, at: str) -> int:
        """One-based."""
        return self.place(at).line

    def doubtful_numbers(self) -> Iterator[tuple[str, str]]:
        """Pointer and text of each number that may well be meant as a text, such as `01067`."""
        waiting = [("", self._root())]
        while waiting:
            at, node = waiting.pop()
            waiting += [(f"{at}/{name}", child) for name, _, child in reversed(children(node))]
            if isinstance(node, yaml.ScalarNode) and _is_plain(node) and is_doubtful(node.value):
                yield at, node.value

    def _root(self) -> Any:
        if self.nodes is not None:
            return self.nodes
        stat = self.path.stat() if self.path.exists() else None
        return _read_again(self.path, stat.st_mtime_ns if stat else 0)


def fail(mistake: FileError) -> NoReturn:
    """The report that ends with the first mistake. Raises it."""
    raise mistake


def load_yaml(path: Path, tags: Collection[str] = TAGS, report: Report = fail) -> YamlFile:
    """The file, in which only these tags may stand. Reports single mistakes. Raises `UnusableFile`."""
    text = read_text(path, MAX_BYTES)
    if len(text) <= _REMEMBERED:
        with suppress(FileError):  # whose mistakes are told below
            return _sound(path, text, frozenset(tags))
    root = compose(text, path)
    return YamlFile(path, _Reader(path, text, root, tags, report).value(root, 0))


@lru_cache(maxsize=64)
def _sound(path: Path, text: str, tags: frozenset[str]) -> YamlFile:
    """The file with this text, which many scenarios extend. Nobody changes a value that was read."""
    root = compose(text, path)
    return YamlFile(path, _Reader(path, text, root, tags, fail).value(root, 0))


def read_nodes(path: Path, root: Any, tags: Collection[str]) -> YamlFile:
    """Nodes that came from elsewhere, read by the same rules; `path` is for messages. Raises `FileError`."""
    return YamlFile(path, _Reader(path, "", root, tags, fail).value(root, 0), root)


@lru_cache(maxsize=2)
def _read_again(path: Path, changed_at: int) -> Any:
    """The nodes of a file as of its last change; many errors of one file need them."""
    return compose(read_text(path, MAX_BYTES), path)


def _is_plain(node: Any) -> bool:
    return node.style in (None, "") and node.tag == ""


class _Reader:
    def __init__(self, path: Path, text: str, root: Any, tags: Collection[str], report: Report) -> None:
        self._report = report
        self._path = path
        self._text = text
        self._root = root
        self._tags = tags
        self._bare = _BARE_SOMEWHERE.search(text) is not None
        self._nodes = 0

    def value(self, node: Any, depth: int) -> Json:
        self._nodes += 1
        if self._nodes > _NODES:
            problem = f"has more than {_NODES} values (aliases are counted each time)"
            raise UnusableFile(self._place(node), problem)
        if depth > _DEPTH:
            raise UnusableFile(self._place(node), f"is nested more than {_DEPTH} deep")
        if node.tag == "" and not (self._bare and _BARE.match(self._text, node.start_mark.index)):
            return self._content(node, depth)
        if node.tag in self._tags:
            return Tagged(node.tag, self._content(node, depth))
        if node.tag in CORE_TAGS and isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        self._report(FileError(self._place(node), self._foreign(node.tag)))
        return None

    def _content(self, node: Any, depth: int) -> Json:
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node) if _is_plain(node) else node.value
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, depth + 1) for item in node.value]
        made: dict[str, Json] = {}
        for key, item in node.value:
            if self._is_key(key, made, node):
                made[key.value] = self.value(item, depth + 1)
        return made

    def _scalar(self, node: Any) -> Json:
        try:
            return tagged_value(node.tag, node.value) if node.tag else plain_value(node.value)
        except ValueError as error:
            self._report(FileError(self._place(node), str(error)))
            return None

    def _is_key(self, key: Any, before: Collection[str], node: Any) -> bool:
        problem = ""
        if not isinstance(key, yaml.ScalarNode):
            problem = "has a key that is not a string"
        elif key.tag != "":
            problem = f"has the tag {shown_tag(key.tag)} on a key"
        elif key.value == "<<":
            problem = "uses a merge key; use `extends`"
        elif key.value in before:
            problem = f"has the key {key.value!r} twice"
        if problem:
            at = pointer_of(self._root, node) or "/"
            self._report(FileError(place_of(self._path, key.start_mark, at), problem))
        return not problem

    def _foreign(self, tag: str) -> str:
        """The problem with a tag that is not ours."""
        if tag in ("", "!"):
            return "has the tag `!` without a name; put a text in quotes instead"
        if tag.startswith("!"):
            return f"has an unknown tag {tag}{hint(tag, self._tags)} (known: {', '.join(sorted(self._tags))})"
        return f"has the tag {shown_tag(tag)}; of YAML's own only {_CORE} are read, each on a single value"

    def _place(self, node: Any) -> Place:
        at = pointer_of(self._root, node)
        return place_of(self._path, descend(self._root, at)[0], at or "/")
