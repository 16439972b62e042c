"""YAML as other people's documents use it: the values of JSON by the rules of YAML 1.2, and merge keys.

A few aliases can stand for billions of values. So values are counted as often as they are used, and there may not be
more of them than the text has characters, which a text without aliases never reaches.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import yaml

from mockportal.files.scalars import CORE_TAGS, plain_value, shown_tag, tagged_value
from mockportal.files.text import UnusableFile
from mockportal.files.yaml_nodes import compose, place_of
from mockportal.values import Json

_FEWEST = 10_000  # values that any text may have
_MERGE = "<<"
_COLLECTIONS = {"tag:yaml.org,2002:map": yaml.MappingNode, "tag:yaml.org,2002:seq": yaml.SequenceNode}


def load_plain(text: str, path: Path, depth: int) -> Json:
    """The value of a YAML text, nested at most `depth` levels deep; `path` is for messages. Raises `UnusableFile`."""
    return _Reader(path, max(len(text), _FEWEST), depth).value(compose(text, path), 0)


class _Reader:
    def __init__(self, path: Path, most: int, deepest: int) -> None:
        self._path = path
        self._left = most
        self._deepest = deepest

    def value(self, node: Any, depth: int) -> Json:
        self._left -= 1
        if self._left < 0:
            self._fail(node, "has more values than characters: its aliases stand for too much")
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if node.tag and not isinstance(node, _COLLECTIONS.get(node.tag, ())):
            self._fail(node, f"has the tag {shown_tag(node.tag)}, which JSON does not have")
        if depth >= self._deepest:
            self._fail(node, f"is nested more than {self._deepest} levels deep")
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, depth + 1) for item in node.value]
        return self._mapping(node, depth)

    def _mapping(self, node: Any, depth: int) -> Json:
        made: dict[str, Json] = {}
        merged: list[Any] = []
        for key, item in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._fail(key, "has a key that is not a text")
            if key.value == _MERGE and key.style in (None, ""):
                merged += self._sources(item)
            elif key.value in made:
                self._fail(key, f"has the key {key.value[:100]!r} twice")
            else:
                made[key.value] = self.value(item, depth + 1)
        for source in merged:
            made = self.value(source, depth + 1) | made
        return made

    def _sources(self, node: Any) -> Iterator[Any]:
        """The mappings behind a merge key; the first one that has a key counts."""
        for source in node.value if isinstance(node, yaml.SequenceNode) else [node]:
            if not isinstance(source, yaml.MappingNode):
                self._fail(source, "merges something that is not a mapping")
            yield source

    def _scalar(self, node: Any) -> Json:
        try:
            if node.tag in CORE_TAGS:
                return tagged_value(node.tag, node.value)
            if node.tag:
                raise ValueError(f"has the tag {shown_tag(node.tag)}, which JSON does not have")
            return plain_value(node.value) if node.style in (None, "") else node.value
        except ValueError as error:
            self._fail(node, str(error))

    def _fail(self, node: Any, problem: str) -> NoReturn:
        raise UnusableFile(place_of(self._path, node.start_mark), problem)
