"""The journal as the control API shows it: the entries that were asked for, and one of them whole, secrets hidden."""

from collections.abc import Mapping

from mockportal.engine.call import Exchange
from mockportal.engine.journal import Journal, brief
from mockportal.redaction import safe_body, safe_headers, safe_query
from mockportal.values import Json, Record, decode
from mockportal.web.control.input import number_of


def chosen(journal: Journal, query: Mapping[str, str]) -> list[Exchange]:
    """The newest `limit` entries that fit `operation`, `status` (`404` or `4xx`) and `after`, oldest first."""
    after, limit = number_of(query.get("after", "0"), "after"), number_of(query.get("limit", "1000"), "limit")
    status = query.get("status")
    found = [
        exchange
        for exchange in journal
        if exchange.n > after
        and query.get("operation") in (None, exchange.operation)
        and status in (None, str(exchange.reply.status), f"{exchange.reply.status // 100}xx")
    ]
    return found[-limit:] if limit else []


def whole(exchange: Exchange) -> Record:
    """An entry with its request, its response, and what in it broke the contract."""
    request, reply = exchange.request, exchange.reply
    return brief(exchange) | {
        "request": {
            "method": request.method,
            "path": request.path,
            "query": safe_query(request.query),
            "headers": safe_headers(request.headers),
            "body": _shown(request.body),
        },
        "response": {
            "status": reply.status,
            "headers": safe_headers(reply.headers),
            "body": _shown(exchange.content),
            "delay": reply.delay,
        },
        "violations": [
            violation.to_json() | {"rule": violation.pointer} for violation in exchange.violations
        ],
    }


def _shown(body: bytes) -> Json:
    if not body:
        return None
    try:
        return safe_body(decode(body))
    except ValueError:
        return body[:2000].decode("utf-8", "replace")
