"""The differences of an answer from what an entry expects of it."""

import hashlib
from collections.abc import Iterator

from mockportal.engine.call import Reply
from mockportal.files.pointers import escape, leads_somewhere, resolve
from mockportal.state.rules.conditions import holds
from mockportal.values import Json, Record, encode

# What was expected, and what came.
Difference = tuple[str, str]

_LONGEST = 300


def differences(entry: Record, body: Json, reply: Reply, content: bytes) -> Iterator[Difference]:
    """Everything in which an answer differs from an entry that wants this body; of another status nothing else."""
    if reply.status != entry["status"]:
        yield f"status {entry['status']}", f"status {reply.status} with {short(reply.body)}"
        return
    if reply.fault != entry.get("fault", reply.fault):
        yield f"the fault {entry['fault']}", f"the fault {reply.fault}" if reply.fault else "a whole answer"
    headers = {name.lower(): value for name, value in reply.headers.items()}
    for name, value in entry.get("headers", {}).items():
        if headers.get(name.lower()) != value:
            yield f"{value!r} in the header {name}", repr(headers.get(name.lower()))
    if "body" in entry and not holds(body, reply.body):
        at, wanted, value = _difference(body, reply.body, "")
        yield f"{short(wanted)} at body{at}", value
    elif entry.get("exact") and content != encode(body):
        at, came = next(_surplus(body, reply.body, ""), ("", f"{short(reply.body)}, spelled otherwise"))
        yield f"nothing else at body{at}", came
    digest = hashlib.sha256(content).hexdigest()
    if digest != entry.get("sha256", digest):
        yield f"{entry['sha256']} as SHA-256 of the body", digest
    for at in entry.get("without", ()):
        for value in found(reply.body, at):
            yield f"nothing at body{at}", short(value)
    for at, length in entry.get("length", {}).items():
        if not any(isinstance(value, list) and len(value) == length for value in found(reply.body, at)):
            yield f"{length} items at body{at}", _told(found(reply.body, at))


def found(body: Json, at: str) -> list[Json]:
    """The value at a pointer, if there is one."""
    return [resolve(body, at)] if leads_somewhere(body, at) else []


def short(value: Json) -> str:
    """A value in one line, shortened; bytes as the text that they may be."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else encode(value).decode()
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _told(values: list[Json]) -> str:
    if not values:
        return "nothing"
    value = values[0]
    return f"{len(value)}: {short(value)}" if isinstance(value, list) else short(value)


def _difference(wanted: Json, value: Json, at: str) -> tuple[str, Json, str]:
    """The pointer to the first part of `wanted` that does not hold, that part, and what there is instead."""
    if isinstance(wanted, dict) and isinstance(value, dict):
        name = next(key for key, item in wanted.items() if key not in value or not holds(item, value[key]))
        if name not in value:
            return f"{at}/{escape(name)}", wanted[name], f"nothing in {short(value)}"
        return _difference(wanted[name], value[name], f"{at}/{escape(name)}")
    if isinstance(wanted, list) and isinstance(value, list) and len(wanted) == len(value):
        pairs = enumerate(zip(wanted, value, strict=True))
        number = next(number for number, (item, other) in pairs if not holds(item, other))
        return _difference(wanted[number], value[number], f"{at}/{number}")
    if isinstance(wanted, list) and isinstance(value, list):
        return at, wanted, f"{short(value)} ({_counts(wanted, value)})"
    return at, wanted, short(value)


def _surplus(wanted: Json, value: Json, at: str) -> Iterator[tuple[str, str]]:
    """The pointers to what a value has on top of `wanted`, which it contains, each with what is there."""
    if isinstance(wanted, dict) and isinstance(value, dict):
        for name, item in value.items():
            if name not in wanted:
                yield f"{at}/{escape(name)}", short(item)
            else:
                yield from _surplus(wanted[name], item, f"{at}/{escape(name)}")
    elif isinstance(wanted, list) and isinstance(value, list):
        for number, (one, other) in enumerate(zip(wanted, value, strict=False)):
            yield from _surplus(one, other, f"{at}/{number}")


def _counts(wanted: list[Json], value: list[Json]) -> str:
    """`2 expected, 1 came; missing: {"id":"b"}`"""
    missing = [item for item in wanted if not any(holds(item, other) for other in value)]
    surplus = [other for other in value if not any(holds(item, other) for item in wanted)]
    told = [f"{len(wanted)} expected, {len(value)} came"]
    told += [f"missing: {', '.join(map(short, missing))}"] if missing else []
    told += [f"not expected: {', '.join(map(short, surplus))}"] if surplus else []
    return "; ".join(told)
