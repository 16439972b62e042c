"""The reference: a bare ASGI application that answers fixed bytes. `uvicorn benchmarks.bare:app`

`/?size=N` answers N bytes, so that an answer of the mock is compared with one of its own length.
"""

from typing import Any

BODIES: dict[bytes, tuple[dict[str, Any], dict[str, Any]]] = {}


def messages(query: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """Start and body of the answer to a query, made once."""
    if query not in BODIES:
        body = b'"' + b"x" * (int(query.partition(b"=")[2] or 500) - 2) + b'"'
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        start = {"type": "http.response.start", "status": 200, "headers": headers}
        BODIES[query] = start, {"type": "http.response.body", "body": body}
    return BODIES[query]


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Reads the request, answers the bytes."""
    if scope["type"] == "http":
        while (await receive()).get("more_body"):
            pass
        start, body = messages(scope["query_string"])
        await send(start)
        await send(body)
