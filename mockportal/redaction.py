"""Secrets taken out of what the journal and the log show. The exchange itself keeps them: a replay needs them."""

import re
from collections.abc import Mapping

from mockportal.values import Json, Record

REDACTED = "[redacted]"

_HEADERS = frozenset(("authorization", "cookie", "set-cookie", "x-api-key"))
_SECRET = re.compile(r"(?i)^(.*(password|secret|api_?key)|(.*_)?token|(access|refresh|id)token)$")
_POLICY = frozenset(("password_policy", "passwordless_login", "has_client_secret"))
_QUERY = re.compile(r"(?i)((?:^|&)[^=&]*(?:token|password|secret)[^=&]*=)[^&]+")


def safe_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers with credentials hidden; of an `authorization` the scheme stays."""
    safe = dict(headers)
    for name, value in headers.items():
        if name.lower() in _HEADERS:
            scheme = f"{value.split(' ', 1)[0]} " if name.lower() == "authorization" else ""
            safe[name] = scheme + REDACTED
    return safe


def safe_query(query: str) -> str:
    """A raw query string with the values of secret-named parameters hidden."""
    return _QUERY.sub(rf"\1{REDACTED}", query)


def safe_body(value: Json) -> Json:
    """A JSON value with every text under a secret-named key hidden."""
    if isinstance(value, list):
        return [safe_body(item) for item in value]
    if not isinstance(value, dict):
        return value
    safe: Record = {}
    for name, item in value.items():
        secret = isinstance(item, str) and name not in _POLICY and _SECRET.match(name)
        safe[name] = REDACTED if secret else safe_body(item)
    return safe
