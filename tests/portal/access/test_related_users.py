import pytest

from mockportal.engine.world import World
from mockportal.testing import Client
from tests.support.changes import change, id_of


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        ("contract/v-900001", ["Anna Berger"]),
        ("meter/1tst0010000004", ["Claudia Hoffmann", "Jonas Hoffmann"]),
        ("meter_counter/1tst0010000001-1.8.0", ["Anna Berger"]),
        ("account/ac-200001", ["Emilia Roth", "Jan Peters", "Lukas Vogt", "Sabine Krämer"]),
        ("contract/v-900008", ["Emilia Roth", "Jan Peters", "Lukas Vogt", "Sabine Krämer"]),
        ("contact/claudia", ["Claudia Hoffmann", "Jonas Hoffmann"]),
        ("contact/jonas", ["Jonas Hoffmann"]),
        ("contact/otto", []),
        ("contract/v-900123", []),
        ("portal_user/anna", ["Anna Berger"]),
        ("portal_user/gone", []),
    ],
)
def test_users_who_see_an_entity(admin: Client, world: World, name: str, titles: list[str]) -> None:
    slug = name.partition("/")[0]

    answer = admin.call("fetchPortalUsersByRelatedEntity", slug=slug, entity_id=id_of(world, name))

    assert sorted(user["_title"] for user in answer["portalUsers"]) == titles


def test_unknown_entity_concerns_nobody(admin: Client, world: World) -> None:
    contract = id_of(world, "contract/v-900001")

    for slug in ("order", "portal", "unknown"):
        assert admin.call("fetchPortalUsersByRelatedEntity", slug=slug, entity_id=contract) == {
            "portalUsers": []
        }


def test_entity_of_another_organization_concerns_nobody(admin: Client, world: World) -> None:
    change(world, "contract/v-900001", {"_org": "500002"})
    contract = id_of(world, "contract/v-900001")

    answer = admin.call("fetchPortalUsersByRelatedEntity", slug="contract", entity_id=contract)

    assert answer == {"portalUsers": []}


def test_file_that_is_not_shared_concerns_nobody(admin: Client, world: World) -> None:
    files = world.draft().collection("file")
    internal = next(file for file in files if file["shared_with_end_customer"] is False)

    answer = admin.call("fetchPortalUsersByRelatedEntity", slug="file", entity_id=internal["_id"])

    assert answer == {"portalUsers": []}
