"""Assets: created and changed by the user they belong to."""

import pytest

from mockportal.testing import Client
from tests.support.changes import change, id_of


@pytest.fixture
def anna(newer: Client) -> Client:
    return newer.as_("dev-anna")


def test_asset_belongs_to_the_contact_of_its_maker(anna: Client) -> None:
    made = anna.call(
        "createPortalUserEntity", slug="asset", body={"name": "Speicher", "capacity": 10, "_id": "mine"}
    )

    asset = made["result"]
    assert (asset["_schema"], asset["_title"], asset["capacity"]) == ("asset", "Speicher", 10)
    assert asset["_id"] != "mine"
    assert asset["customer"]["$relation"] == [{"entity_id": id_of(anna.world, "contact/anna")}]
    get = {"slug": "asset", "entity_id": asset["_id"]}
    assert anna.call("getPortalUserEntity", body=get)["result"]["name"] == "Speicher"
    anna.as_("dev-mehmet").call("getPortalUserEntity", body=get, status=404)


def test_patch_merges_and_null_clears(anna: Client) -> None:
    id = id_of(anna.world, "asset/anna-wallbox")

    changed = anna.call(
        "patchPortalUserEntity", slug="asset", id=id, body={"name": "Wallbox Hof", "category": None}
    )

    assert changed["result"]["name"] == "Wallbox Hof"
    assert changed["result"].get("category") is None


def test_foreign_asset_is_not_found(anna: Client) -> None:
    id = id_of(anna.world, "asset/mehmet-speicher")

    anna.call("patchPortalUserEntity", slug="asset", id=id, body={"name": "x"}, status=404)


def test_other_schemas_are_refused_by_the_document(anna: Client) -> None:
    anna.call("createPortalUserEntity", slug="contract", body={}, status=400)


def test_grants_decide(anna: Client) -> None:
    change(anna.world, "portal/p1", {"grants": [{"action": "entity:view", "resource": "*"}]})
    id = id_of(anna.world, "asset/anna-wallbox")

    anna.call("createPortalUserEntity", slug="asset", body={"name": "x"}, status=403)
    anna.call("patchPortalUserEntity", slug="asset", id=id, body={"name": "x"}, status=403)


def test_asset_may_not_point_at_what_the_user_cannot_see(anna: Client) -> None:
    foreign = {"$relation": [{"entity_id": id_of(anna.world, "contract/v-900003")}]}

    anna.call("createPortalUserEntity", slug="asset", body={"contract": foreign}, status=400)
