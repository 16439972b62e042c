import pytest

from mockportal.engine.world import World
from mockportal.testing import Client
from mockportal.values import Json, Record
from tests.support.changes import activity_types, change, id_of, record_of


def bill(contract: str, meter: str) -> Record:
    return {"contract": {"contract_number": contract}, "meter": {"meter_number": meter}}


FREE = bill("V-900123", "1TST0010000099")


@pytest.fixture
def tom(nobody: Client) -> Client:
    return nobody.as_("dev-tom")


def with_hook(world: World, mode: str, **hook: Json) -> None:
    lookup = {"id": "contract-lookup", "type": "contractIdentification", "assignment_mode": mode, **hook}
    selection = {
        "app_id": "musterau-energiedaten",
        "extension_id": "energy-data",
        "hook_id": "contract-lookup",
    }
    change(world, "extension/energy-data", {"hooks": [lookup]})
    change(world, "portal/p1", {"extension_hooks": {"contractIdentification": selection}})


def test_claimed_contract_belongs_to_the_user(tom: Client, world: World) -> None:
    answer = tom.call("addContractByIdentifiers", body=FREE)

    assert answer["hits"] == 1
    assert [contract["contract_number"] for contract in answer["data"]] == ["V-900123"]
    assert "V-900123" in {one["contract_number"] for one in tom.call("getAllContracts")["data"]}
    assert tom.call("getContract", id=id_of(world, "contract/v-900123"))["meters"][0]["meter_number"] == (
        "1TST0010000099"
    )
    assert activity_types(world, "contract/v-900123") == ["SelfAssignmentFromPortal"]
    assert activity_types(world, "contact/tom") == ["SelfAssignmentFromPortal"]


def test_claim_can_be_repeated(tom: Client, world: World) -> None:
    tom.call("addContractByIdentifiers", body=FREE)
    before = world.state

    answer = tom.call("addContractByIdentifiers", body=FREE)

    assert answer["hits"] == 1
    assert world.state is before


def test_spaces_and_case_do_not_count(tom: Client) -> None:
    answer = tom.call("addContractByIdentifiers", body=bill(" v-900123 ", "1tst0010000099"))

    assert answer["hits"] == 1


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (bill("V-900077", "1TST0010000077"), "DRAFT"),
        (bill("V-900200", "1TST0010000200"), "MULTIPLE"),
    ],
)
def test_draft_and_ambiguous_match_are_conflicts(tom: Client, body: Json, reason: str) -> None:
    answer = tom.call("addContractByIdentifiers", body=body, status=409)

    assert answer["reason"] == reason


def test_wrong_pair_finds_nothing(tom: Client) -> None:
    answer = tom.call("addContractByIdentifiers", body=bill("V-900123", "1TST0010000001"))

    assert answer == {"data": [], "hits": 0}


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        {"contract": {"contract_number": "V-900123"}},
        {"contract": {"contract_number": "V-900123"}, "meter": {"meter_number": " "}},
        {**FREE, "contact": {"last_name": "Schuster"}},
        {**FREE, "contract": {"contract_number": "V-900123", "branch": "power"}},
    ],
)
def test_identifiers_are_exactly_the_configured_ones(tom: Client, body: Json) -> None:
    tom.call("addContractByIdentifiers", body=body, status=400)


def test_portal_without_identifiers_has_no_claims(tom: Client, world: World) -> None:
    change(world, "portal/p1", {"contract_identifiers": []})

    tom.call("addContractByIdentifiers", body=FREE, status=403)


def test_identifiers_of_a_customer_may_find_several(tom: Client, world: World) -> None:
    change(world, "portal/p1", {"contract_identifiers": [{"schema": "contact", "name": "customer_number"}]})

    answer = tom.call("addContractByIdentifiers", body={"contact": {"customer_number": "KD-100102"}})

    assert sorted(one["contract_number"] for one in answer["data"]) == ["V-900003", "V-900004"]
    customers = record_of(world, "contract/v-900003")["customer"]["$relation"]
    assert [customer["entity_id"] for customer in customers] == [
        id_of(world, "contact/mehmet"),
        id_of(world, "contact/tom"),
    ]


@pytest.mark.parametrize(
    ("schema", "name", "value", "hits"),
    [
        ("account", "customer_number", "AC-200001", 5),
        ("billing_account", "billing_account_number", "BA-700001", 2),
        ("contact", "email", "anna.berger@example.org", 2),
        ("contact", "email", "nobody@example.org", 0),
    ],
)
def test_customer_is_found_through_the_contract(
    tom: Client, world: World, schema: str, name: str, value: str, hits: int
) -> None:
    change(world, "portal/p1", {"contract_identifiers": [{"schema": schema, "name": name}]})

    answer = tom.call("addContractByIdentifiers", body={schema: {name: value}})

    assert answer["hits"] == hits


def test_account_is_found_through_the_contact(tom: Client, world: World) -> None:
    change(world, "portal/p1", {"contract_identifiers": [{"schema": "account", "name": "customer_number"}]})
    change(world, "contract/v-900123", {"customer": record_of(world, "portal_user/sabine")["mapped_contact"]})

    answer = tom.call("addContractByIdentifiers", body={"account": {"customer_number": "AC-200001"}})

    assert "V-900123" in {one["contract_number"] for one in answer["data"]}


def test_hook_may_let_the_user_represent_the_customer(tom: Client, world: World) -> None:
    with_hook(world, "contact_to_portal_user")
    before = record_of(world, "contract/v-900004")

    answer = tom.call("addContractByIdentifiers", body=bill("V-900004", "1TST0010000003"))

    assert answer["hits"] == 1
    assert record_of(world, "contract/v-900004") == before
    represented = record_of(world, "portal_user/tom")["represents"]["$relation"]
    assert represented == [{"entity_id": id_of(world, "contact/mehmet")}]
    assert {"V-900003", "V-900004"} <= {one["contract_number"] for one in tom.call("getAllContracts")["data"]}


def test_contract_without_a_customer_gives_nobody_to_represent(tom: Client, world: World) -> None:
    with_hook(world, "contact_to_portal_user")

    assert tom.call("addContractByIdentifiers", body=FREE)["hits"] == 0


def test_hook_may_name_the_relation(tom: Client, world: World) -> None:
    with_hook(world, "contact_to_contracts", contact_relation_attribute="tenant")

    tom.call("addContractByIdentifiers", body=FREE)

    contract = record_of(world, "contract/v-900123")
    assert contract["tenant"] == contract["customer"]


def test_hook_alone_takes_any_identifier_of_a_contract(tom: Client, world: World) -> None:
    with_hook(world, "contracts")
    change(world, "portal/p1", {"contract_identifiers": None})

    answer = tom.call("addContractByIdentifiers", body={"contract": {"contract_number": "V-900123"}})

    assert answer["hits"] == 1
    tom.call("addContractByIdentifiers", body={"order": {"order_number": "1"}}, status=400)
    tom.call("addContractByIdentifiers", body={}, status=400)
