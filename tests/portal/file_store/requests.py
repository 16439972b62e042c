"""Requests to the file store of a world, without a server."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from mockportal.engine.call import Exchange, Request
from mockportal.testing import Client
from mockportal.values import Json, encode

FILES = "/__services/files"


def ask(
    client: Client,
    method: str,
    url: str,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
) -> Exchange:
    """The exchange for an address of the file store, or for a path below it."""
    parts = urlsplit(url if "://" in url else f"http://127.0.0.1:8080{FILES}{url}")
    request = Request(method, parts.path, parts.query, headers or {}, body)
    return client.mock.engine.serve("files", request, client.world)


def offer(client: Client, **fields: Json) -> Json:
    """The answer to a request for an upload address."""
    exchange = ask(client, "POST", "/upload-url", encode(fields), {"authorization": "Bearer dev-anna"})
    assert exchange.reply.status == 201, exchange.content
    return exchange.reply.body


def upload(client: Client, filename: str, mime_type: str, content: bytes) -> Json:
    """The reference to a file that has been uploaded."""
    offered = offer(client, filename=filename, mime_type=mime_type)
    sent = ask(client, "PUT", offered["upload_url"], content, {"content-type": mime_type})
    assert sent.reply.status == 200, sent.content
    return offered["s3ref"]
