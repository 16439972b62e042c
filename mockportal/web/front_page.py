"""The page at `/`: a sentence about this server, and links, for people as HTML and for programs as JSON.

A document that has an operation `GET /` of its own keeps it.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from mockportal import __version__
from mockportal.engine.call import Reply, Request
from mockportal.engine.engine import SERVICES
from mockportal.mock import Mock
from mockportal.values import Record

_CONTROL = "/__mockportal"
_ABOUT = "An offline mock of this API: nothing here is real, and nothing leaves this machine."
_MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "health": "what this server runs",
        "worlds": "all worlds that have been used",
        "state": "every record of this world",
        "journal": "every request and its answer",
        "clock": "the time in this world",
        "outbox": "mails that would have been sent",
    }
)
_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
)


def front_page(mock: Mock, request: Request, world: str) -> Reply:
    """Introduces this server: with a small page to a browser, and in JSON to everybody else."""
    found = _facts(mock, request, world)
    if not _wants_html(request.headers.get("accept", "")):
        return Reply(200, found, {"Vary": "Accept"}, "router")
    page = _PAGES.get_template("front_page.html").render(meanings=_MEANINGS, **found)
    headers = {"Content-Type": "text/html; charset=utf-8", "Vary": "Accept"}
    return Reply(200, page.encode(), headers, "router")


def _facts(mock: Mock, request: Request, world: str) -> Record:
    known = mock.worlds.find(world)
    info = mock.spec.document.get("info") or {}
    return {
        "name": "mockportal",
        "version": __version__,
        "title": str(info.get("title") or "mockportal"),
        "about": _ABOUT,
        "scenario": (known or mock.world()).scenario.name,
        "operations": len(mock.spec.operations),
        "links": dict(_links(request, world)),
        "services": {name: f"{request.base_url}{SERVICES}{name}" for name in mock.api.services},
    }


def _links(request: Request, world: str) -> Iterator[tuple[str, str]]:
    """Addresses of the control API, which stands at the root of the server, whatever the world."""
    prefix = f"/@{world}" if request.base_url.endswith(f"/@{world}") else ""
    root = request.base_url.removesuffix(prefix)
    yield "health", f"{root}{_CONTROL}/health"
    yield "worlds", f"{root}{_CONTROL}/worlds"
    for name in ("state", "journal", "clock", "outbox"):
        yield name, f"{root}{_CONTROL}/worlds/{world}/{name}"


def _wants_html(accept: str) -> bool:
    """True if HTML is named, and not after JSON."""
    types = [part.partition(";")[0].strip().lower() for part in accept.split(",")]
    if "text/html" not in types:
        return False
    return "application/json" not in types or types.index("text/html") < types.index("application/json")
