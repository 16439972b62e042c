import pytest

from mockportal.engine.world import World
from mockportal.testing import Client
from mockportal.values import Json
from tests.support.changes import activity_types, change, id_of, record_of


def numbers(client: Client, **params: Json) -> list[str]:
    return [contract["contract_number"] for contract in client.call("getAllContracts", **params)["data"]]


def test_contracts_are_the_users_own(anna: Client, nobody: Client) -> None:
    assert sorted(numbers(anna)) == ["V-900001", "V-900002"]
    assert numbers(nobody.as_("dev-lea")) == []


def test_contracts_come_in_pages(anna: Client) -> None:
    assert numbers(anna) == numbers(anna, size=1) + numbers(anna, **{"from": 1})


def test_inactive_contract_beyond_the_cutoff_is_left_out(nobody: Client) -> None:
    found = numbers(nobody.as_("dev-sabine"))

    assert sorted(found) == ["V-900007", "V-900008", "V-900009", "V-900010"]


@pytest.mark.parametrize(("years", "shown"), [(4, False), (4.5, True), (10**9, True), (None, True)])
def test_cutoff_is_that_of_the_portal(nobody: Client, world: World, years: float | None, shown: bool) -> None:
    change(world, "portal/p1", {"inactive_contract_cutoff_years": years})

    assert ("V-900011" in numbers(nobody.as_("dev-sabine"))) is shown


def test_contract_that_ended_lately_stays(nobody: Client) -> None:
    assert numbers(nobody.as_("dev-petra")) == ["V-900006"]


def test_contract_is_shown_in_the_narrow_types(anna: Client, world: World) -> None:
    change(world, "contract/v-900001", {"billing_due_day": "1", "notice_time_amount": "6"})

    entity = anna.call("getContract", id=id_of(world, "contract/v-900001"))["entity"]

    assert entity["delivery_address"] == "Am Kirchberg 4, 12345 Musterau"
    assert entity["billing_due_day"] == 1
    assert entity["notice_time_amount"] == 6
    assert entity["installment_amount"] == 8400
    assert entity["balance"] == 0
    assert entity["balance_currency"] == "EUR"


def test_text_that_is_no_number_is_left_for_the_audit_to_refuse(anna: Client, world: World) -> None:
    change(world, "contract/v-900001", {"billing_due_day": "first"})

    exchange = anna.exchange("getContract", id=id_of(world, "contract/v-900001"))

    assert exchange.reply.answered_by == "audit"


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("Am Kirchberg 4", "Am Kirchberg 4"),
        (
            [{"street": "Am Kirchberg", "city": "Musterau"}, {"city": "Berlin"}],
            "Am Kirchberg, Musterau; Berlin",
        ),
        ({"$relation_ref": []}, ""),
    ],
)
def test_address_is_one_line_however_it_is_stored(
    anna: Client, world: World, stored: Json, text: str
) -> None:
    draft = world.draft()
    contract = record_of(world, "contract/v-900001")
    draft.collection("contract").put({**contract, "additional_addresses": stored})
    world.state = draft.state

    entity = anna.call("getContract", id=contract["_id"])["entity"]

    assert entity["additional_addresses"] == text


def test_contract_comes_with_its_bundle(anna: Client, world: World) -> None:
    answer = anna.call("getContract", id=id_of(world, "contract/v-900001"))

    assert [meter["_id"] for meter in answer["meters"]] == [id_of(world, "meter/1tst0010000001")]
    assert [order["_title"] for order in answer["orders"]] == ["AU-2025-01102"]
    assert [file["shared_with_end_customer"] for file in answer["files"]] == [True] * len(answer["files"])
    assert id_of(world, "billing_account/ba-700001") in {entity["_id"] for entity in answer["relations"]}
    assert [action["action_label"]["en"] for action in answer["journey_actions"]] == [
        "Change installment",
        "Report a move",
    ]


def test_listed_contract_has_the_first_action(anna: Client) -> None:
    listed = anna.call("getAllContracts")["data"][0]

    assert listed["journey_actions"]["action_label"]["en"] == "Change installment"


@pytest.mark.parametrize("operation", ["getContract", "updateContract"])
def test_contract_of_another_customer_is_not_found(nobody: Client, world: World, operation: str) -> None:
    body = {"description": "x"} if operation == "updateContract" else None

    nobody.as_("dev-mehmet").call(operation, id=id_of(world, "contract/v-900001"), body=body, status=404)


def test_new_instalment_is_asked_for_from_the_next_one(anna: Client, world: World) -> None:
    contract = id_of(world, "contract/v-900001")

    answer = anna.call("updateContract", id=contract, body={"installment_amount": 9000})

    assert answer["data"]["installment_amount"] == 9000
    assert answer["data"]["installment_amount_decimal"] == "90.00"
    assert record_of(world, "billing_event/v-900001-2026-06")["billing_amount"] == 8400
    july = record_of(world, "billing_event/v-900001-2026-07")
    assert (july["billing_amount"], july["billing_amount_decimal"]) == (9000, "90.00")
    assert record_of(world, "billing_event/v-900002-2026-07")["billing_amount"] == 12600
    assert activity_types(world, "contract/v-900001") == ["EntityUpdatedFromPortal"]


def test_overdue_and_paid_instalments_keep_their_amount(nobody: Client, world: World) -> None:
    change(world, "portal/p1", {"entity_edit_rules": []})
    mehmet, contract = nobody.as_("dev-mehmet"), id_of(world, "contract/v-900003")

    answer = mehmet.call("updateContract", id=contract, body={"installment_amount": 10000})

    assert answer["data"]["balance"] == 28400
    assert record_of(world, "billing_event/v-900003-2026-06")["billing_amount"] == 14200


def test_contract_can_lose_its_instalment(anna: Client, world: World) -> None:
    change(world, "portal/p1", {"entity_edit_rules": []})

    answer = anna.call(
        "updateContract", id=id_of(world, "contract/v-900001"), body={"installment_amount": None}
    )

    assert "installment_amount" not in answer["data"]
    assert "installment_amount_decimal" not in answer["data"]
    assert record_of(world, "billing_event/v-900001-2026-07")["billing_amount"] == 8400


@pytest.mark.parametrize(
    "body",
    [
        {"installment_amount": -1},
        {"installment_amount": "9000"},
        {"installment_amount": 9000.5},
        {"installment_amount": True},
        {"billing_due_day": 32},
        {"billing_period": "daily"},
        {"termination_date": "soon"},
        {"notice_time_amount": -1},
        {"renewal_duration_unit": "days"},
        {"description": 5},
    ],
)
def test_value_outside_the_contract_schema_is_a_bad_request(anna: Client, world: World, body: Json) -> None:
    before = world.state

    anna.call("updateContract", id=id_of(world, "contract/v-900001"), body=body, status=400)

    assert world.state is before


def test_address_may_be_set_as_text(anna: Client, world: World) -> None:
    body = {"billing_address": "Postfach 1, 12345 Musterau"}

    answer = anna.call("updateContract", id=id_of(world, "contract/v-900001"), body=body)

    assert answer["data"]["billing_address"] == "Postfach 1, 12345 Musterau"


@pytest.mark.parametrize("years", [-1e300, 1e300, 0.5])
def test_cut_off_of_any_length_can_be_reckoned_with(anna: Client, world: World, years: float) -> None:
    change(world, "portal/p1", {"inactive_contract_cutoff_years": years})

    assert len(anna.call("getAllContracts")["data"]) == 2


def test_instalment_may_be_written_as_a_float(anna: Client, world: World) -> None:
    answer = anna.call(
        "updateContract", id=id_of(world, "contract/v-900001"), body={"installment_amount": 9000.0}
    )

    stored = record_of(world, "contract/v-900001")["installment_amount"]
    assert answer["data"]["installment_amount"] == 9000
    assert (stored, type(stored)) == (9000, int)
