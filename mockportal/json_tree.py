"""Looks into JSON values: parts at a path, leaves, replacements, and how two values differ."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from mockportal.files.pointers import leads_somewhere, resolve
from mockportal.values import Json, Record

Path = tuple[str | int, ...]

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")
_LONGEST = 12


def children(value: Json) -> Iterable[tuple[str | int, Json]]:
    """The values right below a value, with their keys or numbers."""
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


def walk(value: Json, path: Path = ()) -> Iterator[tuple[Path, Json]]:
    """The value itself and everything below it, each with its path, parents first."""
    yield path, value
    for key, item in children(value):
        yield from walk(item, (*path, key))


def part(value: Json, path: str) -> Json:
    """The value at a dotted path (`order.items`; "" for the whole value), or None."""
    for name in filter(None, path.split(".")):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def listed(value: Json, path: str) -> list[Record]:
    """The records at a dotted path: those of a list, or a single one."""
    found = part(value, path)
    return [one for one in (found if isinstance(found, list) else [found]) if isinstance(one, dict)]


def leaves(value: Json) -> Iterator[tuple[Path, Json]]:
    """Everything that is no list and no object, with its path."""
    return ((path, item) for path, item in walk(value) if not isinstance(item, dict | list))


def replaced(value: Json, path: Path, leaf: Json) -> Json:
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


def spot(path: Path) -> str:
    """A path for signatures: numbers and ids are `*`."""
    names = ["*" if isinstance(name, int) or _ID.fullmatch(name) else name for name in path]
    return ".".join(names[:_LONGEST])


def difference(wanted: Json, seen: Json, path: str = "") -> str:
    """The first difference of `seen` from `wanted`, or "". `seen` may have more keys, and null counts as absent."""
    if isinstance(wanted, dict) and isinstance(seen, dict):
        pairs = ((f"{path}/{key}", value, seen.get(key)) for key, value in wanted.items())
        return next((found for at, one, two in pairs if (found := difference(one, two, at))), "")
    if isinstance(wanted, list) and isinstance(seen, list) and len(wanted) == len(seen):
        items = ((f"{path}/{at}", *pair) for at, pair in enumerate(zip(wanted, seen, strict=True)))
        return next((found for at, one, two in items if (found := difference(one, two, at))), "")
    if wanted == seen and isinstance(wanted, bool) == isinstance(seen, bool):
        return ""
    return f"{path or '/'}: expected {as_text(wanted, 80)}, got {as_text(seen, 80)}"


def at(body: Json, *path: str) -> Json:
    """The value at a path of keys, or None."""
    for key in path:
        body = body.get(key) if isinstance(body, dict) else None
    return body


def rows(body: Json, *path: str) -> list[Record]:
    """The objects of the list, or of the map, at a path of keys."""
    found = at(body, *path)
    values = list(found.values()) if isinstance(found, dict) else found
    return [row for row in values if isinstance(row, dict)] if isinstance(values, list) else []


def by_id(records: Sequence[Record], key: str = "id") -> dict[str, Record]:
    """The records by their ids."""
    return {str(record.get(key)): record for record in records}


def value_at(body: Json, at: str) -> Json:
    """The value at a JSON pointer; None if nothing is there."""
    return resolve(body, at) if leads_somewhere(body, at) else None


def as_text(value: Json, most: int = 120) -> str:
    """The value as JSON on one line, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= most else f"{text[:most]}…"


def plain_texts(value: Json) -> Iterator[str]:
    """Every text in a value, as `plain` has it, so that `[{"email": …}]` is found by an address."""
    if isinstance(value, dict | list):
        for _, item in children(value):
            yield from plain_texts(item)
    elif value is not None:
        yield plain(str(value))


def plain(text: str) -> str:
    """The text without outer blanks, in one case."""
    return text.strip().casefold()
