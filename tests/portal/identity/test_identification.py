import pytest

from mockportal.engine.world import World
from mockportal.portal.identity.identification import customers_of, has_values, is_address, users_by_email
from tests.support.changes import change, id_of, record_of


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("anna.berger@example.org", True),
        ("a@b.c", True),
        ("", False),
        ("anna", False),
        ("anna@example", False),
        ("anna@@example.org", False),
        ("anna berger@example.org", False),
        ("anna@example..org", False),
        ("anna@example.org.", False),
    ],
)
def test_address_is_well_formed(text: str, good: bool) -> None:
    assert is_address(text) is good


@pytest.mark.parametrize(
    ("name", "contacts", "accounts"),
    [
        ("contract/v-900001", {"anna"}, set()),
        ("meter/1tst0010000006", {"sabine", "lukas", "emilia", "jan"}, {"ac-200001"}),
        ("contact/marek", {"marek"}, {"ac-200002"}),
        ("account/ac-200002", {"marek"}, {"ac-200002"}),
        ("billing_event/v-900001-2026-05", {"anna"}, set()),
        ("contract/v-900123", set(), set()),
        ("product/dynamik", set(), set()),
    ],
)
def test_customers_behind_an_entity(world: World, name: str, contacts: set[str], accounts: set[str]) -> None:
    slug, record, draft = name.partition("/")[0], record_of(world, name), world.draft()

    assert customers_of(draft, slug, record, "contact") == {
        id_of(world, f"contact/{one}") for one in contacts
    }
    assert customers_of(draft, slug, record, "account") == {
        id_of(world, f"account/{one}") for one in accounts
    }


def test_owner_of_a_file_is_who_it_hangs_on(world: World) -> None:
    file = (
        world.draft().collection("contract").get(id_of(world, "contract/v-900001"))["_files"]["$relation"][0]
    )
    record = world.draft().collection("file").get(file["entity_id"])

    assert customers_of(world.draft(), "file", record, "contact") == {id_of(world, "contact/anna")}


def test_values_are_found_in_lists_and_blanks_in_nothing() -> None:
    contact = {"email": [{"email": "Anna@example.org"}], "last_name": "Berger", "first_name": ""}

    assert has_values(contact, {"email": "anna@example.org ", "last_name": "BERGER"})
    assert not has_values(contact, {"first_name": ""})
    assert not has_values(contact, {"birthdate": "1986-03-12"})


def test_address_in_a_scenario_may_be_in_capitals(world: World) -> None:
    change(world, "portal_user/anna", {"email": "Anna.Berger@Example.org"})

    [user] = users_by_email(world.draft(), "anna.berger@example.ORG")

    assert user["_id"] == id_of(world, "portal_user/anna")
