"""Answers as journeys look at them: whatever comes back, and how it differs from what is wanted."""

from collections.abc import Sequence

from mockportal.values import Json, Record


def difference(wanted: Json, seen: Json, path: str = "") -> str:
    """Where and how `seen` differs from what is wanted, "" if it does not. It may have more keys; null is no value."""
    if isinstance(wanted, dict) and isinstance(seen, dict):
        pairs = ((f"{path}/{key}", value, seen.get(key)) for key, value in wanted.items())
        return next((found for at, one, two in pairs if (found := difference(one, two, at))), "")
    if isinstance(wanted, list) and isinstance(seen, list) and len(wanted) == len(seen):
        items = ((f"{path}/{at}", *pair) for at, pair in enumerate(zip(wanted, seen, strict=True)))
        return next((found for at, one, two in items if (found := difference(one, two, at))), "")
    if wanted == seen and isinstance(wanted, bool) == isinstance(seen, bool):
        return ""
    return f"{path or '/'} is {_short(seen)} instead of {_short(wanted)}"


def at(body: Json, *path: str) -> Json:
    """What lies at a path of keys; None where there is nothing."""
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


def _short(value: Json) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}…"
