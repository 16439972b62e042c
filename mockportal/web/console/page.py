"""The files of the console: a page and what it loads. They hold no data, so they need no token."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

PREFIX = "/console/"
_FOLDER = Path(__file__).parent / "static"
_TYPES: Mapping[str, str] = MappingProxyType(
    {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
)
_FILES = frozenset(
    path.relative_to(_FOLDER).as_posix() for path in _FOLDER.rglob("*") if path.suffix in _TYPES
)
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": _POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cache-Control": "no-cache",
    }
)


async def page(_: Request) -> Response:
    """The console."""
    return _file("index.html")


async def asset(request: Request) -> Response:
    """A script, style or picture of the console."""
    return _file(request.path_params["file"])


def is_page(path: str) -> bool:
    """True for a path below the control API that leads to a file of the console."""
    return path in ("", "/") or path.startswith(PREFIX)


def _file(name: str) -> Response:
    if name not in _FILES:
        raise HTTPException(404, f"the console has no file {name!r}")
    path = _FOLDER / name
    media_type = f"{_TYPES[path.suffix]}; charset=utf-8"
    return Response(path.read_bytes(), headers=_HEADERS, media_type=media_type)


ROUTES = (
    Route("/", page, methods=["GET"]),
    Route(f"{PREFIX}{{file:path}}", asset, methods=["GET"]),
)
