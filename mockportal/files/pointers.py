"""JSON pointers (RFC 6901), made and followed."""

import re
from typing import Any
from urllib.parse import quote, unquote

_SAFE = "/~:@"
_INDEX = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)


def escape(token: str) -> str:
    """One step of a JSON pointer."""
    return token.replace("~", "~0").replace("/", "~1")


def pointer_to(*tokens: object) -> str:
    """`pointer_to("paths", "/a")` is `/paths/~1a`."""
    return "".join("/" + escape(str(token)) for token in tokens)


def reference_to(at: str) -> str:
    """`#/paths/~1a~1%7Bid%7D`: a reference to a JSON pointer, with the characters that a URI does not have encoded."""
    return "#" + quote(at, safe=_SAFE)


def target_of(reference: str) -> str:
    """The JSON pointer of a reference within a document."""
    return unquote(reference.removeprefix("#"))


def tokens_of(at: str) -> tuple[str, ...]:
    """The steps of a JSON pointer: `/paths/~1a` has `paths` and `/a`."""
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in at.split("/")[1:])


def resolve(document: Any, at: str) -> Any:
    """The value at a JSON pointer. Raises `LookupError`."""
    value = document
    for name in tokens_of(at):
        value = _step(value, name)
    return value


def leads_somewhere(document: Any, at: str) -> bool:
    """True if a document has something at a JSON pointer."""
    try:
        resolve(document, at)
    except LookupError:
        return False
    return True


def _step(value: Any, name: str) -> Any:
    if isinstance(value, list) and not _INDEX.fullmatch(name):
        raise LookupError(f"{name!r} is not a position in a list")
    try:
        return value[int(name)] if isinstance(value, list) else value[name]
    except TypeError:  # a number, a text or nothing has no inside
        raise LookupError(f"there is nothing at {name!r}") from None
