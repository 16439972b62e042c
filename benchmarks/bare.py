"""The reference: a bare ASGI application that answers fixed bytes to everything. `uvicorn benchmarks.bare:app`"""

from typing import Any

BODY = b'{"data":"' + b"x" * 500 + b'"}'
START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"application/json"), (b"content-length", str(len(BODY)).encode())],
}


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Reads the request, answers `BODY`."""
    if scope["type"] == "http":
        while (await receive()).get("more_body"):
            pass
        await send(START)
        await send({"type": "http.response.body", "body": BODY})
