"""Prices that add up, and costs that are consumption times price."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from mockportal.portal.metering.prices import COMPONENTS, decimal_text
from mockportal.testing import Client
from mockportal.values import Record
from tests.support.changes import change, id_of

YEAR = ("2025-05-31T22:00:00Z", "2026-05-31T22:00:00Z")
DAY = ("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")
GAS = "contract/v-900002"
# person, contract, kWh in a unit of the counter
CUSTOMERS = [
    ("anna", "contract/v-900001", "1"),
    ("anna", GAS, "10.3"),
    ("mehmet", "contract/v-900003", "1"),
    ("hoffmann", "contract/v-900005", "1"),
]


def ask(client: Client, operation_id: str, span: tuple[str, str], interval: str, contract: str = "") -> Any:
    asked: Record = {"from": span[0], "to": span[1], "interval": interval}
    if contract:
        named = {"entity_schema": "contract", "entity_id": id_of(client.world, contract)}
        asked["context_entities"] = [named]
    body = client.call(operation_id, extensionId="energy-data", **asked)
    return next(iter(body.values()))


def total(records: list[dict[str, Any]]) -> Decimal:
    return sum((Decimal(record["unit_amount_decimal"]) for record in records), Decimal(0))


@pytest.mark.parametrize("interval", ["PT15M", "PT1H", "P1D", "P1M"])
def test_parts_of_a_dynamic_price_add_up(nobody: Client, interval: str) -> None:
    prices = ask(nobody.as_("dev-hoffmann"), "getPrices", YEAR, interval)

    assert len(prices) > 10
    for price in prices:
        parts = [Decimal(price["components"][f"{name}_amount_decimal"]) for name in COMPONENTS]
        assert sum(parts) == Decimal(price["unit_amount_decimal"])


def test_cents_are_rounded_decimals(nobody: Client) -> None:
    price = ask(nobody.as_("dev-hoffmann"), "getPrices", DAY, "PT1H")[10]

    amounts = {"unit_amount": price["unit_amount"], **price["components"]}
    decimals = {"unit_amount_decimal": price["unit_amount_decimal"], **price["components"]}
    for name in ("unit_amount", *(f"{part}_amount" for part in COMPONENTS)):
        exact = Decimal(decimals[f"{name}_decimal"]) * 100
        assert amounts[name] == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def test_dynamic_price_changes_with_the_hour_and_not_with_the_quarter(nobody: Client) -> None:
    hoffmann = nobody.as_("dev-hoffmann")

    quarters = ask(hoffmann, "getPrices", DAY, "PT15M")

    hours = ask(hoffmann, "getPrices", DAY, "PT1H")
    assert [price["unit_amount_decimal"] for price in quarters[::4]] == [
        price["unit_amount_decimal"] for price in hours
    ]
    assert [quarter["unit_amount_decimal"] for quarter in quarters[::4]] == [
        quarter["unit_amount_decimal"] for quarter in quarters[3::4]
    ]
    assert len({price["unit_amount_decimal"] for price in hours}) == 23


def test_price_of_a_day_is_the_mean_of_its_hours(nobody: Client) -> None:
    hoffmann = nobody.as_("dev-hoffmann")

    [day] = ask(hoffmann, "getPrices", DAY, "P1D")

    hours = ask(hoffmann, "getPrices", DAY, "PT1H")
    assert abs(Decimal(day["unit_amount_decimal"]) - total(hours) / 23) < Decimal("0.000005")


def test_noon_in_summer_is_cheaper_than_the_evening(nobody: Client) -> None:
    summer = ("2025-05-31T22:00:00Z", "2025-08-31T22:00:00Z")

    prices = ask(nobody.as_("dev-hoffmann"), "getPrices", summer, "PT1H")

    noon, evening = (
        [price for price in prices if price["timestamp"][11:13] == hour] for hour in ("11", "17")
    )
    assert total(noon) < total(evening) * Decimal("0.8")
    assert min(Decimal(price["components"]["auction_price_amount_decimal"]) for price in prices) < 0


def test_fixed_price_is_net_and_has_no_parts(anna: Client) -> None:
    [price] = ask(anna, "getPrices", DAY, "P1D")

    assert price == {
        "timestamp": "2026-03-28T23:00:00.000Z",
        "unit_amount": 28,
        "unit_amount_decimal": "0.2849",
        "unit_amount_currency": "EUR",
        "tax_behavior": "exclusive",
        "tax_rate": 19,
    }


def test_high_tariff_costs_more_from_six_to_ten(nobody: Client) -> None:
    prices = ask(nobody.as_("dev-mehmet"), "getPrices", DAY, "PT1H")

    assert [price["unit_amount_decimal"] for price in prices] == [
        *["0.205"] * 5,
        *["0.2345"] * 16,
        *["0.205"] * 2,
    ]


@pytest.mark.parametrize(("person", "contract", "factor"), CUSTOMERS)
@pytest.mark.parametrize("interval", ["PT15M", "PT1H"])
def test_costs_are_consumption_times_price(
    nobody: Client, person: str, contract: str, factor: str, interval: str
) -> None:
    client = nobody.as_(f"dev-{person}")

    costs = ask(client, "getCosts", DAY, interval, contract)

    prices = {price["timestamp"]: price for price in ask(client, "getPrices", DAY, interval, contract)}
    drawn: dict[str, Decimal] = {}
    for record in ask(client, "getConsumption", DAY, interval, contract):
        if record["type"] != "feed-in":
            amount = Decimal(str(record["value"])) * Decimal(factor)
            drawn[record["timestamp"]] = drawn.get(record["timestamp"], Decimal(0)) + amount
    assert [(cost["timestamp"], Decimal(cost["unit_amount_decimal"])) for cost in costs] == [
        (at, amount * Decimal(prices[at]["unit_amount_decimal"])) for at, amount in drawn.items()
    ]


@pytest.mark.parametrize(("person", "contract"), [(person, contract) for person, contract, _ in CUSTOMERS])
def test_costs_have_the_same_sum_in_all_intervals(nobody: Client, person: str, contract: str) -> None:
    client = nobody.as_(f"dev-{person}")

    sums = {total(ask(client, "getCosts", YEAR, each, contract)) for each in ("PT15M", "PT1H", "P1D", "P1M")}

    assert len(sums) == 1
    assert sums.pop() > 100


def test_cents_of_costs_are_rounded_half_up(anna: Client) -> None:
    for cost in ask(anna, "getCosts", YEAR, "P1D"):
        exact = Decimal(cost["unit_amount_decimal"]) * 100
        assert cost["unit_amount"] == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def test_what_is_fed_in_costs_nothing(nobody: Client) -> None:
    hoffmann = nobody.as_("dev-hoffmann")
    counter = id_of(nobody.world, "meter_counter/1tst0010000004-2.8.0")

    asked: Record = {"from": DAY[0], "to": DAY[1], "interval": "P1D"}
    asked["context_entities"] = [{"entity_schema": "meter_counter", "entity_id": counter}]
    body = hoffmann.call("getCosts", extensionId="energy-data", **asked)

    assert body == {"costs": []}


@pytest.mark.parametrize("operation_id", ["getPrices", "getCosts"])
def test_future_has_no_prices_yet(nobody: Client, operation_id: str) -> None:
    span = ("2026-06-15T07:00:00Z", "2026-06-16T07:00:00Z")

    assert ask(nobody.as_("dev-hoffmann"), operation_id, span, "PT1H") == []


@pytest.mark.parametrize("operation_id", ["getPrices", "getCosts"])
@pytest.mark.parametrize("changes", [{"product": None}, {"product": {"$relation": [{"entity_id": "gone"}]}}])
def test_contract_without_a_price_has_none(anna: Client, operation_id: str, changes: dict[str, Any]) -> None:
    change(anna.world, "contract/v-900001", changes)

    assert ask(anna, operation_id, DAY, "P1D") == []


@pytest.mark.parametrize(
    ("changes", "decimal", "rate"),
    [
        ({"unit_amount_net_decimal": "0.3"}, "0.30", 19),
        ({"unit_amount_net_decimal": None}, "0.284874", 19),
        ({"unit_amount_net_decimal": None, "is_tax_inclusive": False}, "0.339", 19),
        ({"unit_amount_net_decimal": None, "tax_rate": 0}, "0.339", 0),
        ({"unit_amount_net_decimal": "much"}, "0.00", 19),
        ({"unit_amount_net_decimal": "NaN"}, "0.00", 19),
        ({"unit": "MWh", "unit_amount_net_decimal": "99.16"}, "0.09916", 19),
    ],
)
def test_price_is_read_from_its_entity(
    anna: Client, changes: dict[str, Any], decimal: str, rate: int
) -> None:
    change(anna.world, "price/oekostrom-24-work", changes)

    [price] = ask(anna, "getPrices", DAY, "P1D")

    assert (price["unit_amount_decimal"], price["tax_rate"]) == (decimal, rate)


@pytest.mark.parametrize(
    ("unit", "price_unit", "factor"), [("MWh", "kWh", 1000), ("Wh", "kWh", "0.001"), ("kWh", "m3", 1)]
)
def test_costs_are_reckoned_in_the_unit_of_the_price(
    anna: Client, unit: str, price_unit: str, factor: Any
) -> None:
    change(anna.world, "meter_counter/1tst0010000001-1.8.0", {"unit": unit})
    change(anna.world, "price/oekostrom-24-work", {"unit": price_unit})

    [cost] = ask(anna, "getCosts", DAY, "P1D")

    [record] = ask(anna, "getConsumption", DAY, "P1D")
    expected = Decimal(str(record["value"])) * Decimal(factor) * Decimal("0.2849")
    assert Decimal(cost["unit_amount_decimal"]) == expected


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "0.00"),
        (284_900, "0.2849"),
        (1_500, "0.0015"),
        (-26_510, "-0.02651"),
        (12_000_000, "12.00"),
        (1, "0.000001"),
    ],
)
def test_decimals_keep_two_places(amount: int, text: str) -> None:
    assert decimal_text(amount, 6) == text
