"""From bytes to a valid call: parameters and body parsed, coerced, defaulted and checked, all violations at once."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from mockportal.engine.call import Call, Caller, Request
from mockportal.errors import Refusal
from mockportal.spec.operations import Body, Operation, Parameter
from mockportal.spec.validation import Violation, summary
from mockportal.values import Json, Record, decode

_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_BRACKETS = re.compile(r"\[(\d+)\]\[(\w+)\]")
_SEPARATORS = {"spaceDelimited": " ", "pipeDelimited": "|"}
_LONGEST_NUMBER = 300


class Unreadable(Refusal):
    """The request breaks the contract; `errors` lists every violation."""

    status = 400

    def __init__(self, violations: list[Violation]) -> None:
        super().__init__(summary(violations), errors=[violation.to_json() for violation in violations])
        self.violations = tuple(violations)


class WrongMediaType(Refusal):
    """The body's media type is none that the operation takes."""

    status = 415


class Fields(dict[str, Json]):
    """The fields of a body. A document that asks for less than a behaviour needs makes asking for one a refusal."""

    def __missing__(self, name: str) -> Json:
        raise Unreadable([Violation("body", f"/{name}", "is missing", "")])


def read(operation: Operation, request: Request, caller: Caller) -> Call:
    """The call that `request` spells. Raises `Unreadable`, `WrongMediaType`."""
    violations: list[Violation] = []
    body, media_type = _media(operation.body, request)
    params = _params(operation, request, violations) if operation.parameters else {}
    value: Json = None
    if operation.body is not None:
        value = _body_value(operation.body, body, media_type, request, violations)
    if violations:
        raise Unreadable(violations)
    fields = Fields(operation.body.defaults if operation.body is not None else {})
    fields.update(value if isinstance(value, dict) else {})
    return Call(operation, caller, params, value, fields, request)


def headers_read(operation: Operation) -> set[str]:
    """The headers that a call of an operation is read from."""
    named = {one.name.lower() for one in operation.parameters if one.location == "header"}
    cookies = {"cookie" for one in operation.parameters if one.location == "cookie"}
    return {"content-type"} | named | cookies


def _media(body: Body | None, request: Request) -> tuple[bytes, str]:
    """The body and the media type to read it as; an absent content type means the operation's own."""
    if body is None or not request.body:
        return b"", ""
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not given:
        return request.body, next(iter(body.validators))
    if given in body.validators:
        return request.body, given
    if given.endswith("+json") and "application/json" in body.validators:
        return request.body, "application/json"
    raise WrongMediaType(f"the body is {given}, and must be {' or '.join(body.validators)}")


def _params(operation: Operation, request: Request, violations: list[Violation]) -> Record:
    query = _query(request.query, violations) if request.query else {}
    params: Record = {}
    for parameter in operation.parameters:
        given = _given(parameter, request, query)
        if parameter.opaque:
            params[parameter.name] = _objects(parameter, query)
        elif not given and parameter.location != "path":
            if parameter.default is not None:
                params[parameter.name] = parameter.default
            elif parameter.kind == "object" and query:
                _add_object(parameter, query, params)
        elif parameter.kind not in ("array", "object") and len(given) > 1:
            violations.append(
                Violation(parameter.location, f"/{parameter.name}", "is given more than once", "")
            )
        else:
            params[parameter.name] = _coerced(parameter, given)
    validator = operation.parameter_validator
    if not validator.is_valid(params):
        places = {parameter.name: parameter.location for parameter in operation.parameters}
        for found in validator.violations(params, "query"):
            name = found.path.split("/")[1] if found.path else ""
            where = places.get(name, _missing_place(operation, params))
            violations.append(Violation(where, found.path, found.message, found.pointer))
    return params


def _missing_place(operation: Operation, params: Record) -> str:
    return next((p.location for p in operation.parameters if p.required and p.name not in params), "query")


def _given(parameter: Parameter, request: Request, query: dict[str, list[str]]) -> list[str]:
    """The texts that a request gives for a parameter; a list's name may end in `[]`."""
    if parameter.location == "path":
        return [request.path_params[parameter.name]]
    if parameter.location == "query":
        found = query.get(parameter.name, [])
        return found + query.get(f"{parameter.name}[]", []) if parameter.kind == "array" else found
    if parameter.location == "header":
        value = request.headers.get(parameter.name.lower())
        return [] if value is None else [value]
    pairs = (part.strip().partition("=") for part in request.headers.get("cookie", "").split(";"))
    return [unquote(value) for name, _, value in pairs if name == parameter.name]


def _query(raw: str, violations: list[Violation]) -> dict[str, list[str]]:
    if _BAD_ESCAPE.search(raw):
        violations.append(Violation("query", "", "has a broken percent-encoding", ""))
        return {}
    query: dict[str, list[str]] = {}
    try:
        for name, value in parse_qsl(raw, keep_blank_values=True, errors="strict"):
            query.setdefault(name, []).append(value)
    except UnicodeDecodeError:
        violations.append(Violation("query", "", "is not UTF-8", ""))
    return query


def _coerced(parameter: Parameter, given: list[str]) -> Json:
    if parameter.kind == "array":
        if not parameter.explode or parameter.location == "path":
            separator = _SEPARATORS.get(parameter.style, ",")
            given = [item for text in given for item in text.split(separator)]
        return [_scalar(parameter.items, text) for text in given]
    if parameter.kind == "object":
        parts = given[0].split(",")
        pairs = zip(parts[::2], parts[1::2], strict=False)
        return {name: _scalar(parameter.properties.get(name, "string"), value) for name, value in pairs}
    return _scalar(parameter.kind, given[0])


def _add_object(parameter: Parameter, query: dict[str, list[str]], params: Record) -> None:
    """`filter[a]=1` (deepObject), or the properties spread over the query (form, exploded)."""
    made = {}
    for name, kind in parameter.properties.items():
        key = f"{parameter.name}[{name}]" if parameter.style == "deepObject" else name
        if key in query:
            made[name] = _scalar(kind, query[key][0])
    if made:
        params[parameter.name] = made


def _scalar(kind: str, text: str) -> Json:
    """`text` as JSON of this type, or unchanged where it is none: the schema then says what is wrong."""
    if kind == "integer" and len(text) < _LONGEST_NUMBER and _INTEGER.fullmatch(text):
        return int(text)
    if kind == "number" and len(text) < _LONGEST_NUMBER and _NUMBER.fullmatch(text):
        return int(text) if _INTEGER.fullmatch(text) else float(text)
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    return text


def _objects(parameter: Parameter, query: dict[str, list[str]]) -> list[Record]:
    """An array of objects in the query, whose spelling OpenAPI leaves open: a JSON array, JSON objects one by one,
    or `name[0][key]=value`. Anything else is ignored, not refused."""
    found: list[Record] = []
    for text in query.get(parameter.name, []) + query.get(f"{parameter.name}[]", []):
        try:
            value = decode(text.encode())
        except ValueError:
            continue
        found.extend(
            item for item in (value if isinstance(value, list) else [value]) if isinstance(item, dict)
        )
    numbered: dict[int, Record] = {}
    for name, values in query.items():
        inner = (
            _BRACKETS.fullmatch(name.removeprefix(parameter.name))
            if name.startswith(parameter.name)
            else None
        )
        if inner is not None:
            numbered.setdefault(int(inner.group(1)), {})[inner.group(2)] = values[0]
    return found + [numbered[number] for number in sorted(numbered)]


def _body_value(
    body: Body, data: bytes, media_type: str, request: Request, violations: list[Violation]
) -> Json:
    if not data:
        if body.required:
            violations.append(Violation("body", "", "is missing", ""))
        return None
    try:
        value = (
            decode(data)
            if media_type.endswith("json")
            else _form(data, request.headers.get("content-type", ""))
        )
    except ValueError as error:
        violations.append(Violation("body", "", f"cannot be read: {error}", ""))
        return None
    violations.extend(body.validators[media_type].violations(value, "body"))
    return value


def _form(data: bytes, content_type: str) -> Record:
    """`{name: text}` of a multipart/form-data body. Raises `ValueError`."""
    _, options = parse_options_header(content_type)
    boundary = options.get(b"boundary")
    if not boundary:
        raise ValueError("the content type names no boundary")
    collector = _Parts()
    parser = MultipartParser(boundary, collector.callbacks())
    try:
        parser.write(data)
        parser.finalize()
    except FormParserError as error:
        raise ValueError(f"not multipart: {error}") from None
    return dict(collector.fields())


class _Parts:
    """Collects what the multipart parser reports."""

    def __init__(self) -> None:
        self._parts: list[tuple[dict[bytes, bytes], bytearray]] = []
        self._name = b""
        self._value = b""

    def callbacks(self) -> Any:
        return {
            "on_part_begin": lambda: self._parts.append(({}, bytearray())),
            "on_part_data": lambda data, start, end: self._parts[-1][1].extend(data[start:end]),
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
        }

    def fields(self) -> Iterator[tuple[str, str]]:
        for headers, data in self._parts:
            _, options = parse_options_header(headers.get(b"content-disposition", b""))
            yield options.get(b"name", b"").decode("utf-8", "replace"), data.decode("utf-8", "replace")

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._parts[-1][0][self._name.lower()] = self._value
        self._name = self._value = b""
