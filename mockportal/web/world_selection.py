"""The world of a request, by whatever can name one, else `main`. What names it survives proxies and page servers."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from mockportal.engine.call import Request
from mockportal.engine.signing import verified_claims
from mockportal.values import Record
from mockportal.worlds import MAIN

_NAME = re.compile(r"[a-z0-9-]{1,63}")
_HEADER = "x-mockportal-world"
_SUFFIX = ".localhost"
_ENTRY = "mockportal-world"  # of cookies and of baggage
_WAYS = (
    "header X-Mockportal-World, base path /@NAME, host NAME.localhost, cookie or baggage entry mockportal-world, "
    "or a token that was minted for a world"
)


class BadWorld(ValueError):
    """The request names no world that could exist."""


def check_world_name(name: str) -> None:
    """Raises `BadWorld` for a name that no world can have."""
    if _NAME.fullmatch(name) is None:
        raise BadWorld(f"{name!r} is not a name of a world: use 1 to 63 of a-z, 0-9 and -")


class NamedWorlds(NamedTuple):
    """The worlds that headers name, before and after the path of a request: our own header, and those that every client
    may send. None where none does."""

    first: str | None
    last: str | None


def names_in(headers: Mapping[str, str]) -> NamedWorlds:
    """The worlds that headers name."""
    return NamedWorlds(headers.get(_HEADER), next(_named(headers), None))


def select_world(path: str, names: NamedWorlds, required: bool) -> tuple[str, str, str]:
    """(world, rest of the path, base path that was cut off). The first way that names a world counts: header, base
    path, host, cookie, baggage, token. Raises `BadWorld`, also if none does and one is `required`."""
    prefix, rest = "", path
    if path.startswith("/@"):
        prefix, _, tail = path[1:].partition("/")
        prefix, rest = f"/{prefix}", f"/{tail}"
    name = names.first
    if name is None:
        name = prefix[2:] if prefix else names.last
    if name is None:
        if required:
            raise BadWorld(f"name a world: {_WAYS}")
        return MAIN, rest, prefix
    check_world_name(name)
    return name, rest, prefix


def world_addresses(name: str, base_url: str) -> Record:
    """Each way to name a world: `{base_path, host, header, cookie, baggage}`, the first two as URLs of the mock at
    `base_url`, the others as `Name: value` of a header."""
    url = urlsplit(base_url)
    port = f":{url.port}" if url.port else ""
    return {
        "base_path": f"{base_url}/@{name}",
        "host": f"{url.scheme}://{name}{_SUFFIX}{port}{url.path}",
        "header": f"X-Mockportal-World: {name}",
        "cookie": f"Cookie: {_ENTRY}={name}",
        "baggage": f"baggage: {_ENTRY}={name}",
    }


def _named(headers: Mapping[str, str]) -> Iterator[str]:
    """The names in the headers that every client may send."""
    host = _world_of_host(headers.get("host", "").rsplit(":", 1)[0])
    if host:
        yield host
    if "cookie" in headers:
        yield from (value.strip('"') for value in Request("", "", headers=headers).cookies(_ENTRY))
    if "baggage" in headers:
        yield from _in_baggage(headers["baggage"])
    if "authorization" in headers:
        yield from _of_token(headers["authorization"].rpartition(" ")[2])


def _in_baggage(baggage: str) -> Iterator[str]:
    """The values of our entry: `other=1, mockportal-world=demo;property`, percent-encoded (W3C Baggage)."""
    for member in baggage.split(","):
        key, _, value = member.partition(";")[0].partition("=")
        if key.strip() == _ENTRY:
            yield unquote(value.strip())


def _of_token(token: str) -> Iterator[str]:
    """The world that a token was minted for: its issuer is the address of that world."""
    if token.count(".") != 2:
        return
    try:
        issuer = urlsplit(str((verified_claims(token) or {}).get("iss", "")))
    except ValueError:
        return
    start = next((step for step in issuer.path.split("/") if step.startswith("@")), "")
    name = start[1:] or _world_of_host(issuer.hostname or "")
    if name and _NAME.fullmatch(name):
        yield name


def _world_of_host(host: str) -> str:
    host = host.lower()
    return host.removesuffix(_SUFFIX) if host.endswith(_SUFFIX) else ""
