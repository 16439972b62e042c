"""The common ground of both authorization servers: parameters read strictly, and errors as RFC 6749 has them.

Exception
└── ProtocolError     a request that the protocol refuses, with the protocol's own name for the error
"""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from mockportal.engine.call import Reply, Request
from mockportal.values import Json, Record

NO_STORE: Mapping[str, str] = {"Cache-Control": "no-store", "Pragma": "no-cache"}
FORM = "application/x-www-form-urlencoded"

_MOST_FIELDS = 100
_LONGEST = 4_000  # characters of one parameter


class ProtocolError(Exception):
    """`error` is one of the codes of OAuth 2.0 or OpenID Connect; the message describes it to a developer."""

    def __init__(self, error: str, description: str, status: int = 400, challenge: str = "") -> None:
        super().__init__(description)
        self.error = error
        self.description = description
        self.status = status
        self.challenge = challenge

    @property
    def fields(self) -> dict[str, str]:
        """The error as parameters of an answer."""
        return {"error": self.error, "error_description": self.description}

    @property
    def reply(self) -> Reply:
        """The error as the answer of an endpoint that programs call."""
        headers = {"WWW-Authenticate": self.challenge} if self.challenge else {}
        return Reply(self.status, self.fields, {**NO_STORE, **headers})


def query_parameters(request: Request) -> dict[str, str]:
    """The parameters of a page that a browser opens: those of the query, or of the form that was posted."""
    return _parameters(request.body if request.method == "POST" and is_form(request) else request.query)


def form_parameters(request: Request) -> dict[str, str]:
    """The parameters of an endpoint that programs call, which takes a posted form. Raises `ProtocolError`."""
    if request.method != "POST":
        raise ProtocolError("invalid_request", f"this endpoint takes POST, not {request.method}", 405)
    if not is_form(request):
        raise ProtocolError("invalid_request", f"the body has to be a form ({FORM})")
    return _parameters(request.body)


def is_form(request: Request) -> bool:
    """True if the body of a request is a form in the encoding that the protocol asks for."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == FORM


def bearer_token(request: Request) -> str:
    """The access token that a request shows. Raises `ProtocolError` (RFC 6750) if there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    if request.method == "POST" and is_form(request):
        token = _parameters(request.body).get("access_token", "")
        if token:
            return token
    raise ProtocolError("invalid_token", "the access token is missing", 401, "Bearer")


def invalid_token(description: str) -> ProtocolError:
    """The refusal of an access token."""
    return ProtocolError("invalid_token", description, 401, 'Bearer error="invalid_token"')


def as_json(body: Json) -> Reply:
    """A successful answer of an endpoint that programs call."""
    return Reply(200, body, NO_STORE)


def needed(given: Record, name: str) -> str:
    """A parameter that has to be there. Raises `ProtocolError`."""
    if not given.get(name):
        raise ProtocolError("invalid_request", f"{name} is missing")
    return str(given[name])


def _parameters(text: str | bytes) -> dict[str, str]:
    raw = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    try:
        pairs = parse_qsl(raw, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise ProtocolError("invalid_request", f"there are more than {_MOST_FIELDS} parameters") from None
    given = dict(pairs)
    if len(given) < len(pairs):
        raise ProtocolError("invalid_request", "a parameter is repeated")
    long = [name[:50] for name, value in pairs if len(value) > _LONGEST]
    if long:
        raise ProtocolError("invalid_request", f"{long[0]} is longer than {_LONGEST} characters")
    return given
