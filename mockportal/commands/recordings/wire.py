"""One request over HTTP: no redirect is followed, and no proxy asked."""

from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import NamedTuple
from urllib.parse import urlsplit

from mockportal.errors import UsageError

_SECONDS = 130.0  # longer than any answer that a rule delays


class NotAnswered(Exception):
    """No whole answer came; `str()` says why."""


class Answered(NamedTuple):
    """Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes


def ask(
    base: str, method: str, target: str, headers: Mapping[str, str] | None = None, body: bytes = b""
) -> Answered:
    """The answer of a server at an address. Raises `NotAnswered`."""
    parts = urlsplit(base)
    make = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = make(parts.hostname or "", parts.port, timeout=_SECONDS)
    try:
        connection.request(method, parts.path.rstrip("/") + target, body or None, dict(headers or {}))
        answer = connection.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        return Answered(answer.status, told, answer.read())
    except (OSError, HTTPException) as error:
        raise NotAnswered(str(error) or type(error).__name__) from None
    finally:
        connection.close()


def address(flag: str, url: str) -> str:
    """A URL without its last slash. Raises `UsageError`."""
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError as error:
        raise UsageError(flag, str(error)) from None
    if not known or parts.query or parts.fragment or parts.username is not None:
        raise UsageError(flag, f"{url!r} is not an address such as http://127.0.0.1:8080")
    return url.rstrip("/")
