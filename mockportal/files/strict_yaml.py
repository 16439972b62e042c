"""YAML as a scenario may use it: 1.2 core schema, our own tags, no duplicates, no surprises.

`no` is a string, `12:30` is a string, a date is a string; merge keys are errors; aliases are counted.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from mockportal.errors import FileError
from mockportal.files.pointers import escape
from mockportal.values import Json

TAGS = frozenset(("!id", "!rel", "!date", "!time", "!drop", "!file"))

_BYTES = 8 * 1024 * 1024
_NODES = 400_000
_DEPTH = 60
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS = {"": None, "~": None, "null": None, "Null": None, "NULL": None} | {
    word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")
}


class _Loader(yaml.CSafeLoader):
    """PyYAML without its guesses at the type of a plain scalar; `_Reader` knows the 1.2 rules, and this is faster."""

    yaml_implicit_resolvers = {}  # noqa: RUF012 (PyYAML reads it off the class)


class UnusableFile(FileError):
    """A file that cannot be read as YAML at all."""


@dataclass(frozen=True, slots=True)
class Tagged:
    """A value behind one of our tags, such as `!id contact/anna`."""

    tag: str
    value: Json


@dataclass(frozen=True, slots=True)
class YamlFile:
    """What a file holds, and where: `line("/a/b")` finds the line of a pointer, or of its nearest parent.

    Lines are looked up in the file again; only errors need them.
    """

    path: Path
    value: Json

    def where(self, at: str) -> str:
        """`scenarios/x.yaml:12: /entities/…`, for an error."""
        return f"{self.path}:{self.line(at)}: {at or '/'}"

    def holds(self, at: str) -> bool:
        """Whether the pointer leads somewhere in this file."""
        return _descend(_compose(self.path), at)[1]

    def line(self, at: str) -> int:
        """One-based."""
        return int(_descend(_compose(self.path), at)[0].start_mark.line) + 1


def load_yaml(path: Path, tags: Collection[str] = TAGS) -> YamlFile:
    """The file, in which only these tags may stand. Raises `UnusableFile` and `FileError` with file and line."""
    return YamlFile(path, _Reader(path, tags).value(_compose(path), 0))


def _compose(path: Path) -> Any:
    """The nodes of a file. Raises `UnusableFile`."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnusableFile(str(path), f"cannot be read ({error.strerror})") from None
    if len(data) > _BYTES:
        raise UnusableFile(str(path), f"is larger than {_BYTES // 2**20} MiB")
    try:
        root = yaml.compose(data.decode(), Loader=_Loader)
    except UnicodeDecodeError:
        raise UnusableFile(str(path), "is not UTF-8") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise UnusableFile(f"{path}:{line}", f"is not YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise UnusableFile(str(path), f"is not YAML: {' '.join(str(error).split())}") from None
    if root is None:
        raise UnusableFile(f"{path}:1", "is empty")
    return root


class _Reader:
    def __init__(self, path: Path, tags: Collection[str]) -> None:
        self._path = path
        self._tags = tags
        self._nodes = 0

    def value(self, node: Any, depth: int) -> Json:
        self._nodes += 1
        if self._nodes > _NODES:
            raise self._error(node, f"has more than {_NODES} values (aliases are counted each time)")
        if depth > _DEPTH:
            raise self._error(node, f"is nested more than {_DEPTH} deep")
        if node.tag.startswith("!"):
            if node.tag not in self._tags:
                raise self._error(node, f"has an unknown tag {node.tag}")
            return Tagged(node.tag, self._plain(node, depth))
        return self._plain(node, depth)

    def _plain(self, node: Any, depth: int) -> Json:
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, depth + 1) for item in node.value]
        made: dict[str, Json] = {}
        for key, item in node.value:
            name = key.value
            if not isinstance(key, yaml.ScalarNode):
                raise self._error(key, "has a key that is no string")
            if name == "<<":
                raise self._error(key, "uses a merge key; use `extends`")
            if name in made:
                raise self._error(key, f"has the key {name!r} twice")
            made[name] = self.value(item, depth + 1)
        return made

    def _scalar(self, node: Any) -> Json:
        text: str = node.value
        if node.style not in (None, "") or node.tag.startswith("!"):
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _INTEGER.fullmatch(text):
            return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
        if _FLOAT.fullmatch(text):
            return float(text)
        return text

    def _error(self, node: Any, problem: str) -> FileError:
        return FileError(f"{self._path}:{node.start_mark.line + 1}", problem)


def _descend(node: Any, at: str) -> tuple[Any, bool]:
    """The node at a pointer; else its nearest parent, and False."""
    for token in at.split("/")[1:]:
        child = None
        if isinstance(node, yaml.MappingNode):
            child = next((item for key, item in node.value if escape(key.value) == token), None)
        elif isinstance(node, yaml.SequenceNode) and token.isdigit() and int(token) < len(node.value):
            child = node.value[int(token)]
        if child is None:
            return node, False
        node = child
    return node, True
