"""The addresses at which an operation is offered."""

from collections.abc import Iterator

from mockportal.compatibility.schemas.shapes import spell
from mockportal.compatibility.source import Source
from mockportal.values import Record


def servers_at(source: Source, *places: str) -> tuple[list[Record], str]:
    """The servers at the first of the places that names some, and their pointer, empty if none does."""
    for at in places:
        if servers := source.items(at):
            return [source.mapping(server) for server in servers], at
    return [{"url": "/"}], ""


def address(server: Record) -> str:
    """The address with its variables, as a text to compare."""
    kept = {
        name: {key: item[key] for key in ("default", "enum") if key in item}
        for name, item in _variables(server)
    }
    return (
        f"{server.get('url')} {spell(kept)}"
        if isinstance(server.get("variables"), dict)
        else str(server.get("url"))
    )


def base(server: Record) -> str:
    """The address with the defaults of its variables, without a slash at its end."""
    url = str(server.get("url"))
    for name, item in _variables(server):
        url = url.replace(f"{{{name}}}", str(item.get("default", f"{{{name}}}")))
    return url.rstrip("/")


def _variables(server: Record) -> Iterator[tuple[str, Record]]:
    variables = server.get("variables")
    for name, item in variables.items() if isinstance(variables, dict) else ():
        if isinstance(item, dict):
            yield str(name), item
