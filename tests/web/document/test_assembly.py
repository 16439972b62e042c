"""The document of the control API: complete, sound, and with examples that hold."""

from collections.abc import Iterator

import pytest
from httpx import ASGITransport, AsyncClient
from starlette.routing import Route

from mockportal import __version__
from mockportal.files.pointers import pointer_to
from mockportal.mock import Mock, Setup
from mockportal.spec.spec import Spec, compile_spec
from mockportal.values import Json, Record
from mockportal.web.app import create_app
from mockportal.web.control.app import control_app
from mockportal.web.document.assembly import ControlOperation, control_document, descriptions
from tests.support.control_examples import fits, target_of

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def document(mock: Mock) -> Record:
    return control_document(mock, "http://127.0.0.1:8080/__mockportal")


@pytest.fixture(scope="module")
def compiled(document: Record) -> Spec:
    return compile_spec(document, [], "openapi.json")


def test_document_and_routes_name_the_same_methods_and_paths(mock: Mock, document: Record) -> None:
    routes = {
        f"{method} {route.path.replace(':int', '').replace(':path', '')}"
        for route in control_app(mock).routes
        if isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD"}
    }

    described = {f"{method.upper()} {path}" for path, item in document["paths"].items() for method in item}

    assert described == routes


def test_version_is_that_of_the_package(document: Record) -> None:
    assert document["info"]["version"] == __version__


def test_bodies_are_closed_objects_apart_from_records_and_merge_patches(document: Record) -> None:
    schemas = document["components"]["schemas"]
    is_open = []
    for one in descriptions():
        operation = document["paths"][one.path][one.method.lower()]
        for media in operation.get("requestBody", {}).get("content", {}).values():
            name = media["schema"].get("$ref", "").rpartition("/")[2]
            if schemas.get(name, media["schema"]).get("additionalProperties") is not False:
                is_open.append(one.raw["id"])

    assert is_open == ["putRecord", "patchRecord"]


def test_rules_and_scenarios_have_the_schemas_that_they_are_held_to(document: Record, mock: Mock) -> None:
    schemas = document["components"]["schemas"]

    assert schemas["Rule"]["properties"]["operation"]["oneOf"][0]["enum"][1:] == sorted(mock.spec.operations)
    assert schemas["Scenario"]["properties"]["rules"]["items"] == {"$ref": "#/components/schemas/Rule"}


def test_operations_have_ids_and_summaries_of_their_own() -> None:
    ids = {one.raw["id"] for one in descriptions()}
    summaries = {one.raw["summary"] for one in descriptions()}

    assert len(ids) == len(summaries) == len(descriptions())


async def test_every_example_is_answered_as_it_says_and_by_its_schema(spec: Spec, compiled: Spec) -> None:
    app = create_app(Mock(Setup(), spec))
    app.state.end_streams()
    wrong = []

    async with AsyncClient(transport=ASGITransport(app), base_url="http://127.0.0.1:8080") as http:
        for one in descriptions():
            body = {"json": one.example["body"]} if "body" in one.example else {}
            answer = await http.request(one.method, target_of(one), **body)
            shown = one.example.get("answer")
            if answer.status_code != int(one.example["status"]) or (
                shown is not None and not fits(shown, answer.json())
            ):
                wrong.append(f"{one.method} {one.path}: {answer.status_code} {answer.text[:2000]}")
            if shown is not None:
                wrong += problems(compiled, one, answer.json())

    assert wrong == []


def test_every_example_fits_its_schema(compiled: Spec) -> None:
    assert [problem for one in descriptions() for problem in example_problems(compiled, one)] == []


def problems(compiled: Spec, one: ControlOperation, body: Json) -> list[str]:
    """The ways in which an answer breaks its schema."""
    operation = f"{pointer_to('paths', one.path, one.method.lower())}"
    status = one.example["status"]
    inline = status in one.raw["answers"]
    at = (
        f"{operation}{pointer_to('responses', status, 'content', 'application/json', 'schema')}"
        if inline
        else "/components/schemas/Refusal"
    )
    found = compiled.validators.at("response", at).violations(body, "body")
    return [f"{one.method} {one.path}: {violation.path} {violation.message}" for violation in found]


def example_problems(compiled: Spec, one: ControlOperation) -> Iterator[str]:
    if one.example.get("answer") is not None:
        yield from problems(compiled, one, one.example["answer"])
    if "body" in one.example:
        at = pointer_to(
            "paths", one.path, one.method.lower(), "requestBody", "content", "application/json", "schema"
        )
        found = compiled.validators.at("request", at).violations(one.example["body"], "body")
        yield from (f"{one.method} {one.path}: {violation.path} {violation.message}" for violation in found)


async def test_the_document_is_served_with_the_address_it_was_asked_for_at(spec: Spec) -> None:
    app = create_app(Mock(Setup(), spec))

    async with AsyncClient(transport=ASGITransport(app), base_url="http://localhost:9000") as http:
        answer = await http.get("/__mockportal/openapi.json")

    assert answer.json()["servers"] == [{"url": "http://localhost:9000/__mockportal"}]
