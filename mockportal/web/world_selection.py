"""The world of a request: named by header, base path `/@NAME` or host `NAME.localhost`, else `main`."""

import re
from collections.abc import Mapping

from mockportal.mock import MAIN

_NAME = re.compile(r"[a-z0-9-]{1,63}")
_HEADER = "x-mockportal-world"
_SUFFIX = ".localhost"


class BadWorld(ValueError):
    """The request names no world that could exist."""


def check_world_name(name: str) -> None:
    """Raises `BadWorld` for a name that no world can have."""
    if _NAME.fullmatch(name) is None:
        raise BadWorld(f"{name!r} is not a name of a world: use 1 to 63 of a-z, 0-9 and -")


def select_world(path: str, headers: Mapping[str, str], required: bool) -> tuple[str, str, str]:
    """(world, rest of the path, base path that was cut off). Raises `BadWorld`."""
    prefix, rest = "", path
    if path.startswith("/@"):
        prefix, _, tail = path[1:].partition("/")
        prefix, rest = f"/{prefix}", f"/{tail}"
    host = headers.get("host", "").rsplit(":", 1)[0].lower()
    if _HEADER in headers:
        name = headers[_HEADER]
    elif prefix:
        name = prefix[2:]
    elif host.endswith(_SUFFIX):
        name = host.removesuffix(_SUFFIX)
    elif required:
        raise BadWorld("name a world: header X-Mockportal-World, base path /@NAME or host NAME.localhost")
    else:
        return MAIN, rest, prefix
    check_world_name(name)
    return name, rest, prefix
