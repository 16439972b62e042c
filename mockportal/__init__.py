"""An offline, stateful twin of the epilot Portal API.

`Client`, `serve` and `asgi_app` are imported on first use, so that the command line starts without them.
"""

from importlib import import_module
from typing import Any

_LIBRARY = ("Client", "Served", "asgi_app", "serve")


def __getattr__(name: str) -> Any:
    if name in _LIBRARY:
        return getattr(import_module("mockportal.library"), name)
    if name == "__version__":
        return import_module("mockportal.version").installed_version()
    raise AttributeError(f"module 'mockportal' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *_LIBRARY, "__version__"]
