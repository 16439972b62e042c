"""HTTP Archives as browsers and proxies write them: entries with what a step needs, or with the reason against it."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, urlencode, urlsplit

from mockportal.errors import one_line
from mockportal.files.text import UnusableFile, read_text
from mockportal.json_tree import at
from mockportal.redaction import redaction
from mockportal.values import Json, Record, decode

_LARGEST = 512 * 1024 * 1024
_LONGEST = 160
_FORM = "application/x-www-form-urlencoded"


class Unusable(Exception):
    """An entry that cannot be a step; the text says why."""


@dataclass(frozen=True, slots=True)
class HarEntry:
    """A request of an archive, and its answer.

    number:  its place in the file, from 1
    headers: of the request, names in lower case
    body:    of the request
    status:  of the answer; 0 if there is none
    content: the body of the answer; None if the archive does not have it
    media:   the media type of the answer
    alias:   the name of the caller, in an archive of ours
    problem: the reason why it cannot be used; "" for none
    """

    number: int
    method: str = ""
    url: SplitResult = field(default_factory=lambda: urlsplit(""))
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    status: int = 0
    content: bytes | None = None
    media: str = ""
    alias: str = ""
    problem: str = ""

    def __str__(self) -> str:
        """`GET https://api.example.test/orders?page=2`, short, without secrets."""
        target = redaction(()).target(self.url.geturl())
        shown = target if len(target) <= _LONGEST else f"{target[:_LONGEST]}…"
        return one_line(f"{self.method} {shown}".strip())


def har_entries(path: Path) -> list[HarEntry]:
    """The entries of an archive in their order. Raises `UnusableFile`."""
    text = read_text(path, _LARGEST)
    try:
        archive = decode(text.encode())
    except ValueError as error:
        raise UnusableFile(str(path), f"is not JSON: {error}") from None
    entries = at(archive, "log", "entries")
    if not isinstance(entries, list):
        raise UnusableFile(str(path), "is not an HTTP Archive: there is no list at /log/entries")
    return [_entry(number, raw) for number, raw in enumerate(entries, 1)]


def _entry(number: int, raw: Json) -> HarEntry:
    method, address = at(raw, "request", "method"), at(raw, "request", "url")
    if not isinstance(method, str) or not isinstance(address, str):
        return HarEntry(number, problem="it is no entry of an archive: it has no request with method and url")
    try:
        url = urlsplit(address)
    except ValueError as error:
        return HarEntry(number, method, problem=f"its url cannot be read: {error}")
    headers = _headers(at(raw, "request", "headers"))
    alias, status = at(raw, "_mockportal", "as"), at(raw, "response", "status")
    media = at(raw, "response", "content", "mimeType")
    try:
        body, problem = _posted(at(raw, "request", "postData"), headers), ""
    except Unusable as found:
        body, problem = b"", str(found)
    return HarEntry(
        number,
        method.upper(),
        url,
        headers,
        body,
        status if isinstance(status, int) else 0,
        _content(at(raw, "response", "content")),
        media if isinstance(media, str) else "",
        alias if isinstance(alias, str) else "",
        problem,
    )


def _headers(raw: Json) -> dict[str, str]:
    """The headers by name; those with a colon in front are of HTTP/2, and no headers."""
    pairs = _pairs(raw)
    return {name.lower(): value for name, value in pairs if not name.startswith(":")}


def _pairs(raw: Json) -> list[tuple[str, str]]:
    records = [one for one in raw if isinstance(one, dict)] if isinstance(raw, list) else []
    named = ((one.get("name"), one.get("value")) for one in records)
    return [(name, value) for name, value in named if isinstance(name, str) and isinstance(value, str)]


def _posted(raw: Json, headers: Mapping[str, str]) -> bytes:
    """The body of a request. Raises `Unusable`."""
    if not isinstance(raw, dict):
        return b""
    text, fields = raw.get("text"), raw.get("params")
    if isinstance(text, str) and text:
        return _bytes(text, raw)
    if not isinstance(fields, list) or not fields:
        return b""
    if _FORM not in headers.get("content-type", str(raw.get("mimeType", ""))):
        raise Unusable("the archive has only the names of the parts of its form")
    return urlencode(_pairs(fields)).encode()


def _content(raw: Json) -> bytes | None:
    text = raw.get("text") if isinstance(raw, dict) else None
    if not isinstance(text, str):
        return None
    try:
        return _bytes(text, raw)
    except Unusable:
        return None


def _bytes(text: str, raw: Record) -> bytes:
    """The bytes that a text stands for, in base64 if that is said. Raises `Unusable`."""
    if "base64" not in (raw.get("encoding"), raw.get("_encoding")):
        return text.encode("utf-8", "replace")
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:  # also for letters beyond ASCII
        raise Unusable("its body is no base64") from None
