from datetime import timedelta

import pytest

from mockportal.engine.world import World
from mockportal.testing import Client
from tests.support.changes import activity_types, change, id_of, record_of, titles


def test_orders_are_the_users_own_and_newest_first(anna: Client, nobody: Client) -> None:
    assert titles(anna, "getAllOrders") == ["AN-2026-00431", "AU-2025-01102"]
    assert titles(nobody.as_("dev-sabine"), "getAllOrders") == ["AN-2026-00440"]


def test_orders_come_in_pages(anna: Client) -> None:
    assert titles(anna, "getAllOrders", **{"from": 1, "size": 5}) == ["AU-2025-01102"]
    assert titles(anna, "getAllOrders", size=0) == []


def test_listed_order_has_one_action_and_the_order_itself_a_list(anna: Client, world: World) -> None:
    listed = anna.call("getAllOrders")["data"][0]["journey_actions"]
    detailed = anna.call("getOrder", id=id_of(world, "order/an-2026-00431"))["journey_actions"]

    assert listed["action_label"]["en"] == "Ask about the offer"
    assert detailed == [listed]


def test_closed_slug_is_forbidden(nobody: Client) -> None:
    nobody.as_("dev-marek").call("getAllOrders", status=403)


def test_order_comes_with_its_bundle(anna: Client, world: World) -> None:
    answer = anna.call("getOrder", id=id_of(world, "order/an-2026-00431"))

    assert answer["entity"]["order_number"] == "AN-2026-00431"
    assert [product["_schema"] for product in answer["products"]] == ["product"]
    assert all(file["_schema"] == "file" for file in answer["files"])
    assert len(answer["files"]) == 1
    assert id_of(world, "contact/anna") in {entity["_id"] for entity in answer["relations"]}
    assert answer["workflow"] == []


def test_order_names_what_goes_with_its_products(anna: Client, world: World) -> None:
    answer = anna.call("getOrder", id=id_of(world, "order/au-2025-01102"))

    assert [product["_id"] for product in answer["products"]] == [id_of(world, "product/oekostrom-24")]
    assert id_of(world, "product/wallbox") in {product["_id"] for product in answer["crossSellableProducts"]}


@pytest.mark.parametrize("operation", ["getOrder", "updateOrder", "postOrderAcceptance"])
def test_order_of_another_customer_is_not_found(nobody: Client, world: World, operation: str) -> None:
    body = {"decision": "accept"} if operation == "postOrderAcceptance" else None

    nobody.as_("dev-mehmet").call(operation, id=id_of(world, "order/an-2026-00431"), body=body, status=404)


@pytest.mark.parametrize(
    ("token", "name", "decision", "status"),
    [
        ("dev-anna", "order/an-2026-00431", "accept", "placed"),
        ("dev-hoffmann", "order/an-2026-00417", "decline", "cancelled"),
    ],
)
def test_open_offer_is_decided(
    nobody: Client, world: World, token: str, name: str, decision: str, status: str
) -> None:
    client = nobody.as_(token)

    answer = client.call("postOrderAcceptance", id=id_of(world, name), body={"decision": decision})

    assert answer["data"]["status"] == status
    assert client.call("getOrder", id=id_of(world, name))["entity"]["status"] == status
    assert activity_types(world, name) == ["EntityUpdatedFromPortal"]


def test_acceptance_shows_on_the_customer_too(anna: Client, world: World) -> None:
    anna.call("postOrderAcceptance", id=id_of(world, "order/an-2026-00431"), body={"decision": "accept"})

    assert activity_types(world, "contact/anna") == ["EntityUpdatedFromPortal"]


@pytest.mark.parametrize("decision", ["accept", "decline"])
def test_offer_is_decided_once(anna: Client, world: World, decision: str) -> None:
    order = id_of(world, "order/an-2026-00431")
    anna.call("postOrderAcceptance", id=order, body={"decision": "accept"})

    anna.call("postOrderAcceptance", id=order, body={"decision": decision}, status=409)

    assert record_of(world, "order/an-2026-00431")["status"] == "placed"


@pytest.mark.parametrize(
    ("token", "name", "message"),
    [
        ("dev-tom", "order/an-2026-00388", "the offer expired on 2026-05-31"),
        ("dev-anna", "order/au-2025-01102", "the order is complete, not open for acceptance"),
        ("dev-mehmet", "order/an-2026-00350", "the order is cancelled already"),
        ("dev-sabine", "order/an-2026-00440", "the order is quote, not open for acceptance"),
    ],
)
def test_offer_that_is_not_open_is_a_conflict(
    nobody: Client, world: World, token: str, name: str, message: str
) -> None:
    answer = nobody.as_(token).call(
        "postOrderAcceptance", id=id_of(world, name), body={"decision": "accept"}, status=409
    )

    assert answer["message"] == message


@pytest.mark.parametrize(("hours", "status"), [(38.9, 200), (39.1, 409)])
def test_offer_ends_with_its_last_day_in_germany(
    anna: Client, world: World, hours: float, status: int
) -> None:
    change(world, "order/an-2026-00431", {"expires_at": "2026-06-16"})
    world.clock = world.clock.advanced(timedelta(hours=hours))

    anna.call(
        "postOrderAcceptance",
        id=id_of(world, "order/an-2026-00431"),
        body={"decision": "accept"},
        status=status,
    )


@pytest.mark.parametrize(
    ("expires_at", "status"),
    [
        ("2026-06-15T07:00:00.001Z", 200),
        ("2026-06-15T09:30:00+02:00", 200),
        ("2026-06-15T07:00:00.000Z", 409),
        ("2026-06-15T06:59:59Z", 409),
        ("2026-06-15", 200),
    ],
)
def test_offer_with_a_time_ends_at_that_instant(
    anna: Client, world: World, expires_at: str, status: int
) -> None:
    change(world, "order/an-2026-00431", {"expires_at": expires_at})

    anna.call(
        "postOrderAcceptance",
        id=id_of(world, "order/an-2026-00431"),
        body={"decision": "accept"},
        status=status,
    )


def test_offer_without_an_expiry_stays_open(anna: Client, world: World) -> None:
    change(world, "order/an-2026-00431", {"expires_at": None})

    anna.call("postOrderAcceptance", id=id_of(world, "order/an-2026-00431"), body={"decision": "accept"})


@pytest.mark.parametrize("body", [None, {}, {"decision": "later"}, {"decision": "accept", "why": "x"}])
def test_decision_is_one_of_two(anna: Client, world: World, body: object) -> None:
    anna.call("postOrderAcceptance", id=id_of(world, "order/an-2026-00431"), body=body, status=400)


def test_update_cannot_decide_an_order(anna: Client, world: World) -> None:
    change(world, "portal/p1", {"grants": None})
    body = {"status": "placed", "expires_at": "2027-01-01", "note": "x"}

    answer = anna.call("updateOrder", id=id_of(world, "order/an-2026-00431"), body=body)

    assert answer["data"]["status"] == "open_for_acceptance"
    assert answer["data"]["expires_at"] == "2026-06-30"
    assert answer["data"]["note"] == "x"
