"""A file's value that comes as JSON instead, in a request or in a file: it is read by the same rules as YAML.

JSON has no tags, so a text that begins with one is behind it: `"!rel contact/anna"`, `"!rel [file/a, file/b]"`. A value
of another kind stands alone under its tag: `{"!rel": ["file/a", "file/b"]}`. `!file` stays out: a request stands in no
folder.
"""

import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import yaml

from mockportal.errors import Place
from mockportal.files.strict_yaml import MAX_BYTES, TAGS, Tagged, YamlFile, read_nodes
from mockportal.files.text import UnusableFile, read_text
from mockportal.values import Json, decode, encode

_TAG = re.compile(rf"({'|'.join(map(re.escape, sorted(TAGS)))})(?:\s+(.*))?", re.DOTALL)
_NOWHERE = yaml.Mark("", 0, -1, -1, None, 0)  # shown as a name without line and column
_ALLOWED = TAGS - {"!file"}


def inline_file(name: str, value: Json) -> YamlFile:
    """The value as a file called `name` would hold it. Raises `FileError`."""
    return read_nodes(Path(name), _node(value), _ALLOWED)


def load_json(path: Path) -> YamlFile:
    """The value of a file with the ending `.json`. Raises `UnusableFile`, or `FileError` for a wrong tag."""
    text = read_text(path, MAX_BYTES)
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_number)
        decode(text.encode())  # which is strict about depth and surrogates
    except json.JSONDecodeError as error:
        place = Place(str(path), error.lineno, error.colno)
        raise UnusableFile(place, f"is not JSON: {error.msg}") from None
    except (ValueError, RecursionError) as error:
        raise UnusableFile(str(path), f"is not JSON: {error}") from None
    if '"!' not in text:
        return YamlFile(path, value, has_tags=False)
    return replace(read_nodes(path, _node(value), TAGS), nodes=None)


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """The object of these pairs. Raises `ValueError` for a key that comes twice."""
    made = dict(pairs)
    if len(made) < len(pairs):
        twice = next(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
        raise ValueError(f"it has the key {twice!r} twice")
    return made


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"it has {name}, which is no number")


def as_inline(value: Json) -> Json:
    """The value of a file as JSON that `inline_file` reads."""
    if isinstance(value, Tagged):
        return {value.tag: as_inline(value.value)}
    if isinstance(value, dict):
        return {name: as_inline(item) for name, item in value.items()}
    return [as_inline(item) for item in value] if isinstance(value, list) else value


def _node(value: Json) -> Any:
    if isinstance(value, dict):
        tag = next(iter(value)) if len(value) == 1 else ""
        return _behind(tag, _node(value[tag])) if tag in TAGS else _mapping(value)
    if isinstance(value, list):
        return yaml.SequenceNode("", [_node(item) for item in value], _NOWHERE)
    if not isinstance(value, str):
        return yaml.ScalarNode("", encode(value).decode(), _NOWHERE)
    found = _TAG.fullmatch(value)
    return _text(value) if found is None else _behind(found[1], _listed((found[2] or "").strip()))


def _mapping(value: dict[str, Json]) -> Any:
    return yaml.MappingNode("", [(_text(key), _node(item)) for key, item in value.items()], _NOWHERE)


def _behind(tag: str, node: Any) -> Any:
    node.tag = tag
    return node


def _listed(text: str) -> Any:
    """A text, or a list of them in brackets."""
    if not (text.startswith("[") and text.endswith("]")):
        return _text(text)
    items = filter(None, (item.strip() for item in text[1:-1].split(",")))
    return yaml.SequenceNode("", [_text(item) for item in items], _NOWHERE)


def _text(text: str) -> Any:
    return yaml.ScalarNode("", text, _NOWHERE, style='"')
