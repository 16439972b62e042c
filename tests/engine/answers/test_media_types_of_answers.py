"""Answers of other documents: of a media type that is documented, the one that the request likes best."""

import json
from pathlib import Path

import pytest

from mockportal.engine.call import Request
from mockportal.media_types import preferred
from mockportal.mock import Setup, load_mock
from mockportal.testing import Client
from mockportal.values import Json, Record

NUMBER: Record = {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer", "enum": [5]}}}
CONTENTS: dict[str, Record] = {
    "text": {"text/plain": {"schema": {"type": "string"}, "example": "pong"}},
    "hal": {"application/hal+json": {"schema": NUMBER}},
    "bytes": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}, "example": "x"}},
    "charset": {"application/json; charset=utf-8": {"schema": NUMBER}},
    "any": {"*/*": {"schema": NUMBER}},
    "form": {"application/x-www-form-urlencoded": {"schema": NUMBER}},
    "both": {"application/xml": {"schema": NUMBER}, "application/json": {"schema": NUMBER}},
}


@pytest.fixture
def client(tmp_path: Path) -> Client:
    paths = {
        f"/{name}": {
            "get": {"operationId": name, "responses": {"200": {"description": "", "content": content}}}
        }
        for name, content in CONTENTS.items()
    }
    document: Json = {"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": paths}
    document["servers"] = [
        {"url": "https://example.org/api/{version}", "variables": {"version": {"default": "v1"}}},
        {"url": "/"},
    ]
    (tmp_path / "doc.json").write_text(json.dumps(document))
    mock = load_mock(Setup(spec=tmp_path / "doc.json", scenarios=tmp_path))
    return Client(mock, mock.world())


def ask(client: Client, name: str, accept: str = "") -> tuple[str, bytes]:
    headers = {"accept": accept} if accept else {}
    request = Request("GET", f"/{name}", headers=headers)
    exchange = client.mock.engine.answer(client.mock.spec.operations[name], request, client.world)
    assert exchange.reply.status == 200
    return exchange.reply.headers.get("Content-Type", "application/json"), exchange.content


@pytest.mark.parametrize(
    ("name", "media_type", "content"),
    [
        ("text", "text/plain", b"pong"),
        ("hal", "application/hal+json", b'{"a":5}'),
        ("bytes", "application/octet-stream", b"x"),
        ("charset", "application/json; charset=utf-8", b'{"a":5}'),
        ("any", "application/json", b'{"a":5}'),
        ("form", "application/x-www-form-urlencoded", b"a=5"),
        ("both", "application/json", b'{"a":5}'),
    ],
)
def test_answer_has_the_documented_type(client: Client, name: str, media_type: str, content: bytes) -> None:
    assert ask(client, name) == (media_type, content)


def test_answer_has_the_type_that_the_request_likes_best(client: Client) -> None:
    answers = [
        ask(client, "both", accept)
        for accept in ("application/xml", "application/json;q=0.5, text/xml, application/xml;q=0.9", "*/*")
    ]

    assert [media_type for media_type, _ in answers] == [
        "application/xml",
        "application/xml",
        "application/json",
    ]
    assert answers[0][1].endswith(b"<root><a>5</a></root>")


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", "application/json"),
        ("text/html", "application/json"),
        ("text/*", "text/csv"),
        ("text/*;q=0.2, application/json;q=0.1", "text/csv"),
        ("text/csv;q=x", "text/csv"),
        ("*/*;q=0.1, text/csv;q=0", "application/json"),
    ],
)
def test_type_of_an_answer_follows_the_weights(accept: str, chosen: str) -> None:
    assert preferred(accept, ["text/csv", "application/json"]) == chosen


@pytest.mark.parametrize("path", ["/text", "/api/v1/text"])
def test_operation_is_found_with_and_without_the_path_of_the_server(client: Client, path: str) -> None:
    route = client.mock.spec.routes.find(path)

    assert route is not None
    found = route.operation("GET")
    assert found is not None
    assert found[0].id == "text"


def test_path_of_the_server_alone_is_no_operation(client: Client) -> None:
    assert client.mock.spec.routes.find("/api/v1") is None
    assert client.mock.spec.routes.find("/api/v1/nothing") is None


def test_refusal_has_its_documented_type_of_json(tmp_path: Path) -> None:
    refused = {"description": "no", "content": {"application/xml": {}, "application/problem+json": {}}}
    needed = {"name": "n", "in": "query", "required": True, "schema": {"type": "integer"}}
    get = {
        "operationId": "a",
        "parameters": [needed],
        "responses": {"200": {"description": ""}, "400": refused},
    }
    document = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/a": {"get": get}}}
    (tmp_path / "doc.json").write_text(json.dumps(document))
    mock = load_mock(Setup(spec=tmp_path / "doc.json", scenarios=tmp_path))

    reply = Client(mock, mock.world()).exchange("a").reply

    assert (reply.status, reply.headers["Content-Type"]) == (400, "application/problem+json")
    assert reply.body["message"] == "query: 'n' is a required property"
