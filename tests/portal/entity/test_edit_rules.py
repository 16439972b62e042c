from datetime import date

import pytest

from mockportal.engine.world import World
from mockportal.portal.entity.calendar import months_before
from mockportal.portal.entity.edit_rules import RULES
from mockportal.spec.spec import Spec
from mockportal.testing import Client
from mockportal.values import Json, Record
from tests.support.changes import change, id_of, pass_days

BANK = {"payment": [{"_id": "new", "type": "payment_sepa", "data": {"iban": "DE89370400440532013000"}}]}


def pay(client: Client, world: World, amount: int, status: int, name: str = "contract/v-900001") -> Json:
    return client.call(
        "updateContract", id=id_of(world, name), body={"installment_amount": amount}, status=status
    )


def with_rules(world: World, *rules: Record) -> None:
    change(world, "portal/p1", {"entity_edit_rules": [{"slug": "contract", **rule} for rule in rules]})


def test_every_rule_type_of_the_spec_has_its_rule(spec: Spec) -> None:
    documented = spec.document["components"]["schemas"]["CommonConfigAttributes"]["properties"]
    types = documented["entity_edit_rules"]["items"]["properties"]["rule_type"]["enum"]

    assert set(RULES) == set(types)


def test_second_change_within_the_cadence_names_the_rule(anna: Client) -> None:
    anna.call("updateContact", body=BANK)

    answer = anna.call("updateContact", body={"payment": []}, status=403)

    assert answer["failed_rule"] == {
        "slug": "contact",
        "attribute": "payment",
        "rule_type": "cadence",
        "changes_allowed": 1,
        "cadence_period": 7,
        "cadence_period_type": "days",
    }


def test_cadence_leaves_other_attributes_and_equal_values_alone(anna: Client) -> None:
    anna.call("updateContact", body=BANK)

    anna.call("updateContact", body={**BANK, "salutation": "Dr."}, status=200)


def test_change_is_free_again_after_the_cadence(anna: Client, world: World) -> None:
    anna.call("updateContact", body=BANK)
    pass_days(world, 7)

    anna.call("updateContact", body={"payment": []}, status=200)

    edits = world.draft().collection("edit").where(entity_id=id_of(world, "contact/anna"))
    assert [edit["at"] for edit in edits] == ["2026-06-22T07:00:00.001Z"]


@pytest.mark.parametrize(("days", "status"), [(1.5, 200), (2.5, 403), (31, 200)])
def test_change_within_the_grace_of_a_counted_one_is_free(
    anna: Client, world: World, days: float, status: int
) -> None:
    with_rules(world, {"rule_type": "cadence", "cadence_period_type": "months", "grace_period": 2})
    pay(anna, world, 8500, 200)
    pay(anna, world, 8600, 200)
    pass_days(world, days)

    pay(anna, world, 8700, status)


def test_cadence_counts_as_many_changes_as_it_allows(anna: Client, world: World) -> None:
    with_rules(world, {"rule_type": "cadence", "cadence_period_type": "weeks", "changes_allowed": 2})
    pay(anna, world, 8500, 200)
    pay(anna, world, 8600, 200)

    pay(anna, world, 8700, 403)


@pytest.mark.parametrize(
    ("amount", "status"), [(10080, 200), (10081, 403), (6720, 200), (6719, 403), (8400, 200)]
)
def test_new_value_stays_near_the_current_one(anna: Client, world: World, amount: int, status: int) -> None:
    pay(anna, world, amount, status)


@pytest.mark.parametrize(
    ("limits", "amount", "status"),
    [
        ({"allowed_increment": "500"}, 8900, 200),
        ({"allowed_increment": "500"}, 8901, 403),
        ({"allowed_increment": "500"}, 0, 200),
        ({"allowed_decrement": "1,5 %"}, 8274, 200),
        ({"allowed_decrement": "1,5 %"}, 8273, 403),
        ({"allowed_increment": "much"}, 99999, 200),
        ({"allowed_increment": "Infinity"}, 99999, 200),
    ],
)
def test_limits_are_percent_or_absolute(
    anna: Client, world: World, limits: Record, amount: int, status: int
) -> None:
    with_rules(world, {"rule_type": "relative_to_current_value", "attribute": "installment_amount", **limits})

    pay(anna, world, amount, status)


def test_limit_says_nothing_about_what_is_no_number(anna: Client, world: World) -> None:
    with_rules(world, {"rule_type": "relative_to_current_value", "allowed_increment": "0%"})
    contract = id_of(world, "contract/v-900001")

    anna.call("updateContract", id=contract, body={"description": "Zweitwohnung"}, status=200)


def test_removing_a_limited_number_is_a_change_to_nothing(anna: Client, world: World) -> None:
    contract = id_of(world, "contract/v-900001")

    anna.call("updateContract", id=contract, body={"installment_amount": None}, status=403)


@pytest.mark.parametrize(("days", "blocked"), [(16, True), (15, False)])
def test_days_before_the_next_due_date_are_closed(
    anna: Client, world: World, days: int, blocked: bool
) -> None:
    with_rules(world, {"rule_type": "days_before_date", "number_of_days_before_restriction": days})

    answer = anna.call(
        "validateCadenceEntityEditRules", slug="contract", id=id_of(world, "contract/v-900001")
    )

    assert answer["isBlockedByRules"] is blocked


def test_overdue_instalment_blocks_the_contract(nobody: Client, world: World) -> None:
    answer = pay(nobody.as_("dev-mehmet"), world, 14300, 403, "contract/v-900003")

    assert answer["failed_rule"]["rule_type"] == "overdue_payments"


def test_overdue_instalment_of_another_contract_does_not(nobody: Client, world: World) -> None:
    pay(nobody.as_("dev-mehmet"), world, 6200, 200, "contract/v-900004")


def test_overdue_instalment_can_block_the_customer(nobody: Client, world: World) -> None:
    rule = {"slug": "contact", "attribute": "payment", "rule_type": "overdue_payments", "grace_period": 0}
    change(world, "portal/p1", {"entity_edit_rules": [rule]})

    nobody.as_("dev-mehmet").call("updateContact", body=BANK, status=403)
    nobody.as_("dev-anna").call("updateContact", body=BANK, status=200)


@pytest.mark.parametrize(
    ("name", "attribute", "failed"),
    [
        ("contract/v-900003", "installment_amount", "overdue_payments"),
        ("contract/v-900003", None, "overdue_payments"),
        ("contract/v-900003", "billing_due_day", None),
        ("contract/v-900004", "installment_amount", None),
        ("contact/mehmet", "payment", None),
        ("order/an-2026-00350", None, None),
    ],
)
def test_rules_can_be_asked_beforehand(
    nobody: Client, world: World, name: str, attribute: str | None, failed: str | None
) -> None:
    asked: Record = {} if attribute is None else {"attribute": attribute}
    slug = name.partition("/")[0]

    answer = nobody.as_("dev-mehmet").call(
        "validateCadenceEntityEditRules", slug=slug, id=id_of(world, name), **asked
    )

    assert answer["isBlockedByRules"] is (failed is not None)
    assert answer.get("failedRule", {}).get("rule_type") == failed


def test_asking_agrees_with_the_next_edit(anna: Client, world: World) -> None:
    anna.call("updateContact", body=BANK)

    answer = anna.call(
        "validateCadenceEntityEditRules", slug="contact", id=id_of(world, "contact/anna"), attribute="payment"
    )

    assert answer["isBlockedByRules"] is True
    assert answer["failedRule"]["rule_type"] == "cadence"


def test_administrator_asks_for_every_portal(admin: Client, world: World) -> None:
    contract = id_of(world, "contract/v-900003")

    answer = admin.call("validateCadenceEntityEditRules", slug="contract", id=contract)

    assert answer["failedRule"]["rule_type"] == "overdue_payments"


@pytest.mark.parametrize("name", ["contract/v-900001", "opportunities/op-3001", "contract/unknown"])
def test_asking_about_what_is_not_there_is_not_found(nobody: Client, world: World, name: str) -> None:
    slug = name.partition("/")[0]
    id = id_of(world, name) if name == "contract/v-900001" else "00000000-0000-4000-8000-000000000000"

    nobody.as_("dev-mehmet").call("validateCadenceEntityEditRules", slug=slug, id=id, status=404)


def test_month_has_no_more_days_than_it_has() -> None:
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert months_before(date(2026, 1, 15), 13) == date(2024, 12, 15)


@pytest.mark.parametrize("number", [-1e300, -(10**40), 1e300, 0.5])
@pytest.mark.parametrize("unit", ["days", "weeks", "months"])
@pytest.mark.parametrize("name", ["cadence_period", "grace_period", "changes_allowed"])
def test_cadence_of_any_length_can_be_reckoned_with(
    anna: Client, world: World, name: str, unit: str, number: float
) -> None:
    rule = {"slug": "contact", "rule_type": "cadence", "cadence_period_type": unit, name: number}
    change(world, "portal/p1", {"entity_edit_rules": [rule]})

    for salutation in ("Dr.", "Prof."):
        assert anna.exchange("updateContact", body={"salutation": salutation}).reply.status in (200, 403)
