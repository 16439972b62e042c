"""JSON pointers (RFC 6901), made and followed."""

from typing import Any


def escape(token: str) -> str:
    """One step of a JSON pointer."""
    return token.replace("~", "~0").replace("/", "~1")


def pointer_to(*tokens: object) -> str:
    """`pointer_to("paths", "/a")` is `/paths/~1a`."""
    return "".join("/" + escape(str(token)) for token in tokens)


def resolve(document: Any, at: str) -> Any:
    """The value at a JSON pointer. Raises `LookupError`."""
    value = document
    for token in at.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value
