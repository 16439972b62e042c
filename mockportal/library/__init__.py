"""The mock in a Python program: served from a thread, mounted in an application, or in process without a socket."""

from mockportal.library.choices import asgi_app
from mockportal.library.serving import Served, serve
from mockportal.library.world_client import WorldClient as Client

__all__ = ["Client", "Served", "asgi_app", "serve"]
