"""What the checks know of this API beside its contract, `contracts/rules/*.yaml`, and how they look into answers."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import yaml

from mockportal.config import content
from mockportal.errors import UsageError
from mockportal.values import Json, Record

_LONGEST = 12


@cache
def facts(name: str) -> Record:
    """The rules file `name`. Raises `UsageError` for one that cannot be read or says a thing twice."""
    path = content(f"rules/{name}.yaml")
    try:
        value = yaml.load(path.read_text(), _Strict)
    except (OSError, yaml.YAMLError) as error:
        raise UsageError(f"contracts/rules/{name}.yaml", " ".join(str(error).split())) from None
    if not isinstance(value, dict):
        raise UsageError(f"contracts/rules/{name}.yaml", "is not a mapping")
    return value


class _Strict(yaml.CSafeLoader):
    """Refuses keys that stand twice, and leaves times as text."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if len(keys) != len(set(keys)):
            raise yaml.constructor.ConstructorError(
                None, None, f"a key stands twice in {keys}", node.start_mark
            )
        return super().construct_mapping(node, deep)


_Strict.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: node.value)


def part(value: Json, path: str) -> Json:
    """What stands at a dotted path (`entity.meters.$relation`; "" is the whole), None if nothing does."""
    for name in filter(None, path.split(".")):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def listed(value: Json, path: str) -> list[Record]:
    """The records at a dotted path: those of a list, or a single one."""
    found = part(value, path)
    return [one for one in (found if isinstance(found, list) else [found]) if isinstance(one, dict)]


def leaves(value: Json, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Json]]:
    """Everything that is no list and no object, with its path."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from leaves(item, (*path, name))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from leaves(item, (*path, number))
    else:
        yield path, value


def replaced(value: Json, path: tuple[str | int, ...], leaf: Json) -> Json:
    """The value with another leaf at `path`."""
    if not path:
        return leaf
    key, rest = path[0], path[1:]
    if isinstance(value, dict):
        return {name: replaced(item, rest, leaf) if name == key else item for name, item in value.items()}
    return [replaced(item, rest, leaf) if number == key else item for number, item in enumerate(value)]


def filled(value: Json, names: Mapping[str, Json]) -> Json:
    """The value with each text `$name` as what the name stands for."""
    if isinstance(value, str) and value.startswith("$"):
        return names.get(value[1:], value)
    if isinstance(value, dict):
        return {key: filled(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, names) for item in value]
    return value


def spot(path: tuple[str | int, ...]) -> str:
    """A path for signatures: numbers and ids are `*`."""
    names = ["*" if isinstance(name, int) or _ID.fullmatch(name) else name for name in path]
    return ".".join(names[:_LONGEST])


_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")
