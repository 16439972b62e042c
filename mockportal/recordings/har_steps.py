"""The entries of an archive as steps of a scenario, and those that cannot be one with the reason."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote_plus

from mockportal.engine.answers.preferences import HEADER
from mockportal.engine.call import Call, Request, request_for
from mockportal.engine.guard import PUBLIC
from mockportal.engine.read import Unreadable, WrongMediaType, read
from mockportal.media_types import media_type_of
from mockportal.recordings.har_callers import People
from mockportal.recordings.har_file import HarEntry, Unusable
from mockportal.recordings.har_routes import bases_of, called
from mockportal.redaction import (
    REDACTED,
    Redaction,
    is_secret_parameter,
    redaction,
    secrets_of_body,
    secrets_of_headers,
    secrets_of_query,
    told_literals,
)
from mockportal.spec.operations import JSON_TYPE, Operation
from mockportal.spec.spec import Spec
from mockportal.values import Json, Record, decode, encode

_LARGEST = 100_000  # bytes of an answer that a step compares
_SECRET = "a secret was left out, so that the step needs another value"
_GONE = object()


@dataclass(frozen=True, slots=True)
class Step:
    """An entry of `expect`, and remarks on it, the first of which names the request."""

    keys: Record
    remarks: tuple[str, ...]


def steps_of(
    entries: Sequence[HarEntry], spec: Spec, people: People
) -> tuple[list[Step], list[tuple[HarEntry, str]]]:
    """The steps, and the entries that cannot be one with the reason."""
    bases = bases_of(entries, spec.routes)
    steps, unused = [], []
    for entry in entries:
        try:
            operation, params, path = called(entry, bases, spec.routes)
            request = Request(entry.method, path, entry.url.query, entry.headers, entry.body, params)
            steps.append(_step(entry, operation, request, people))
        except Unusable as problem:
            unused.append((entry, str(problem)))
    return steps, unused


def _step(entry: HarEntry, operation: Operation, request: Request, people: People) -> Step:
    """Raises `Unusable`."""
    if HEADER in request.headers:
        raise Unusable("it asked for its answer by the header Prefer")
    caller, doubt = people.caller(operation, request, entry.alias)
    sent = _sent(operation, request)
    hide = redaction(told_literals(_told(entry)))
    params = {name: _safe_parameter(name, value, hide) for name, value in sent.get("params", {}).items()}
    send = hide.json(sent["send"]) if "send" in sent else None
    keys: Record = {"as": caller, "operation": operation.id}
    keys |= {"params": params} if params else {}
    keys |= {"send": send} if send is not None else {}
    keys["status"] = entry.status
    body, left_out = _expected(entry, hide)
    keys |= {} if body is _GONE else {"body": body}
    secret = _SECRET if _holds(params) or _holds(send) else ""
    remarks = (f"{entry.number}: {entry}", doubt, secret, left_out)
    return Step(keys, tuple(filter(None, remarks)))


def _sent(operation: Operation, request: Request) -> Record:
    """`{params, send}` of a request. Raises `Unusable` if a step cannot say all of it."""
    call = _call(operation, request)
    sent = _raw(operation, request) if call is None else _read(operation, request, call)
    made = request_for(operation, sent["params"], sent.get("send"))
    again = _call(operation, made)
    if call is not None and again is not None and (again.params, again.body) == (call.params, call.body):
        return sent
    if call is not None or again is not None or _pairs(made) != _pairs(request):
        raise Unusable("parameters and body of a step cannot say what it sent")
    return sent


def _read(operation: Operation, request: Request, call: Call) -> Record:
    defaults = {one.key: one.default for one in operation.parameters}
    credentials = _credentials(operation)
    params = {name: value for name, value in call.params.items() if value != defaults.get(name)}
    for name in call.ignored:
        params.setdefault(name, _raw_value(request, name))
    params = {name: value for name, value in params.items() if name not in credentials}
    if operation.body is None and request.body:
        return {"params": params, "send": _json(request.body)}
    return {"params": params} if call.body is None else {"params": params, "send": _checked(call.body)}


def _raw(operation: Operation, request: Request) -> Record:
    """The same for a request that breaks the contract: texts as they were sent."""
    named = {one.name: one.key for one in operation.parameters}
    query: dict[str, Json] = {}
    for name, value in parse_qsl(request.query, keep_blank_values=True):
        known = query.get(name)
        query[name] = value if known is None else [*(known if isinstance(known, list) else [known]), value]
    headers = {one.key: request.headers[one.name.lower()] for one in operation.parameters
               if one.location == "header" and one.name.lower() in request.headers}  # fmt: skip
    params = {**request.path_params, **query}
    params = {
        named.get(name, name): value for name, value in params.items() if name not in _credentials(operation)
    }
    sent: Record = {"params": {**params, **headers}}
    if not request.body:
        return sent
    sent_as = request.headers.get("content-type", JSON_TYPE)
    if not media_type_of(sent_as).is_json:
        raise Unusable(f"a step cannot send a body of {sent_as}")
    return {**sent, "send": _json(request.body)}


def _call(operation: Operation, request: Request) -> Call | None:
    try:
        return read(operation, request, PUBLIC)
    except (Unreadable, WrongMediaType):
        return None


def _credentials(operation: Operation) -> set[str]:
    """The names of parameters that carry a credential."""
    schemes = (scheme for alternative in operation.credentials for scheme in alternative)
    return {scheme.key for scheme in schemes if scheme.place == "query"}


def _pairs(request: Request) -> Counter[tuple[str, str]]:
    return Counter(parse_qsl(request.query, keep_blank_values=True))


def _raw_value(request: Request, name: str) -> str:
    pairs = (pair.partition("=") for pair in request.query.split("&"))
    return next((unquote_plus(value) for key, _, value in pairs if unquote_plus(key) == name), "")


def _json(body: bytes) -> Json:
    try:
        return decode(body)
    except ValueError:
        raise Unusable("its body is not JSON") from None


def _checked(body: Json) -> Json:
    try:
        encode(body)
    except (TypeError, ValueError):
        raise Unusable("its body holds a file") from None
    return body


def _told(entry: HarEntry) -> Iterator[str]:
    """The secrets that an entry tells under their names, which its texts may repeat."""
    yield from secrets_of_headers(entry.headers)
    yield from secrets_of_query(entry.url.query)
    for body in (entry.body, entry.content or b""):
        yield from secrets_of_body(body)


def _safe_parameter(name: str, value: Json, hide: Redaction) -> Json:
    return REDACTED if is_secret_parameter(name) else hide.json(value)


def _expected(entry: HarEntry, hide: Redaction) -> tuple[Json, str]:
    """The body that the answer must have, or `_GONE`, and a remark if it is not compared though there is one."""
    if not entry.content:
        return _GONE, ""
    if len(entry.content) > _LARGEST:
        return _GONE, f"the answer has {len(entry.content)} bytes, and is not compared"
    try:
        value = decode(entry.content)
    except ValueError:
        return _GONE, "the answer is not JSON, and is not compared"
    return _without_secrets(hide.json(value)), ""


def _without_secrets(value: Json) -> Json:
    """The parts that hold no secret: a list with one goes as a whole, since its items are compared one by one."""
    if isinstance(value, dict):
        kept = {name: _without_secrets(item) for name, item in value.items()}
        return {name: item for name, item in kept.items() if item is not _GONE}
    if isinstance(value, list):
        return _GONE if _holds(value) else value
    return _GONE if _holds(value) else value


def _holds(value: Json) -> bool:
    """True if a secret was hidden in the value."""
    if isinstance(value, Mapping):
        return any(map(_holds, value.values()))
    return (
        any(map(_holds, value)) if isinstance(value, list) else isinstance(value, str) and REDACTED in value
    )
