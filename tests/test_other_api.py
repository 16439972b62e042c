"""An API that is not the shipped one, in process: plain relations, plain tokens, records without system fields."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mockportal.engine.call import request_for
from mockportal.engine.world import World
from mockportal.errors import FileError
from mockportal.mock import Mock, Setup, load_mock
from mockportal.state.data_model import Kind, Relation, UnknownCollection, data_model
from mockportal.testing import Client
from mockportal.values import Json, Record

CODE = """
from mockportal.engine.api import Api, operation
from mockportal.state.data_model import Kind, Relation, data_model

API = Api(
    data=data_model(
        (Kind("customer"), Kind("order")),
        (Relation("order", "customer", "orders", ("customer",)),),
    )
)


@operation("listOrders")
def list_orders(call, state):
    found = state.referring(call.params["customer"], "order", "customer") if "customer" in call.params else []
    return {"orders": found, "filter": call.params.get("filter")}


@operation("countBaskets")
def count_baskets(call, state):
    return {"baskets": len(list(state.collection("basket")))}
"""
FINE: Record = {
    "200": {
        "description": "fine",
        "headers": {"X-Total": {"schema": {"type": "integer"}}},
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
}
FILTER: Record = {
    "type": "object",
    "properties": {"status": {"type": "string"}, "year": {"type": "integer"}},
}
DOCUMENT: Record = {
    "openapi": "3.0.3",
    "info": {"title": "Shop", "version": "1"},
    "paths": {
        "/orders": {
            "get": {
                "operationId": "listOrders",
                "parameters": [
                    {"name": "customer", "in": "query", "schema": {"type": "string"}},
                    {"name": "filter", "in": "query", "style": "deepObject", "schema": FILTER},
                ],
                "responses": FINE,
            }
        },
        "/baskets": {"get": {"operationId": "countBaskets", "responses": FINE}},
        "/news": {
            "get": {
                "operationId": "readNews",
                "responses": {**FINE, "302": {"description": "moved"}},
            }
        },
    },
}
DATA = {
    "customer": {"ada": {"name": "Ada"}, "bob": {"name": "Bob"}},
    "order": {
        "lamp": {"item": "Lamp", "customer": "!rel customer/ada"},
        "desk": {"item": "Desk", "customer": "!rel [customer/ada, customer/bob]"},
    },
}
PARTS: dict[str, Any] = {"filter[status]": "open", "filter[year]": 2026}
Load = Callable[[Json], Mock]


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    package = f"shop_{tmp_path.name}"
    (tmp_path / f"{package}.py").write_text(CODE)
    (tmp_path / "shop.json").write_text(json.dumps(DOCUMENT))
    monkeypatch.syspath_prepend(tmp_path)

    def loaded(scenario: Json) -> Mock:
        # JSON is YAML; a tag has to stand outside of quotes
        text = json.dumps(scenario).replace('"!rel ', "!rel ").replace('customer/ada"', "customer/ada")
        (tmp_path / "default.yaml").write_text(text.replace('customer/bob]"', "customer/bob]"))
        return load_mock(Setup(spec=tmp_path / "shop.json", behaviours=package, scenarios=tmp_path))

    return loaded


def test_records_are_found_by_the_records_that_they_refer_to(load: Load) -> None:
    client = _client(load({"about": "two customers", "entities": DATA}))
    names = client.world.scenario.aliases["customer"]

    items = {
        alias: [order["item"] for order in client.call("listOrders", customer=id)["orders"]]
        for alias, id in names.items()
    }

    assert items == {"ada": ["Lamp", "Desk"], "bob": ["Desk"]}


def test_relation_that_is_written_at_its_far_end_is_a_mistake_unless_it_is_empty(load: Load) -> None:
    load({"entities": {"customer": {"ada": {"orders": []}}}})

    with pytest.raises(FileError, match=r"/orders: is the inverse of order.customer: set it there"):
        load({"entities": {"customer": {"ada": {"orders": ["5"]}}}})


def test_parts_of_an_object_in_the_query_are_put_together(load: Load) -> None:
    client = _client(load({"about": "nothing"}))

    made = client.call("listOrders", **PARTS)

    assert made["filter"] == {"status": "open", "year": 2026}
    assert client.call("listOrders")["filter"] is None


def test_collection_that_the_api_does_not_have_is_named_in_a_500(load: Load) -> None:
    client = _client(load({"about": "nothing"}))

    reply = client.exchange("countBaskets").reply

    assert (reply.status, reply.answered_by) == (500, "audit")
    assert reply.body["message"].startswith(
        "the behaviour of countBaskets is wrong: there is no collection 'basket'"
    )


def test_preferred_redirect_leads_somewhere(load: Load) -> None:
    client = _client(load({"about": "nothing"}))
    operation = client.mock.spec.operations["readNews"]
    request = replace(request_for(operation, {}), headers={"prefer": "code=302"})

    reply = client.mock.engine.answer(operation, request, client.world).reply

    assert (reply.status, reply.headers["Location"]) == (302, client.mock.api.samples.url)


def test_operation_without_a_behaviour_is_answered_from_an_example(load: Load) -> None:
    mock = load({"about": "nothing"})

    answered_by = {
        operation.id: mock.engine.responders.answered_by(operation)
        for operation in mock.spec.operations.values()
    }

    assert answered_by == {"listOrders": "behaviour", "countBaskets": "behaviour", "readNews": "example"}


def test_document_without_a_scenario_starts_empty(tmp_path: Path) -> None:
    (tmp_path / "shop.json").write_text(json.dumps(DOCUMENT))

    world = load_mock(Setup(spec=tmp_path / "shop.json", scenarios=tmp_path)).world()

    assert (world.scenario.aliases, world.scenario.tokens) == ({}, {})


def test_relation_of_an_unknown_collection_is_refused() -> None:
    with pytest.raises(ValueError, match=r"the relation order.customer names no collection: 'customer'"):
        data_model((Kind("order"),), (Relation("order", "customer", "orders", ("customer",)),))


def test_records_of_a_plain_data_model_define_no_attributes_of_their_own() -> None:
    assert [*data_model((Kind("order"),)).own_attributes("order", None)] == []


def test_unknown_collection_is_named_with_the_nearest_and_all_others() -> None:
    with pytest.raises(UnknownCollection, match=r"no collection 'odrer'; did you mean 'order'\? \(known: "):
        data_model((Kind("order"),)).kind("odrer")


def _client(mock: Mock) -> Client:
    return Client(mock, World("test", mock.scenario(None)))
