"""Writes a call as an HTTP request: an operation, its parameters by name and a body, as URL, headers and bytes.

The headers of an answer are read the other way round.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote

from mockportal.media_types import media_type_of
from mockportal.spec.codecs.media import media_for, write_body
from mockportal.spec.codecs.writing import path_text, plain_text, query_pairs, unknown_pairs
from mockportal.spec.operations import JSON_TYPE, Operation, ResponseHeader
from mockportal.spec.parameters import Parameter
from mockportal.spec.validation import Violation
from mockportal.values import Json, Record, decode, encode

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
    known = {parameter.key: parameter for parameter in operation.parameters}
    given = {
        place: [(known[key], params[key]) for key in params if key in known and known[key].location == place]
        for place in ("path", "query", "header", "cookie")
    }
    others = [(key, params[key]) for key in params if key not in known]
    texts = {parameter.name: path_text(parameter, value) for parameter, value in given["path"]}
    path = operation.path
    for name, text in texts.items():
        path = path.replace(f"{{{name}}}", text)
    query = [pair for parameter, value in given["query"] for pair in query_pairs(parameter, value)]
    query += [pair for name, value in others for pair in unknown_pairs(name, value)]
    headers = {parameter.name.lower(): header_text(value) for parameter, value in given["header"]}
    if given["cookie"]:
        cookies = (f"{one.name}={quote(plain_text(value))}" for one, value in given["cookie"])
        headers["cookie"] = "; ".join(cookies)
    data = b""
    if body is not None:
        data, headers["content-type"] = _body(operation, body, media_type)
    path_params = {name: unquote(text) for name, text in texts.items()}
    return Spelled(path, "&".join(f"{name}={text}" for name, text in query), headers, data, path_params)


def unnamed_in_path(operation: Operation, params: Mapping[str, Json]) -> list[str]:
    """The parameters of the path that nobody gave; without them there is no request."""
    return [one.name for one in operation.parameters if one.location == "path" and one.name not in params]


def header_text(value: Json) -> str:
    """A value as a header spells it: lists and objects as their parts with commas."""
    if isinstance(value, dict):
        value = [part for pair in value.items() for part in pair]
    return ",".join(map(plain_text, value)) if isinstance(value, list) else plain_text(value)


def header_violations(header: ResponseHeader, lines: Sequence[str]) -> list[Violation]:
    """Violations in a header of an answer; the lines of a list are one value, all others are values each."""
    if header.validator is None or not lines:
        return []
    texts = [",".join(lines)] if header.rule.kind in ("array", "object") else lines
    for text in texts:
        readings = [*_readings(header.rule, text)]
        if not any(map(header.validator.is_valid, readings)):
            return header.validator.violations(readings[0], "header")
    return []


def _readings(header: Parameter, text: str) -> Iterator[Json]:
    """The values that the text of a header can mean, the one that its type suggests first."""
    parts = [part.strip() for part in text.split(",")]
    if header.kind == "array":
        yield [_scalar(header.items, part) for part in parts] if text else []
    elif header.kind == "object":
        named = dict(part.partition("=")[::2] for part in parts)
        if "=" not in text:
            named = dict(zip(parts[::2], parts[1::2], strict=False))
        yield {name: _scalar("number", value) for name, value in named.items()}
        yield named
    else:
        yield _scalar(header.kind, text)
        yield from (text, _scalar("number", text))


def _scalar(kind: str, text: str) -> Json:
    """The number, true or false that a text spells, if it is to be one; else the text."""
    if kind not in ("integer", "number", "boolean"):
        return text
    try:
        value = decode(text.encode())
    except ValueError:
        return text
    return value if isinstance(value, int | float) else text


def _body(operation: Operation, body: Json, media_type: str) -> tuple[bytes, str]:
    """The bytes of a body and their media type; fields become a form where the operation takes nothing else."""
    if isinstance(body, bytes):
        return body, media_type
    media = operation.body.media if operation.body is not None else {}
    chosen = media_for(media_type, media) or next(iter(media), None)
    if chosen is None or media_type_of(chosen).is_json or "*" in chosen:
        return encode(body), JSON_TYPE if chosen is None or "*" in chosen else chosen
    if media_type_of(chosen).type == "multipart" and isinstance(body, dict):
        return _form(body), f"{_FORM_TYPE}; boundary={_BOUNDARY}"
    return write_body(body, chosen, media[chosen]), chosen


def _form(fields: Record) -> bytes:
    parts = "".join(
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{plain_text(value)}\r\n'
        for name, value in fields.items()
    )
    return f"{parts}--{_BOUNDARY}--\r\n".encode()
