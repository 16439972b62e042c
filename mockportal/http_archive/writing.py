"""The parts of an HTTP Archive. Whoever writes one takes the secrets out before; only cookies are hidden here."""

from collections.abc import Iterable, Iterator
from http.client import responses
from typing import Final
from urllib.parse import unquote_plus

from mockportal import __version__
from mockportal.redaction import REDACTED
from mockportal.values import Record

NO_RESPONSE: Final[Record] = {
    "status": 0,
    "statusText": "",
    "httpVersion": "HTTP/1.1",
    "cookies": [],
    "headers": [],
    "content": {"size": 0, "mimeType": "x-unknown"},
    "redirectURL": "",
    "headersSize": -1,
    "bodySize": -1,
}


def archive(entries: list[Record]) -> Record:
    """The whole file."""
    return {
        "log": {
            "version": "1.2",
            "creator": {"name": "mockportal", "version": __version__},
            "entries": entries,
        }
    }


def request_of(
    method: str,
    url: str,
    headers: Iterable[tuple[str, str]],
    cookies: Iterable[str],
    size: int,
    post_data: Record | None,
) -> Record:
    """A request of an entry; `size` is that of its body, which is in `post_data` if there is one, and `cookies` are
    texts like `name=value`, of which only the names are told."""
    told: Record = {
        "method": method,
        "url": url,
        "httpVersion": "HTTP/1.1",
        "cookies": [*_cookies(cookies)],
        "headers": headers_of(headers),
        "queryString": [*_pairs(url.partition("?")[2])],
        "headersSize": -1,
        "bodySize": size,
    }
    return told if post_data is None else told | {"postData": post_data}


def response_of(
    status: int,
    headers: Iterable[tuple[str, str]],
    cookies: Iterable[str],
    content: Record,
    size: int,
    location: str,
) -> Record:
    """An answer of an entry; `size` is that of its body, -1 if it is not known, and `cookies` as in a request."""
    return {
        "status": status,
        "statusText": responses.get(status, ""),
        "httpVersion": "HTTP/1.1",
        "cookies": [*_cookies(cookies)],
        "headers": headers_of(headers),
        "content": content,
        "redirectURL": location,
        "headersSize": -1,
        "bodySize": size,
    }


def headers_of(headers: Iterable[tuple[str, str]]) -> list[Record]:
    """`[{"name": "accept", "value": "*/*"}]`"""
    return [{"name": name, "value": value} for name, value in headers]


def _cookies(pairs: Iterable[str]) -> Iterator[Record]:
    """The names of cookies; their values are secrets, whatever they are."""
    for pair in pairs:
        name, equals, _ = pair.strip().partition("=")
        if equals:
            yield {"name": name, "value": REDACTED}


def _pairs(query: str) -> Iterator[Record]:
    for pair in filter(None, query.split("&")):
        name, _, value = pair.partition("=")
        yield {"name": unquote_plus(name), "value": unquote_plus(value)}
