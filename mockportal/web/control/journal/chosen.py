"""The entries of a journal that a query of the control API asks for."""

import re
from collections.abc import Collection, Mapping

from starlette.exceptions import HTTPException

from mockportal.engine.call import Exchange
from mockportal.engine.journal import Journal
from mockportal.errors import hint
from mockportal.web.control.input import number_of

_PARAMETERS = ("operation", "status", "after", "limit")
_STATUS = re.compile("[1-5]([0-9]{2}|xx)", re.ASCII)


def chosen(journal: Journal, query: Mapping[str, str], operations: Collection[str]) -> list[Exchange]:
    """The newest `limit` entries that fit `operation`, `status` (`404` or `4xx`) and `after`, oldest first.

    Raises `HTTPException` for a parameter, or an operation, that there is not.
    """
    _check(query, operations)
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


def _check(query: Mapping[str, str], operations: Collection[str]) -> None:
    for name in query:
        if name not in _PARAMETERS:
            known = ", ".join(_PARAMETERS)
            raise HTTPException(400, f"unknown parameter {name!r}{hint(name, _PARAMETERS)} (known: {known})")
    operation = query.get("operation")
    if operation is not None and operation not in operations:
        raise HTTPException(400, f"there is no operation {operation!r}{hint(operation, operations)}")
    if not _STATUS.fullmatch(query.get("status", "200")):
        raise HTTPException(400, f"status {query['status']!r} is neither like 404 nor like 4xx")
