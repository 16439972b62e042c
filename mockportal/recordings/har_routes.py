"""The operations that the entries of an archive call, and the reasons for those that call none.

An API may be recorded below a base path, such as that of a proxy: for each host it is the one with the most calls.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import SplitResult

from mockportal.recordings.har_file import HarEntry, Unusable
from mockportal.spec.operations import Operation
from mockportal.spec.routes import BadPath, Route, Routes

_STATIC = (
    ".avif", ".css", ".gif", ".html", ".ico", ".jpeg", ".jpg", ".js", ".map", ".mjs", ".mp4", ".otf", ".png", ".svg",
    ".ttf", ".wasm", ".webmanifest", ".webp", ".woff", ".woff2",
)  # fmt: skip
_STATIC_MEDIA = ("font/", "image/", "text/css", "text/html", "text/javascript", "application/javascript")
_OURS = {
    "__mockportal": "it is a request to the control API",
    "__services": "it is a request to a service beside the API",
}
_MOST_STEPS = 20
_ANSWERED = range(200, 600)
_NOT_MODIFIED = 304

# The base path of each host; "" where paths begin as in the document.
Bases = Mapping[str, str]


def bases_of(entries: Iterable[HarEntry], routes: Routes) -> Bases:
    """The base path of every host to which one of the entries may be an answered call."""
    votes: dict[str, Counter[str]] = {}
    for entry in entries:
        for base in _possible(entry, routes):
            votes.setdefault(_host(entry.url), Counter())[base] += 1
    return {host: max(found, key=lambda base: (found[base], -len(base))) for host, found in votes.items()}


def called(entry: HarEntry, bases: Bases, routes: Routes) -> tuple[Operation, Mapping[str, str], str]:
    """The operation that an entry calls, the parameters in its path, and that path without the base. Raises
    `Unusable`."""
    if entry.problem:
        raise Unusable(entry.problem)
    if entry.url.scheme not in ("http", "https"):
        raise Unusable("it is not an HTTP request")
    if entry.method == "OPTIONS":
        raise Unusable("it is a preflight")
    base = bases.get(_host(entry.url))
    path = entry.url.path
    route = None if base is None or not path.startswith(f"{base}/") else _route(path[len(base) :], routes)
    found = None if route is None else route.operation(entry.method)
    if base is None or found is None:
        raise Unusable(_reason(entry, base, route))
    if entry.method == "HEAD":
        raise Unusable("a step cannot be a HEAD")
    if entry.status not in _ANSWERED:
        raise Unusable("it has no answer" if entry.status == 0 else f"its status is {entry.status}")
    if entry.status == _NOT_MODIFIED:
        raise Unusable("it was answered from a cache (304)")
    return *found, path[len(base) :]


def _reason(entry: HarEntry, base: str | None, route: Route | None) -> str:
    path = entry.url.path
    ours = next((reason for name, reason in _OURS.items() if f"/{name}/" in f"{path}/"), None)
    if ours is not None:
        return ours
    if route is not None:
        return f"its path takes {route.allow}, not {entry.method}"
    if path.lower().endswith(_STATIC) or entry.media.lower().startswith(_STATIC_MEDIA):
        return "it is a static file"
    if base is None:
        return f"{_host(entry.url) or 'its address'} is another host"
    return f"there is no such path{f' below {base}' if base else ''}"


def _possible(entry: HarEntry, routes: Routes) -> Iterator[str]:
    """The base paths below which the entry calls an operation."""
    if entry.problem or entry.method == "OPTIONS" or entry.status not in _ANSWERED:
        return
    path = entry.url.path
    starts = [place for place, letter in enumerate(path) if letter == "/"][:_MOST_STEPS]
    for start in starts:
        route = _route(path[start:], routes)
        if route is not None and route.operation(entry.method) is not None:
            yield path[:start]


def _route(path: str, routes: Routes) -> Route | None:
    try:
        return routes.find(path)
    except BadPath:
        return None


def _host(url: SplitResult) -> str:
    return url.netloc.rpartition("@")[2].lower()
