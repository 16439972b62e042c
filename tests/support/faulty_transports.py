"""Ways to a mock that hears something else than what was said, or does not want to hear it."""

from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, urlencode

from mockportal.judge.model import Received
from mockportal.judge.wire.transports import Transport, in_process
from mockportal.mock import Mock
from mockportal.values import Json, Record, decode, encode
from mockportal.web.app import create_app

# The query or the fields of the body of one request -> those that are heard
Hears = Callable[[Record], Record]


def hearing(mock: Mock, operation: str, hears: Hears) -> Transport:
    """A transport that puts what `hears` makes of them in the place of an operation's parameters or fields."""
    door = in_process(create_app(mock))

    async def send(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Received:
        if _is(mock, operation, method, target):
            path, _, query = target.partition("?")
            fields = _fields(body)
            if fields:
                body = encode(hears(fields))
            elif not body:
                target = f"{path}?{urlencode(hears(_lists(query)), doseq=True)}"
        return await door(method, target, headers, body)

    return send


def refusing(mock: Mock, operation: str, text: str) -> Transport:
    """A transport that answers 400 to the requests for an operation in which there is `text`."""
    door = in_process(create_app(mock))

    async def send(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Received:
        if _is(mock, operation, method, target) and text in target + body.decode():
            return Received(400, (("content-type", "application/json"),), b'{"message":"no"}')
        return await door(method, target, headers, body)

    return send


def demanding(mock: Mock, operation: str) -> Transport:
    """A transport that answers 400 to the requests for an operation that have no body."""
    door = in_process(create_app(mock))

    async def send(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Received:
        if _is(mock, operation, method, target) and not body:
            return Received(400, (("content-type", "application/json"),), b'{"message":"no"}')
        return await door(method, target, headers, body)

    return send


def losing(mock: Mock, operation: str) -> Transport:
    """A transport that brings the requests for an operation into another world, so that nobody sees what they do."""
    door = in_process(create_app(mock))

    async def send(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Received:
        if _is(mock, operation, method, target):
            headers = {**headers, "X-Mockportal-World": "nowhere"}
        return await door(method, target, headers, body)

    return send


def without(*names: str) -> Hears:
    """Does not hear these."""
    return lambda said: {name: value for name, value in said.items() if name not in names}


def instead(name: str, change: Callable[[Json], Json]) -> Hears:
    """Hears another value for one name."""
    return lambda said: {key: change(value) if key == name else value for key, value in said.items()}


def _is(mock: Mock, operation: str, method: str, target: str) -> bool:
    route = mock.spec.routes.find(target.partition("?")[0])
    found = route.operation(method) if route else None
    return found is not None and found[0].id == operation


def _fields(body: bytes) -> Record:
    try:
        value = decode(body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _lists(query: str) -> Record:
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        found.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}
