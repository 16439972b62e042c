"""Exchanges as an HTTP Archive, HAR 1.2: a file that browsers and proxies can show. Secrets are hidden."""

import base64
from collections.abc import Callable, Iterable
from urllib.parse import quote

from mockportal.engine.call import Exchange
from mockportal.engine.journal import brief
from mockportal.http_archive import NO_RESPONSE, archive, request_of, response_of
from mockportal.programs.sending import is_left_out, is_outside, spelled
from mockportal.redaction import REDACTED, Redaction, body_text
from mockportal.values import Record

_ANSWERLESS = frozenset(("reset", "empty", "stall", "malformed"))
_JSON = "application/json"
_OURS = ("n", "operation", "answered_by", "rule")


def har_of(
    exchanges: Iterable[Exchange], address: str, world: str, hiding: Callable[[Exchange], Redaction]
) -> Record:
    """The archive of the requests among these exchanges, to a world of the mock at `address`."""
    requests = (exchange for exchange in exchanges if exchange.request.method)
    entries = [
        _entry(one, address if is_outside(one) else f"{address}/@{world}", hiding(one)) for one in requests
    ]
    return archive(entries)


def _entry(exchange: Exchange, address: str, hide: Redaction) -> Record:
    """An exchange at the time of the world's clock. What HAR has no place for is under `_mockportal`."""
    delay, drip = (round(seconds * 1000) for seconds in (exchange.reply.delay, exchange.reply.drip))
    told = brief(exchange)
    return {
        "startedDateTime": exchange.at,
        "time": delay + drip,
        "request": _request(exchange, address, hide),
        "response": _response(exchange, hide),
        "cache": {},
        "timings": {"send": 0, "wait": delay, "receive": drip},
        "_mockportal": {name: told[name] for name in _OURS} | {"as": hide.text(exchange.caller) or None},
    }


def _request(exchange: Exchange, address: str, hide: Redaction) -> Record:
    request = exchange.request
    path = spelled(hide.path(request.path, request.path_params))
    query = spelled(hide.query(request.query))
    mark = "?" if query else ""
    url = f"{address}{path}{mark}{query}".replace(REDACTED, quote(REDACTED))
    cookies = request.headers.get("cookie", "").split(";")
    headers = hide.headers(request.headers).items()
    data = _post_data(exchange, hide) if request.body else None
    return request_of(request.method, url, headers, cookies, len(request.body), data)


def _post_data(exchange: Exchange, hide: Redaction) -> Record:
    """The body; HAR knows no encoding here, so one that is no text has a key of its own for it."""
    request = exchange.request
    media_type = request.headers.get("content-type", "")
    if is_left_out(exchange, request.body):
        return {"mimeType": media_type, "params": [], "text": "", "comment": request.body.decode()}
    body = body_text(request.body, media_type, hide)
    if body.codec == "utf-8":
        return {"mimeType": media_type, "params": [], "text": body.safe}
    coded = _base64(body.safe, body.codec)
    return {"mimeType": media_type, "params": [], "text": coded, "_encoding": "base64"}


def _response(exchange: Exchange, hide: Redaction) -> Record:
    reply, status = exchange.reply, exchange.reply.status
    if reply.fault in _ANSWERLESS:
        return {**NO_RESPONSE, "comment": f"the connection was broken on purpose: {reply.fault}"}
    given = {name.lower(): value for name, value in reply.headers.items()}
    headers = ({"content-type": _JSON} if exchange.content else {}) | given
    content = _content(exchange, headers.get("content-type", ""), hide)
    cookies, location = [given.get("set-cookie", "")], hide.text(given.get("location", ""))
    return response_of(status, hide.headers(headers).items(), cookies, content, _size(exchange), location)


def _size(exchange: Exchange) -> int:
    """The bytes of the body; -1 where they are not known any more."""
    if exchange.request.method == "HEAD":
        return 0
    return -1 if is_left_out(exchange, exchange.content) else len(exchange.content)


def _content(exchange: Exchange, media_type: str, hide: Redaction) -> Record:
    content = exchange.content
    if exchange.request.method == "HEAD" or not content:
        return {"size": 0, "mimeType": media_type or "x-unknown"}
    if is_left_out(exchange, content):
        return {"size": -1, "mimeType": media_type, "comment": content.decode()}
    body = body_text(content, media_type, hide)
    told = {"size": len(content), "mimeType": media_type}
    if body.codec == "utf-8":
        return told | {"text": body.safe}
    return told | {"text": _base64(body.safe, body.codec), "encoding": "base64"}


def _base64(text: str, codec: str) -> str:
    return base64.b64encode(text.encode(codec)).decode()
