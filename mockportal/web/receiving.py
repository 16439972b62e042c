"""Reading a request: its headers, each once, and its body, whole or not at all.

The API and the control API read theirs alike.
"""

import asyncio
import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from starlette.types import Receive

from mockportal.config import LIMITS
from mockportal.engine.call import Reply

_DIGITS = 15
_SHOWN = 100
_PLAIN_HOST = re.compile(r"[A-Za-z0-9._~-]*(:[0-9]{1,4})?")
_HOST = re.compile(r"([A-Za-z0-9._~%!$&'()*+;=-]*|\[[0-9A-Fa-f:.]+\])(:[0-9]{0,5})?")


class TooLarge(Exception):
    """The body is beyond the limit."""


class WrongLength(Exception):
    """The body has another length than `Content-Length` says, or that header is no number."""


class BrokenOff(Exception):
    """The client is gone before its request was whole, so nothing of it counts."""


def headers_of(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """The headers by name. Several lines of one name are one list (RFC 9110), cookies one cookie string."""
    lines = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in raw]
    headers = dict(lines)
    if len(headers) < len(lines):
        headers = {}
        for name, value in lines:
            separator = "; " if name == "cookie" else ", "
            headers[name] = f"{headers[name]}{separator}{value}" if name in headers else value
    return headers


def bad_address(headers: Mapping[str, str]) -> str:
    """The problem with the `Host` or `Origin` header, which everybody behind takes for addresses; "" for none."""
    host, origin = headers.get("host", ""), headers.get("origin")
    if not _PLAIN_HOST.fullmatch(host) and not _is_authority(host):
        return f"the Host header {host[:_SHOWN]!r} is not a host and port"
    if origin is not None and origin != "null":
        scheme, found, authority = origin.partition("://")
        if not (scheme and found and _is_authority(authority)):
            return f"the Origin header {origin[:_SHOWN]!r} is not an origin such as https://shop.example"
    return ""


def is_foreign(headers: Mapping[str, str]) -> bool:
    """True if a page of another origin sends the request. One that loads an image sends no `Origin`, but browsers then
    tell with `Sec-Fetch-Site`; a link that somebody follows is no request of a page."""
    origin = headers.get("origin")
    if origin is not None:
        return origin.partition("://")[2] != headers.get("host")
    elsewhere = headers.get("sec-fetch-site") in ("cross-site", "same-site")
    return elsewhere and headers.get("sec-fetch-dest") != "document"


def _is_authority(text: str) -> bool:
    """True for a host with or without a port that `urlsplit` can read."""
    try:
        return _HOST.fullmatch(text) is not None and (urlsplit(f"//{text}").port or 0) >= 0
    except ValueError:
        return False


async def received(
    receive: Receive, headers: Mapping[str, str], limit: str = "body"
) -> tuple[bytes, Reply | None]:
    """The body, or the refusal for one that is larger than a limit, too slow or of a wrong length.

    Raises `BrokenOff`.
    """
    try:
        return await _body(receive, headers, getattr(LIMITS, limit)), None
    except TooLarge:
        return b"", _refusal(*LIMITS.refusal(limit))
    except TimeoutError:
        return b"", _refusal(*LIMITS.refusal("body_seconds"))
    except WrongLength:
        return b"", _refusal(400, "the body has another length than its Content-Length says")


async def _body(receive: Receive, headers: Mapping[str, str], most: int) -> bytes:
    """The whole body, counted while it comes in. Raises `TooLarge`, `TimeoutError`, `WrongLength`, `BrokenOff`."""
    promised = _promised(headers)
    if promised is None and "transfer-encoding" not in headers:
        return b""  # HTTP: without either there is none
    if promised is not None and promised > most:
        raise TooLarge
    parts, size = [], 0
    async with asyncio.timeout(LIMITS.body_seconds):
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise BrokenOff
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > most:
                raise TooLarge
            if not message.get("more_body"):
                break
    if promised is not None and size != promised:
        raise WrongLength
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _promised(headers: Mapping[str, str]) -> int | None:
    """The length that a body is said to have, in bytes. Raises `TooLarge`, `WrongLength`."""
    length = headers.get("content-length")
    if length is None or "transfer-encoding" in headers:  # HTTP: which makes the length void
        return None
    if not (length.isascii() and length.isdigit()):
        raise WrongLength
    if len(length) > _DIGITS:
        raise TooLarge
    return int(length)


def _refusal(status: int, message: str) -> Reply:
    return Reply(status, {"message": message}, answered_by="limit")
