"""From bytes to a valid call: parameters and body parsed, coerced, defaulted and checked, all violations at once."""

import re
from collections.abc import Iterator
from math import isfinite
from urllib.parse import parse_qsl

from mockportal.engine.call import Call, Caller, Request
from mockportal.errors import Refusal
from mockportal.spec.multipart import form_fields
from mockportal.spec.operations import Body, Operation, Parameter
from mockportal.spec.validation import Violation, summary
from mockportal.values import Json, Record, decode

_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_BRACKETS = re.compile(r"\[([0-9]{1,9})\]\[(\w+)\]")
_LIST_BLANKS = " \t"  # around the items of a list in a header (RFC 9110), no part of them
_SEPARATORS = {"spaceDelimited": " ", "pipeDelimited": "|"}
_LONGEST_NUMBER = 300


class Unreadable(Refusal):
    """The request breaks the contract; `errors` lists every violation."""

    status = 400

    def __init__(self, violations: list[Violation]) -> None:
        super().__init__(summary(violations), errors=[violation.to_json() for violation in violations])
        self.violations = tuple(violations)


class BadQuery(Unreadable):
    """The query is not percent-encoded UTF-8, so HTTP itself refuses it."""

    def __init__(self, problem: str) -> None:
        super().__init__([Violation("query", "", problem, "")])


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
    query = _query(request.query, operation) if request.query else {}
    unread: list[str] = []
    params = _params(operation, request, query, violations, unread) if operation.parameters else {}
    value: Json = None
    if operation.body is not None:
        value = _body_value(operation.body, body, media_type, request, violations)
    if violations:
        raise Unreadable(violations)
    fields = Fields(operation.body.defaults if operation.body is not None else {})
    fields.update(value if isinstance(value, dict) else {})
    ignored = (*_unknown(operation, query), *unread) if query else ()
    return Call(operation, caller, params, value, fields, request, ignored)


def _unknown(operation: Operation, query: dict[str, list[str]]) -> list[str]:
    """The names in a query that the operation reads nothing from."""
    names = query.keys() - {parameter.name for parameter in operation.parameters}
    if not names:
        return []
    schemes = (scheme for alternative in operation.credentials for scheme in alternative)
    keys = {scheme.key for scheme in schemes if scheme.place == "query"}
    parameters = [one for one in operation.parameters if one.location == "query"]
    return [name for name in query if name not in keys and not any(_is_read(one, name) for one in parameters)]


def _is_read(parameter: Parameter, name: str) -> bool:
    """True for a name in the query that spells the parameter, or a part of it."""
    if name == parameter.name:
        return True
    if not name.startswith(parameter.name):
        return name in parameter.properties and parameter.style == "form"
    rest = name.removeprefix(parameter.name)
    if parameter.kind == "array":
        return rest == "[]" or (parameter.opaque and _BRACKETS.fullmatch(rest) is not None)
    return name in parameter.properties or rest[1:-1] in parameter.properties


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


def _params(
    operation: Operation,
    request: Request,
    query: dict[str, list[str]],
    violations: list[Violation],
    unread: list[str],
) -> Record:
    """The parameters; `unread` gets the names of those whose value is ignored."""
    params: Record = {}
    for parameter in operation.parameters:
        given = _given(parameter, request, query)
        if parameter.opaque:
            params[parameter.name] = _objects(parameter, query, unread)
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
    if not operation.parameter_validator.is_valid(params):
        violations.extend(_wrong_params(operation, params))
    return params


def _wrong_params(operation: Operation, params: Record) -> Iterator[Violation]:
    places = {parameter.name: parameter.location for parameter in operation.parameters}
    for found in operation.parameter_validator.violations(params, "query"):
        name = found.path.split("/")[1] if found.path else ""
        where = places.get(name, _missing_place(operation, params))
        yield Violation(where, found.path, found.message, found.pointer)


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
    return request.cookies(parameter.name)


def _query(raw: str, operation: Operation) -> dict[str, list[str]]:
    """The values by name. Raises `BadQuery`, unless the operation ignores its query."""
    if operation.parameters and _BAD_ESCAPE.search(raw):
        raise BadQuery("has a broken percent-encoding")
    query: dict[str, list[str]] = {}
    try:
        errors = "strict" if operation.parameters else "replace"
        for name, value in parse_qsl(raw, keep_blank_values=True, errors=errors):
            query.setdefault(name, []).append(value)
    except UnicodeDecodeError:
        raise BadQuery("is not UTF-8") from None
    return query


def _coerced(parameter: Parameter, given: list[str]) -> Json:
    if parameter.kind == "array":
        if not parameter.explode or parameter.location in ("path", "header"):
            separator = _SEPARATORS.get(parameter.style, ",")
            given = [item for text in given for item in _items(parameter, text, separator)]
        return [_scalar(parameter.items, text) for text in given]
    if parameter.kind == "object":
        parts = _items(parameter, given[0], ",")
        pairs = zip(parts[::2], parts[1::2], strict=False)
        return {name: _scalar(parameter.properties.get(name, "string"), value) for name, value in pairs}
    return _scalar(parameter.kind, given[0])


def _items(parameter: Parameter, text: str, separator: str) -> list[str]:
    items = text.split(separator)
    return [item.strip(_LIST_BLANKS) for item in items] if parameter.location == "header" else items


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
        number = int(text) if _INTEGER.fullmatch(text) else float(text)
        return number if isfinite(number) else text
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    return text


def _objects(parameter: Parameter, query: dict[str, list[str]], unread: list[str]) -> list[Record]:
    """An array of objects in the query, whose spelling OpenAPI leaves open: a JSON array, JSON objects one by one,
    or `name[0][key]=value`. Anything else is ignored, not refused, and noted in `unread`."""
    found: list[Record] = []
    spelled = [
        item
        for text in query.get(parameter.name, []) + query.get(f"{parameter.name}[]", [])
        for item in _json_items(text)
    ]
    found.extend(item for item in spelled if isinstance(item, dict))
    if len(found) < len(spelled):
        unread.append(parameter.name)
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


def _json_items(text: str) -> list[Json]:
    """The items of a JSON array, or the only item; None for a text that is no JSON."""
    try:
        value = decode(text.encode())
    except ValueError:
        return [None]
    return value if isinstance(value, list) else [value]


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
            else form_fields(data, request.headers.get("content-type", ""))
        )
    except ValueError as error:
        violations.append(Violation("body", "", f"cannot be read: {error}", ""))
        return None
    violations.extend(body.validators[media_type].violations(value, "body"))
    return value
