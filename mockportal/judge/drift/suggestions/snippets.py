"""Pieces of overlays and scenarios: paths into the document, the record that an answer is about, YAML."""

import re
from collections import deque

import yaml

from mockportal.judge.drift.comparison.documented import ITEM, Documented, Steps
from mockportal.values import Json, Record

_WORD = re.compile(r"[A-Za-z_]\w*")
_DEEP = 3


def record_at(documented: Documented, start: Steps) -> tuple[Steps, str]:
    """The place of the first record with an id, from `start` downwards, and the name of its schema ("" for none)."""
    waiting = deque([start])
    while waiting:
        steps = waiting.popleft()
        places = documented.at(steps)
        names = [pointer.split("/")[3] for _, pointer in places if pointer.startswith("/components/schemas/")]
        inner = {name: None for schema, _ in places for name in schema.get("properties", {})}
        if inner.keys() & {"_id", "id"} and names:
            return steps, names[0]
        if len(steps) < len(start) + _DEEP:
            lists = [ITEM] if any("items" in schema for schema, _ in places) else []
            waiting += [(*steps, step) for step in [*lists, *inner]]
    return start, ""


def fields_of(documented: Documented, steps: Steps) -> dict[str, str]:
    """The properties that a record requires or may have, with their types."""
    found: dict[str, str] = {}
    for schema, _ in documented.at(steps):
        wanted = schema.get("required") or [*schema.get("properties", {})][:6]
        found |= {name: "/".join(sorted(documented.types((*steps, name)))) or "value" for name in wanted}
    return found


def collection(schema: str) -> str:
    """`BillingAccount` is `billing_account`, `FileItem` is `file`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", schema.removesuffix("Item")).lower() or "<collection>"


def json_path(document: Record, pointer: str) -> str:
    """The JSONPath of a JSON pointer into `document`."""
    value: Json = document
    path = "$"
    for token in pointer.split("/")[1:]:
        step = token.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list):
            path, value = f"{path}[{step}]", value[int(step)]
        else:
            path, value = path + _key(step), value[step]
    return path


def _key(name: str) -> str:
    return f".{name}" if _WORD.fullmatch(name) else f"[{quoted(name)}]"


def quoted(text: str) -> str:
    """A text inside a JSONPath."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def spelled_yaml(value: Json, about: str) -> str:
    """YAML under a comment."""
    text = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=110)
    return f"# {about}\n{text}"
