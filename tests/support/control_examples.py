"""The examples in the document of the control API, as requests."""

from urllib.parse import quote, urlencode

from mockportal.values import Json
from mockportal.web.document.assembly import ControlOperation

BASE = "/__mockportal"


def target_of(one: ControlOperation) -> str:
    """The path and the query of an example."""
    path = one.path
    for name, value in one.example["path"].items():
        path = path.replace(f"{{{name}}}", quote(str(value)))
    query = urlencode(one.example["query"])
    return f"{BASE}{path}?{query}" if query else f"{BASE}{path}"


def fits(shown: Json, came: Json) -> bool:
    """True if a value is as shown: objects and lists may be shortened, and texts where they end in `…`."""
    if isinstance(shown, dict):
        return isinstance(came, dict) and all(
            name in came and fits(value, came[name]) for name, value in shown.items()
        )
    if isinstance(shown, list):
        return (
            isinstance(came, list) and len(shown) <= len(came) and all(map(fits, shown, came[: len(shown)]))
        )
    if isinstance(shown, str) and shown.endswith("…"):
        return isinstance(came, str) and came.startswith(shown[:-1])
    return bool(shown == came) and type(shown) is type(came)
