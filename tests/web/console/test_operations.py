"""Operations as a form needs them."""

import json
from pathlib import Path

import pytest
from httpx import ASGITransport, AsyncClient

from mockportal.mock import Mock, Setup, load_mock
from mockportal.web.app import create_app
from tests.web.test_control import ask, http

pytestmark = pytest.mark.anyio
__all__ = ["http"]


async def test_every_operation_is_listed_with_what_answers_it(http: AsyncClient) -> None:
    listed = (await ask(http, "GET", "/worlds/main/operations"))["operations"]

    row = next(one for one in listed if one["operation"] == "createMeterReading")
    assert len(listed) == 149
    assert row == {
        "operation": "createMeterReading",
        "method": "POST",
        "path": "/v2/portal/metering/reading",
        "summary": "Submit a meter reading",
        "area": "metering",
        "statuses": ["200", "400", "401", "403", "500"],
        "answered_by": "behaviour",
        "behaviour": "mockportal.portal.metering.readings.create_reading",
        "tokens": ["PortalAuth"],
        "callers": ["contact_identification", "portal"],
    }


async def test_form_has_parameters_fields_and_an_example(http: AsyncClient) -> None:
    found = await ask(http, "GET", "/worlds/main/operations/createMeterReading")

    fields = {field["name"]: field for field in found["body"]["fields"]}
    assert [one["name"] for one in found["parameters"]] == ["override_plausibility"]
    assert found["body"]["media_type"] == "application/json"
    assert fields["value"] | {"description": ""} == {
        "name": "value",
        "required": True,
        "type": "number",
        "description": "",
    }
    assert fields["direction"]["enum"] == ["feed-in", "feed-out"]
    assert found["body"]["example"]["meter_id"]


async def test_every_form_can_be_made(http: AsyncClient, mock: Mock) -> None:
    for id, operation in mock.spec.operations.items():
        found = await ask(http, "GET", f"/worlds/main/operations/{id}")

        assert len(found["parameters"]) == len(operation.parameters)
        assert (found["body"] is None) == (operation.body is None)


async def test_unknown_operation_is_named(http: AsyncClient) -> None:
    answer = await ask(http, "GET", "/worlds/main/operations/getPortalUsr", None, 404)

    assert answer == {"message": "there is no operation 'getPortalUsr'; did you mean 'getPortalUser'?"}


async def test_operations_of_another_document_have_the_area_of_their_tag(tmp_path: Path) -> None:
    schema = {"type": "object", "properties": {"never": {"not": {}}}, "required": ["never"]}
    body = {"content": {"application/json": {"schema": schema}}}
    added = {
        "operationId": "addPet",
        "tags": ["pets"],
        "requestBody": body,
        "responses": {"201": {"description": ""}},
    }
    listed = {"operationId": "listPets", "responses": {"200": {"description": ""}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Pets", "version": "1"},
        "paths": {"/pets": {"post": added, "get": listed}},
    }
    (tmp_path / "pets.json").write_text(json.dumps(document))
    app = create_app(load_mock(Setup(spec=tmp_path / "pets.json", scenarios=tmp_path)))

    async with AsyncClient(transport=ASGITransport(app), base_url="http://localhost:8080") as client:
        rows = (await ask(client, "GET", "/worlds/main/operations"))["operations"]
        form = await ask(client, "GET", "/worlds/main/operations/addPet")
        people = await ask(client, "GET", "/worlds/main/people")

    assert {row["operation"]: row["area"] for row in rows} == {"addPet": "pets", "listPets": "other"}
    assert form["body"]["example"] is None
    assert people == {"people": []}
