"""From bytes to a valid call: parameters and body parsed, coerced, defaulted and checked, all violations at once."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote, unquote_plus, unquote_to_bytes

from mockportal.engine.call import Call, Caller, Request
from mockportal.errors import Refusal
from mockportal.spec.codecs.media import Media, media_for, read_body
from mockportal.spec.codecs.styles import Pairs, read_members, read_value
from mockportal.spec.operations import Body, Operation
from mockportal.spec.parameters import Parameter
from mockportal.spec.validation import Violation, summary
from mockportal.state.derived import derived
from mockportal.values import Json, Record, decode

_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SPREAD = ("array", "object")  # what a query may spell with other names than that of the parameter
_SMALL = 2_048  # bytes
_BRACKETS = re.compile(r"\[([0-9]{1,9})\]\[(\w+)\]")


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
    media_type = _media_type(operation.body, request)
    query = _query(request.query, operation) if request.query else {}
    unread: list[str] = []
    params = _params(operation, request, query, violations, unread) if operation.parameters else {}
    value: Json = None
    if operation.body is not None:
        value = _body_value(operation.body, media_type, request, violations)
    if violations:
        raise Unreadable(violations)
    fields = Fields(operation.body.defaults if operation.body is not None else {})
    fields.update(value if isinstance(value, dict) else {})
    ignored = (*_unknown(operation, query), *unread) if query else ()
    return Call(operation, caller, params, value, fields, request, ignored)


def _unknown(operation: Operation, query: Pairs) -> list[str]:
    """The names in a query that the operation reads nothing from."""
    names = query.keys() - {parameter.name for parameter in operation.parameters}
    if not names:
        return []
    schemes = (scheme for alternative in operation.credentials for scheme in alternative)
    keys = {scheme.key for scheme in schemes if scheme.place == "query"}
    parameters = [one for one in operation.parameters if one.location == "query"]
    keys.update(one.name for one in parameters)
    spread = [one for one in parameters if one.kind in _SPREAD or one.properties]
    return [name for name in query if name not in keys and not any(_is_read(one, name) for one in spread)]


def _is_read(parameter: Parameter, name: str) -> bool:
    """True for another name in the query that spells the parameter, or a part of it."""
    if not name.startswith(parameter.name):
        spread = parameter.kind == "object" and parameter.style == "form"
        return spread and (name in parameter.properties or parameter.types.others is not None)
    rest = name.removeprefix(parameter.name)
    if parameter.kind == "array":
        return rest == "[]" or (parameter.opaque and _BRACKETS.fullmatch(rest) is not None)
    if parameter.style == "deepObject" and parameter.types.others is not None:
        return rest.startswith("[")
    return name in parameter.properties or rest[1:].partition("]")[0] in parameter.properties


def headers_read(operation: Operation) -> set[str]:
    """The headers that a call of an operation is read from."""
    named = {one.name.lower() for one in operation.parameters if one.location == "header"}
    cookies = {"cookie" for one in operation.parameters if one.location == "cookie"}
    return {"content-type"} | named | cookies


def _media_type(body: Body | None, request: Request) -> str:
    """The documented media type or range of the body, "" without a body. Raises `WrongMediaType`."""
    if body is None or not request.body or not body.media:
        return ""
    given = request.headers.get("content-type", "").strip()
    found = media_for(given, body.media)
    if found is None:
        sent = given.partition(";")[0].strip().lower()
        raise WrongMediaType(f"the body is {sent}, and must be {' or '.join(body.media)}")
    return found


def _params(
    operation: Operation, request: Request, query: Pairs, violations: list[Violation], unread: list[str]
) -> Record:
    """The parameters; `unread` gets the names of those whose value is ignored."""
    params: Record = {}
    for parameter in operation.parameters:
        if parameter.opaque:
            params[parameter.key] = _objects(parameter, query, unread)
            continue
        given = _given(parameter, operation, request, query)
        if given:
            _add(parameter, given, params, violations)
            continue
        made = _spread(parameter, operation, query) if parameter.kind == "object" and query else None
        if made is not None:
            params[parameter.key] = made
        elif parameter.default is not None:
            params[parameter.key] = parameter.default
    if not operation.parameter_validator.is_valid(params):
        violations.extend(_wrong_params(operation, params))
    return params


def _add(parameter: Parameter, given: Sequence[str], params: Record, violations: list[Violation]) -> None:
    if parameter.may_be_empty and not any(given):
        return
    try:
        params[parameter.key] = read_value(parameter, given)
    except ValueError as error:
        violations.append(Violation(parameter.location, f"/{parameter.name}", str(error), ""))


def _spread(parameter: Parameter, operation: Operation, query: Pairs) -> Json:
    """The object whose properties are spread over the query, or None."""
    if parameter.location != "query":
        return None
    taken = frozenset(one.name for one in operation.parameters if one is not parameter)
    return read_members(parameter, query, taken)


def _wrong_params(operation: Operation, params: Record) -> Iterator[Violation]:
    known = {parameter.key: parameter for parameter in operation.parameters}
    for found in operation.parameter_validator.violations(params, "query"):
        key, _, rest = found.path.removeprefix("/").partition("/")
        parameter = known.get(key)
        where = parameter.location if parameter else _missing_place(operation, params)
        path = f"/{parameter.name}" + (f"/{rest}" if rest else "") if parameter else found.path
        yield Violation(where, path, found.message, found.pointer)


def _missing_place(operation: Operation, params: Record) -> str:
    return next((p.location for p in operation.parameters if p.required and p.key not in params), "query")


def _given(parameter: Parameter, operation: Operation, request: Request, query: Pairs) -> Sequence[str]:
    """The texts that a request gives for a parameter, as they were sent; a list's name may end in `[]`."""
    if parameter.location == "query":
        found = query.get(parameter.name, ())
        more = query.get(f"{parameter.name}[]", ()) if parameter.kind == "array" else ()
        return (*found, *more) if more else found
    if parameter.location == "path":
        return (_in_path(parameter, operation, request),)
    if parameter.location == "header":
        value = request.headers.get(parameter.name.lower())
        return () if value is None else (value,)
    return request.cookies(parameter.name)


def _in_path(parameter: Parameter, operation: Operation, request: Request) -> str:
    """The text of a parameter in the path, still encoded."""
    template = f"{{{parameter.name}}}"
    steps = zip(reversed(operation.path.split("/")), reversed(request.path.split("/")), strict=False)
    for wanted, sent in steps:  # from the end, since the path of a server may stand before it
        if wanted == template:
            return sent
    return quote(request.path_params[parameter.name], safe=",;=.")


def _query(raw: str, operation: Operation) -> dict[str, list[str]]:
    """The values by name, still encoded. Raises `BadQuery`, unless the operation ignores its query."""
    encoded = "%" in raw
    if encoded and operation.parameters:
        if _BAD_ESCAPE.search(raw):
            raise BadQuery("has a broken percent-encoding")
        try:
            unquote_to_bytes(raw).decode()
        except UnicodeDecodeError:
            raise BadQuery("is not UTF-8") from None
    query: dict[str, list[str]] = {}
    for pair in raw.split("&"):
        name, _, value = pair.partition("=")
        if pair:
            query.setdefault(unquote_plus(name) if encoded or "+" in name else name, []).append(value)
    return query


def _objects(parameter: Parameter, query: Pairs, unread: list[str]) -> list[Record]:
    """An array of objects in the query, whose spelling OpenAPI leaves open: a JSON array, JSON objects one by one,
    or `name[0][key]=value`. Anything else is ignored, not refused, and noted in `unread`."""
    found: list[Record] = []
    texts = (*query.get(parameter.name, ()), *query.get(f"{parameter.name}[]", ()))
    spelled = [item for text in texts for item in _json_items(unquote_plus(text))]
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
            numbered.setdefault(int(inner.group(1)), {})[inner.group(2)] = unquote_plus(values[0])
    return found + [numbered[number] for number in sorted(numbered)]


def _json_items(text: str) -> list[Json]:
    """The items of a JSON array, or the only item; None for a text that is no JSON."""
    try:
        value = decode(text.encode())
    except ValueError:
        return [None]
    return value if isinstance(value, list) else [value]


def _body_value(body: Body, media_type: str, request: Request, violations: list[Violation]) -> Json:
    if not request.body:
        if body.required:
            violations.append(Violation("body", "", "is missing", ""))
        return None
    media = body.media.get(media_type)
    if media is None:
        return None
    content_type = request.headers.get("content-type", "").strip() or media_type
    reading = _read_again if len(request.body) <= _SMALL else _read_body
    try:
        value, found = reading(request.body, content_type, media)
    except ValueError as error:
        violations.append(Violation("body", "", f"cannot be read: {error}", ""))
        return None
    violations.extend(found)
    return value


def _read_body(data: bytes, content_type: str, media: Media) -> tuple[Json, list[Violation]]:
    """The value of a body, and the ways in which it breaks the contract. Raises `ValueError`."""
    value = read_body(data, content_type, media)
    return value, [] if media.validator is None else media.validator.violations(value, "body")


_read_again = derived(_read_body)  # of a body that clients may well send again
