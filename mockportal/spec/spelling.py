"""How a call is spelled over HTTP: an operation, its parameters by name and a body, as URL, headers and bytes."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from mockportal.spec.operations import JSON_TYPE, Operation
from mockportal.values import Json, Record, encode

_FORM_TYPE = "multipart/form-data"
_BOUNDARY = "mockportal-boundary"


@dataclass(frozen=True, slots=True)
class Spelled:
    """`path` is percent-encoded, as in `/orders/a%2Fb`; header names are in lower case."""

    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    path_params: dict[str, str]

    @property
    def target(self) -> str:
        """Path and query."""
        return f"{self.path}?{self.query}" if self.query else self.path


def spell(
    operation: Operation, params: Mapping[str, Json], body: Json = None, media_type: str = JSON_TYPE
) -> Spelled:
    """The call of `operation`, without a token.

    A parameter that the operation does not know goes into the query. A body of bytes is sent as it is, as `media_type`.
    """
    places = {parameter.name: parameter.location for parameter in operation.parameters}
    path, path_params = operation.path, {}
    query: list[tuple[str, str]] = []
    headers: dict[str, str] = {}
    for name, value in params.items():
        place = places.get(name, "query")
        if place == "path":
            path_params[name] = str(value)
            path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
        elif place == "header":
            headers[name.lower()] = _text(value)
        else:
            query.extend((name, _text(one)) for one in (value if isinstance(value, list) else [value]))
    data = b""
    if body is not None:
        data, headers["content-type"] = _body(operation, body, media_type)
    return Spelled(path, urlencode(query), headers, data, path_params)


def unnamed_in_path(operation: Operation, params: Mapping[str, Json]) -> list[str]:
    """The parameters of the path that nobody gave; without them there is no request."""
    return [one.name for one in operation.parameters if one.location == "path" and one.name not in params]


def _body(operation: Operation, body: Json, media_type: str) -> tuple[bytes, str]:
    """The bytes of a body and their media type; fields become a form where the operation takes nothing else."""
    if isinstance(body, bytes):
        return body, media_type
    if isinstance(body, dict) and operation.body is not None and [*operation.body.validators] == [_FORM_TYPE]:
        return _form(body), f"{_FORM_TYPE}; boundary={_BOUNDARY}"
    return encode(body), JSON_TYPE


def _form(fields: Record) -> bytes:
    parts = "".join(
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{_text(value)}\r\n'
        for name, value in fields.items()
    )
    return f"{parts}--{_BOUNDARY}--\r\n".encode()


def _text(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return encode(value).decode() if isinstance(value, dict) else str(value)
