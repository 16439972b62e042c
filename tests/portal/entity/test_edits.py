import pytest

from mockportal.engine.world import World
from mockportal.testing import Client
from mockportal.values import Json
from tests.support.changes import activity_types, change, id_of, record_of


@pytest.mark.parametrize(
    "body",
    [
        {"_id": "other", "_title": 5, "_tags": 5},
        {"account": {"$relation": [{"entity_id": "00000000-0000-4000-8000-000000000000"}]}},
        {"contracts": {"$relation": []}},
        {"balance": 0, "templates_output": 5, "journey_actions": 5},
    ],
)
def test_system_keys_relations_and_computed_values_are_ignored(
    anna: Client, world: World, body: Json
) -> None:
    before = record_of(world, "contact/anna")

    anna.call("updateContact", body=body)

    assert record_of(world, "contact/anna") == before


def test_contract_keeps_its_owner_number_and_status(anna: Client, world: World) -> None:
    before = record_of(world, "contract/v-900001")
    mehmet = {"$relation": [{"entity_id": id_of(world, "contact/mehmet")}]}
    body = {
        "customer": mehmet,
        "contract_number": "V-1",
        "status": "draft",
        "balance": -1,
        "billing_account": mehmet,
    }

    answer = anna.call("updateContract", id=before["_id"], body=body)

    assert answer["data"]["balance"] == 0
    assert record_of(world, "contract/v-900001") == before


@pytest.mark.parametrize(
    "body",
    [
        {"email": "anna@example.org"},
        {"email": ["anna@example.org"]},
        {"first_name": 5},
        {"first_name": True},
        {"address": {"city": "Musterau"}},
        {"moved_at": "yesterday"},
        {"moved_at": 5},
        {"friend": {"$relation": 5}},
        {"friend": {"$relation": [5]}},
        {"friend": {"$relation": [{"entity_id": "00000000-0000-4000-8000-000000000000"}]}},
    ],
)
def test_value_that_does_not_fit_is_a_bad_request(anna: Client, world: World, body: Json) -> None:
    before = world.state

    anna.call("updateContact", body=body, status=400)

    assert world.state is before


def test_reference_reaches_no_entity_of_another_customer(anna: Client, world: World) -> None:
    address = {"entity_id": id_of(world, "contact/mehmet"), "path": "address", "_id": "addr-1"}
    body = {"delivery_address": {"$relation_ref": [address]}}

    anna.call("updateContract", id=id_of(world, "contract/v-900001"), body=body, status=400)


def test_reference_reaches_no_hidden_attribute(anna: Client, world: World) -> None:
    note = {"entity_id": id_of(world, "contact/anna"), "path": "internal_note"}
    body = {"lines": [{"delivery_address": {"$relation_ref": [note]}}]}

    anna.call("updateContract", id=id_of(world, "contract/v-900001"), body=body, status=400)


def test_reference_to_the_own_address_is_taken(anna: Client, world: World) -> None:
    own = {"entity_id": id_of(world, "contact/anna"), "path": "address", "_id": "addr-1"}
    body = {"additional_addresses": {"$relation_ref": [own]}}

    answer = anna.call("updateContract", id=id_of(world, "contract/v-900001"), body=body)

    assert answer["data"]["additional_addresses"] == "Am Kirchberg 4, 12345 Musterau"


def test_hidden_attribute_cannot_be_set(anna: Client) -> None:
    anna.call("updateContact", body={"internal_note": "x"}, status=403)


def test_edit_needs_a_grant(anna: Client, world: World) -> None:
    anna.call("updateOpportunity", id=id_of(world, "opportunity/op-3004"), body={"note": "x"}, status=403)


def test_attribute_under_approval_stays_and_shows_the_proposal(anna: Client, world: World) -> None:
    before = record_of(world, "contact/anna")
    moved = [{"_id": "addr-1", "street": "Neue Gasse", "street_number": "1", "city": "Musterau"}]

    answer = anna.call("updateContact", body={"address": moved})

    assert answer["data"]["address"] == before["address"]
    assert answer["data"]["_changesets"] == {
        "address": {
            "proposed_value": moved,
            "previous_value": before["address"],
            "created_at": "2026-06-15T07:00:00.000Z",
            "created_by": {"type": "portal_user", "id": id_of(world, "portal_user/anna")},
            "edit_mode": "approval",
            "source": "end_customer_portal",
        }
    }
    assert activity_types(world, "contact/anna") == ["ChangesetCreated"]


def test_later_proposal_replaces_the_earlier_one(anna: Client, world: World) -> None:
    anna.call("updateContact", body={"address": [{"street": "Erste"}]})

    anna.call("updateContact", body={"address": [{"street": "Zweite"}], "salutation": "Dr."})

    contact = record_of(world, "contact/anna")
    assert contact["_changesets"]["address"]["proposed_value"] == [{"street": "Zweite"}]
    assert contact["salutation"] == "Dr."
    types = ["ChangesetCreated", "ChangesetCreated", "EntityUpdatedFromPortal"]
    assert activity_types(world, "contact/anna") == types


def test_portal_without_grants_lets_everything_be_edited(anna: Client, world: World) -> None:
    change(world, "portal/p1", {"grants": None})

    answer = anna.call("updateOrder", id=id_of(world, "order/an-2026-00431"), body={"note": "bitte anrufen"})

    assert answer["data"]["note"] == "bitte anrufen"
