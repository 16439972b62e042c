"""The request of an exchange as the keys of an entry: by parameters and body where they say all of it, else as it was
spelled."""

from collections.abc import Iterable

from mockportal.engine.call import Call, Request, request_for
from mockportal.engine.engine import headers_read
from mockportal.engine.guard import PUBLIC
from mockportal.engine.guard import headers_read as guard_reads
from mockportal.engine.read import Unreadable, WrongMediaType, read
from mockportal.recordings.sessions.secrets import Secrets
from mockportal.spec.operations import JSON_TYPE, Operation
from mockportal.state.rules.rule import Rule
from mockportal.values import Json, Record, encode


def request_keys(
    operation: Operation, request: Request, rules: Iterable[Rule], secrets: Secrets
) -> tuple[Record, str]:
    """The keys, and the reason why they cannot be told, "" if they can."""
    call = _call(operation, request)
    keys = None if call is None else _structured(operation, call)
    by_parts = keys is not None
    if keys is None:
        keys = _spelled(request)
    more = {
        name: value for name, value in request.headers.items() if name in _telling(operation, rules, by_parts)
    }
    if more:
        keys["send_headers"] = more
    if keys.get("send_text", "") is None:
        return {}, "its body is no text"
    keys = {
        name: secrets.replaced(value) if name in ("params", "send") else value for name, value in keys.items()
    }
    return keys, "it holds a secret" if _holds_secret(keys, request, secrets) else ""


def _call(operation: Operation, request: Request) -> Call | None:
    try:
        return read(operation, request, PUBLIC)
    except (Unreadable, WrongMediaType):
        return None


def _structured(operation: Operation, call: Call) -> Record | None:
    """Parameters and body, if a request that is made of them is the same call."""
    defaults = {one.key: one.default for one in operation.parameters}
    params = {
        name: value for name, value in call.params.items() if value != defaults.get(name) or value is None
    }
    for name in call.ignored:
        params.setdefault(name, _query_value(call.request, name))
    made = request_for(operation, params, call.body)
    again = _call(operation, made)
    if again is None or not _is_json(call.body):
        return None
    same = (again.params, again.body, again.fields) == (call.params, call.body, call.fields)
    if not same:
        return None
    body = {} if call.body is None else {"send": call.body}
    return {"params": params, **body} if params else body


def _query_value(request: Request, name: str) -> str:
    pairs = (pair.partition("=") for pair in request.query.split("&"))
    return next((value for key, _, value in pairs if key == name), "")


def _is_json(value: Json) -> bool:
    try:
        encode(value)
    except (TypeError, ValueError):
        return False
    return True


def _spelled(request: Request) -> Record:
    """Path, query and body as they were sent; `send_text` is None for a body that is no text."""
    keys: Record = {"target": f"{request.path}?{request.query}" if request.query else request.path}
    if request.body:
        try:
            keys["send_text"] = request.body.decode()
        except UnicodeDecodeError:
            keys["send_text"] = None
    return keys


def _telling(operation: Operation, rules: Iterable[Rule], by_parts: bool) -> set[str]:
    """The headers that the answer may depend on, apart from credentials and those that the other keys tell."""
    told = guard_reads(operation) | {"cookie", "authorization"}
    if by_parts:
        told |= {"content-type"} | {
            one.name.lower() for one in operation.parameters if one.location == "header"
        }
    asked = {name.lower() for rule in rules for name in rule.when.get("headers", ())}
    asked |= {at.removeprefix("/headers/").lower() for rule in rules for at in rule.when.get("matches", ())}
    return {*headers_read(operation), *asked} - told


def _holds_secret(keys: Record, request: Request, secrets: Secrets) -> bool:
    hide, media_type = secrets.hide, request.headers.get("content-type", JSON_TYPE)
    text = keys.get("send_text", "")
    return (
        secrets.are_in_request(keys.get("params", {}))
        or secrets.are_in_request(keys.get("send"))
        or hide.headers(keys.get("send_headers", {})) != keys.get("send_headers", {})
        or hide.form(text, media_type) != text
        or any(one in text for one in secrets.told)
        or ("target" in keys and _target(request, secrets) != keys["target"])
    )


def _target(request: Request, secrets: Secrets) -> str:
    hide, query = secrets.hide, f"?{request.query}" if request.query else ""
    return hide.path(request.path, request.path_params) + hide.query(query)
