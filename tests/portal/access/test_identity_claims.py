from mockportal.engine.world import World
from mockportal.portal.access.identity_claims import claimed, refreshed_contact
from mockportal.values import Record
from tests.support.changes import id_of, record_of

PROVIDER: Record = {
    "attribute_mappings": {
        "contact": {"email": "email"},
        "account": {"name": "company", "street": "address.street", "house_number": "address.number"},
        "concession_attributes": {"energy": "power", "gas": "gas", "water": "water"},
    }
}


def accounts_after(world: World, contact: str, claims: Record) -> list[Record]:
    draft = world.draft()
    refreshed_contact(draft, PROVIDER, id_of(world, contact), claims)
    account = draft.collection("contact").get(id_of(world, contact)).get("account", {"$relation": []})
    return [draft.collection("account").get(item["entity_id"]) for item in account["$relation"]]


def test_path_is_a_name_or_leads_into_a_claim() -> None:
    claims = {"custom.id": 1, "address": {"city": "Musterau"}, "empty": ""}

    found = claimed({"a": "custom.id", "b": "address.city", "c": "address.city.name", "d": "empty"}, claims)

    assert found == {"a": 1, "b": "Musterau"}


def test_account_is_refreshed(world: World) -> None:
    [account] = accounts_after(
        world, "contact/marek", {"company": "Sonnleitner GmbH", "power": True, "gas": False}
    )

    assert account["_id"] == id_of(world, "account/ac-200002")
    assert (account["name"], account["concession"]) == ("Sonnleitner GmbH", ["power"])


def test_address_of_the_account_keeps_the_rest(world: World) -> None:
    [account] = accounts_after(world, "contact/sabine", {"address": {"street": "Neuer Weg"}})

    assert account["address"][0]["street"] == "Neuer Weg"
    assert account["address"][0]["city"] == "Musterau"
    assert len(account["address"]) == 2


def test_contact_without_an_account_gets_one(world: World) -> None:
    claims = {"company": "Berger OHG", "address": {"street": "Am Kirchberg", "number": "4"}}

    [account] = accounts_after(world, "contact/anna", claims)

    assert account["_title"] == "Berger OHG"
    assert account["address"] == [
        {"_id": "addr-1", "street": "Am Kirchberg", "street_number": "4", "_tags": ["Primary"]}
    ]


def test_nothing_claimed_makes_no_account(world: World) -> None:
    assert accounts_after(world, "contact/anna", {"email": "anna.berger@example.org"}) == []


def test_contact_that_is_gone_is_left_alone(world: World) -> None:
    draft = world.draft()

    refreshed_contact(draft, PROVIDER, "gone", {"email": "x@example.org"})

    assert draft.state is world.state


def test_mapping_that_is_no_path_says_nothing(world: World) -> None:
    mappings = {"contact": {"first_name": 5}, "concession_attributes": {"energy": {"a": "b"}}}

    refreshed_contact(
        world.draft(), {"attribute_mappings": mappings}, id_of(world, "contact/marek"), {"5": "x"}
    )

    assert record_of(world, "contact/marek")["first_name"] == "Marek"
