"""YAML text of values, tagged ones included, that the strict reader understands as they are."""

import re
from collections.abc import Iterator, Sequence

from mockportal.files.strict_yaml import Tagged
from mockportal.values import Json, Record, encode

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]{0,79}", re.ASCII)
_WORDS = frozenset(("true", "false", "null"))  # in any case, these are no texts
_UNSAFE = re.compile("[\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_CONTROL = re.compile("[\x00-\x1f]")
_WIDTH = 100
_INDENT = "  "


def yaml_text(value: Record, comments: Sequence[str] = ()) -> str:
    """The text of a file with this value, below its comments."""
    lines = [*(f"# {comment(line)}" for line in comments), *_entries(value, "")]
    return "\n".join(lines) + "\n"


def yaml_items(items: Sequence[tuple[Sequence[str], Json]], indent: str) -> Iterator[str]:
    """The lines of a list, each item below its comments."""
    for comments, item in items:
        yield from (f"{indent}# {comment(line)}" for line in comments)
        yield from _item(item, indent)


def flow(value: Json) -> str:
    """A value on one line."""
    if isinstance(value, Tagged):
        return f"{value.tag} {flow(value.value)}"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_scalar(name)}: {flow(item)}' for name, item in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(flow, value))}]"
    return _scalar(value)


def comment(text: str) -> str:
    """A text as it may stand in a comment: on one line, without characters that YAML refuses."""
    return _UNSAFE.sub("?", _CONTROL.sub("?", " ".join(text.split())))


def _entries(value: Record, indent: str) -> Iterator[str]:
    for name, item in value.items():
        line = f"{indent}{_scalar(name)}: {flow(item)}" if _may_fit(item) else ""
        if line and (not _is_tree(item) or len(line) <= _WIDTH):
            yield line
        else:
            yield f"{indent}{_scalar(name)}:"
            yield from _tree(item, indent + _INDENT)


def _tree(value: Json, indent: str) -> Iterator[str]:
    if isinstance(value, dict):
        yield from _entries(value, indent)
    else:
        for item in value:
            yield from _item(item, indent)


def _item(value: Json, indent: str) -> Iterator[str]:
    line = f"{indent}- {flow(value)}" if _may_fit(value) else ""
    if line and (not _is_tree(value) or len(line) <= _WIDTH):
        yield line
        return
    first, *others = _tree(value, indent + _INDENT)
    yield f"{indent}- {first[len(indent + _INDENT) :]}"
    yield from others


def _is_tree(value: Json) -> bool:
    return isinstance(value, dict | list) and bool(value)


def _may_fit(value: Json, most: int = _WIDTH) -> bool:
    """False for a value with so many items that no line holds it."""
    waiting, seen = [value], 0
    while waiting and seen <= most:
        one = waiting.pop()
        items = one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        waiting += items
        seen += 2 * len(items)  # each takes a character and a comma at least
    return seen <= most


def _scalar(value: Json) -> str:
    if not isinstance(value, str):
        return encode(value).decode()
    if _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", encode(value).decode())
