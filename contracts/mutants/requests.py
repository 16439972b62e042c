"""Requests read and changed: what patches of requests are made of."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, quote, urlencode

from mockportal.engine.call import Request
from mockportal.files.strict_yaml import Tagged
from mockportal.spec.operations import Operation
from mockportal.state.scenario import Scenario
from mockportal.values import Json, Record, decode, encode

Repair = Callable[[Operation, Request, Scenario], Request]
Test = Callable[[Request], bool]


def token_of(authorization: str) -> str:
    return authorization.partition(" ")[2].strip()


def with_token(request: Request, token: str) -> Request:
    return replace(request, headers={**request.headers, "authorization": f"Bearer {token}"})


def query_of(request: Request) -> list[tuple[str, str]]:
    return parse_qsl(request.query, keep_blank_values=True, errors="replace")


def fields_of(request: Request) -> Record:
    """The fields of a JSON body; none where it is something else."""
    try:
        fields = decode(request.body) if request.body else {}
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}


def parameter(name: str, *values: str) -> Repair:
    """The query parameter has these values and no others; without any, it is gone."""

    def repair(operation: Operation, request: Request, scenario: Scenario) -> Request:
        others = [(key, text) for key, text in query_of(request) if key not in (name, f"{name}[]")]
        return replace(request, query=urlencode([*others, *((name, value) for value in values)]))

    return repair


def counted(name: str, change: Callable[[int], int]) -> Repair:
    """The query parameter is another number than was sent; nothing where none was."""

    def repair(operation: Operation, request: Request, scenario: Scenario) -> Request:
        changed = [
            (key, str(change(int(text))) if key == name and text.isdigit() else text)
            for key, text in query_of(request)
        ]
        return replace(request, query=urlencode(changed)) if changed != query_of(request) else request

    return repair


def path(name: str, value: str | Tagged) -> Repair:
    """The path parameter has another value."""

    def repair(operation: Operation, request: Request, scenario: Scenario) -> Request:
        values = {**request.path_params, name: _plain(value, scenario)}
        filled = operation.path
        for key, text in values.items():
            filled = filled.replace(f"{{{key}}}", quote(text, safe=""))
        return replace(request, path=filled, path_params=values)

    return repair


def fields(**values: Json) -> Repair:
    """The body has these fields beside its own; a field of None is taken away. A body of no fields gets them all."""

    def repair(operation: Operation, request: Request, scenario: Scenario) -> Request:
        new = {**fields_of(request), **{name: _plain(value, scenario) for name, value in values.items()}}
        return json_request(request, {name: value for name, value in new.items() if value is not None})

    return repair


def field(name: str, change: Callable[[Json], Json]) -> Repair:
    """A field of the body is changed, if it was sent."""

    def repair(operation: Operation, request: Request, scenario: Scenario) -> Request:
        sent_fields = fields_of(request)
        if name not in sent_fields:
            return request
        return json_request(request, {**sent_fields, name: change(sent_fields[name])})

    return repair


def json_request(request: Request, body: Json) -> Request:
    headers: Mapping[str, str] = {**request.headers, "content-type": "application/json"}
    return replace(request, body=encode(body), headers=headers)


def sends(name: str, value: Json = ...) -> Test:
    """The body has the field, with this value if one is given."""

    def test(request: Request) -> bool:
        sent_fields = fields_of(request)
        return name in sent_fields and value in (..., sent_fields[name])

    return test


def asks(name: str, value: str | None = None) -> Test:
    """The query has the parameter, with this value if one is given."""
    return lambda request: any(key == name and value in (None, text) for key, text in query_of(request))


def lacks(name: str) -> Test:
    """Neither query nor body has it."""
    return lambda request: not asks(name)(request) and name not in fields_of(request)


def holds_text(test: Callable[[str], bool]) -> Test:
    """Somewhere in the body is such a text."""
    return lambda request: any(test(text) for text in _texts(fields_of(request)))


def _texts(value: Json) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in _texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return [value] if isinstance(value, str) else []


def _plain(value: Json, scenario: Scenario) -> Json:
    """An id that is named becomes one."""
    if isinstance(value, Tagged):
        kind, _, alias = str(value.value).partition("/")
        return scenario.id_of(kind, alias)
    return value
