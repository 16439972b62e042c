"""The paths of a document's servers: clients that are made from the document put them before every path."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from mockportal.values import Json

_VARIABLE = re.compile(r"\{([^}]+)\}")


def base_paths(document: dict[str, Any]) -> set[str]:
    """`{"/v1"}` for the server `https://example.org/v1/`, those of single paths and operations included."""
    return {base for server in _servers(document) if (base := _base(server))}


def _servers(document: dict[str, Any]) -> Iterator[Json]:
    holders: list[Json] = [document]
    for item in (document.get("paths") or {}).values():
        holders += [item, *item.values()] if isinstance(item, dict) else []
    for holder in holders:
        servers = holder.get("servers") if isinstance(holder, dict) else None
        yield from servers if isinstance(servers, list) else ()


def _base(server: Json) -> str:
    """The path of one server, its variables filled in; "" if it has none, or no address that could be read."""
    if not isinstance(server, dict) or not isinstance(server.get("url"), str):
        return ""
    variables = server.get("variables")

    def default(found: re.Match[str]) -> str:
        variable = variables.get(found[1]) if isinstance(variables, dict) else None
        return str(variable.get("default", found[0])) if isinstance(variable, dict) else found[0]

    try:
        return urlsplit(_VARIABLE.sub(default, server["url"])).path.rstrip("/")
    except ValueError:
        return ""
