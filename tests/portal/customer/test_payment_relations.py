"""What a payment method pays for."""

from mockportal.engine.world import World
from mockportal.testing import Client
from tests.support.changes import change, id_of

BANK_ACCOUNT = "9add4233-2896-5f3c-bf1c-2366757259f4"


def test_entities_are_found_by_the_customer_whose_payment_they_use(anna: Client, world: World) -> None:
    found = anna.call("searchPaymentRelationsInEntities", id=id_of(world, "contact/anna"))

    assert found["hits"] == 2
    assert [one["contract_number"] for one in found["results"]] == ["V-900001", "V-900002"]


def test_entities_are_found_by_the_id_of_the_payment(anna: Client, world: World) -> None:
    ref = {"entity_id": id_of(world, "contact/anna"), "path": "payment", "_id": BANK_ACCOUNT}
    change(world, "contract/v-900002", {"payment": {"$relation_ref": [ref]}})

    found = anna.call("searchPaymentRelationsInEntities", id=BANK_ACCOUNT)

    assert [one["contract_number"] for one in found["results"]] == ["V-900002"]


def test_only_an_administrator_finds_what_others_pay(anna: Client, admin: Client, world: World) -> None:
    id = id_of(world, "contact/mehmet")

    as_anna = anna.call("searchPaymentRelationsInEntities", id=id)
    as_admin = admin.call("searchPaymentRelationsInEntities", id=id)

    assert as_anna == {"results": [], "hits": 0}
    assert as_admin["hits"] == 2


def test_unknown_payment_pays_for_nothing(admin: Client) -> None:
    assert admin.call("searchPaymentRelationsInEntities", id=BANK_ACCOUNT) == {"results": [], "hits": 0}


def test_closed_slug_is_not_found(anna: Client, world: World) -> None:
    change(world, "portal/p1", {"allowed_portal_entities": ["contact"]})

    found = anna.call("searchPaymentRelationsInEntities", id=id_of(world, "contact/anna"))

    assert found["hits"] == 0
