"""An application behind a real socket, for as long as somebody needs it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn


@contextmanager
def served(app: Any, ssl_certfile: Path | None = None) -> Iterator[str]:
    """The address on which `app` answers, with TLS if there is a file of a certificate and its key."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", ssl_certfile=ssl_certfile))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        scheme = "http" if ssl_certfile is None else "https"
        yield f"{scheme}://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
