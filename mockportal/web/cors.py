"""Cross-origin requests (CORS): what a page of another origin may send, and which headers of an answer it may read.

Every origin may call the API, without credentials: browsers accept no cookie or `credentials: include` from an answer
that allows `*`. An origin that is named at start gets its own name back, and may send credentials.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

Headers = list[tuple[bytes, bytes]]

_ANY = (b"access-control-allow-origin", b"*")
_EXPOSE = b"access-control-expose-headers"
_USUAL = "authorization, content-type"
_NEVER = frozenset((b"set-cookie", b"set-cookie2"))  # no page can read them, whatever an answer says


@dataclass(frozen=True, slots=True)
class Cors:
    """The origins that may send credentials, such as `http://localhost:5173`."""

    origins: frozenset[str] = frozenset()

    def answer_headers(self, request: Mapping[str, str]) -> Headers:
        """The headers that let a page read an answer."""
        if not self.origins:
            return [_ANY]
        origin = request.get("origin", "")
        if origin not in self.origins:
            return [_ANY, (b"vary", b"origin")]
        return [
            (b"access-control-allow-origin", origin.encode("latin-1")),
            (b"access-control-allow-credentials", b"true"),
            (b"vary", b"origin"),
        ]

    def preflight_headers(self, request: Mapping[str, str]) -> Headers:
        """The answer to a preflight: whatever it asks for is allowed, so that the page sees the answer to the request
        itself, even if that is a refusal."""
        method = request.get("access-control-request-method", "GET")
        headers = request.get("access-control-request-headers", _USUAL)
        return [
            *self.answer_headers(request),
            (b"access-control-allow-methods", method.encode("latin-1")),
            (b"access-control-allow-headers", headers.encode("latin-1")),
            (b"access-control-max-age", b"600"),
            (b"vary", b"access-control-request-method, access-control-request-headers"),
        ]


@lru_cache(maxsize=256)
def exposing(names: tuple[bytes, ...]) -> tuple[bytes, bytes]:
    """The header that lets a page read these headers of an answer, too."""
    return _EXPOSE, b", ".join(name for name in names if name.lower() not in _NEVER)
