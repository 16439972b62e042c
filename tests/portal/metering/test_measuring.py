"""What a user may know of a meter: its series, and the time there are data for."""

from typing import Any

import pytest

from mockportal.testing import Client
from mockportal.values import Record
from tests.support.changes import change, id_of

POWER = "meter/1tst0010000001"
PERIOD: Record = {"from": "2026-05-31T22:00:00Z", "to": "2026-06-02T22:00:00Z"}


def consumption(client: Client, interval: str = "P1D", status: int | None = None, **given: Any) -> Any:
    asked = {"extensionId": "energy-data", "interval": interval, **PERIOD, **given}
    body = client.call("getConsumption", status=status, **asked)
    return body.get("consumptions", body)


def metadata(client: Client, **given: Any) -> Any:
    return client.call(
        "getVisualizationMetadata", app_id="musterau-energiedaten", extensionId="energy-data", **given
    )


def context(client: Client, *names: str) -> list[dict[str, str]]:
    return [
        {"entity_schema": name.partition("/")[0], "entity_id": id_of(client.world, name)} for name in names
    ]


def total(client: Client, **given: Any) -> Any:
    return round(sum(record["value"] for record in consumption(client, **given)), 3)


@pytest.mark.parametrize("person", ["lea", "tom", "petra"])
def test_user_without_an_active_contract_has_no_data(nobody: Client, person: str) -> None:
    client = nobody.as_(f"dev-{person}")

    assert consumption(client) == []
    assert metadata(client) == {"type_options": [], "intervals": ["PT15M", "PT1H", "P1D", "P1M"]}


@pytest.mark.parametrize(
    ("person", "meter"),
    [("tom", "1tst0010000007"), ("sabine", "6tst0040000001"), ("sabine", "8tst0030000001")],
)
def test_meter_that_was_never_read_has_no_data(nobody: Client, person: str, meter: str) -> None:
    client = nobody.as_(f"dev-{person}")

    named = context(client, f"meter/{meter}")

    assert consumption(client, context_entities=named) == []
    assert "data_range" not in metadata(client, context_entities=named)


def test_data_of_a_removed_meter_end_with_its_last_reading(nobody: Client) -> None:
    petra = nobody.as_("dev-petra")
    named = context(petra, "meter/1tst0010000005")

    known = metadata(petra, context_entities=named)["data_range"]

    assert known == {"from": "2024-05-31T22:00:00.000Z", "to": "2026-04-30T00:00:00.000Z"}
    span: Record = {"from": "2026-03-31T00:00:00Z", "to": "2026-06-15T00:00:00Z"}
    assert total(petra, interval="PT15M", context_entities=named, **span) == 111.6


def test_data_begin_with_the_month_two_years_ago_or_the_first_reading(nobody: Client) -> None:
    ranges = {name: metadata(nobody.as_(f"dev-{name}"))["data_range"] for name in ("anna", "hoffmann")}

    assert ranges == {
        "anna": {"from": "2024-05-31T22:00:00.000Z", "to": "2026-06-15T07:00:00.000Z"},
        "hoffmann": {"from": "2025-02-28T23:00:00.000Z", "to": "2026-06-15T07:00:00.000Z"},
    }


@pytest.mark.parametrize(
    ("series", "begin"),
    [
        ("partial-history", "2025-11-30T23:00:00.000Z"),
        ("current-month", "2026-05-31T22:00:00.000Z"),
        ("unheard-of", "2024-05-31T22:00:00.000Z"),
    ],
)
def test_set_up_says_how_far_back_data_go(anna: Client, series: str, begin: str) -> None:
    change(anna.world, "meter_counter/1tst0010000001-1.8.0", {"series": series})

    assert metadata(anna)["data_range"]["from"] == begin


def test_customer_sees_only_the_time_of_their_contract(anna: Client) -> None:
    change(anna.world, "contract/v-900001", {"start_date": "2026-06-01", "end_date": "2026-06-02"})

    period: Record = {"from": "2026-05-01T00:00:00Z", "to": "2026-06-15T00:00:00Z"}
    seen = consumption(anna, **period)

    assert [record["timestamp"] for record in seen] == [
        "2026-05-31T22:00:00.000Z",
        "2026-06-01T22:00:00.000Z",
    ]


def test_contract_for_ever_ends_with_the_present(anna: Client) -> None:
    change(anna.world, "contract/v-900001", {"end_date": "9999-12-31"})

    assert metadata(anna)["data_range"]["to"] == "2026-06-15T07:00:00.000Z"


def test_meter_without_a_contract_is_its_customers(anna: Client) -> None:
    change(anna.world, POWER, {"contract": None})

    records = consumption(anna, context_entities=context(anna, POWER))

    assert len(records) == 2


@pytest.mark.parametrize(("ratio", "value"), [(1, 756.5), (40, 30260.0), ("a word", 756.5), (True, 756.5)])
def test_transformer_ratio_multiplies_readings(anna: Client, ratio: Any, value: float) -> None:
    change(anna.world, "meter_counter/1tst0010000001-1.8.0", {"transformer_ratio": ratio})

    span: Record = {"from": "2025-12-31T00:00:00Z", "to": "2026-03-31T00:00:00Z"}
    assert total(anna, interval="PT15M", **span) == value


@pytest.mark.parametrize(
    ("sector", "is_even"), [("power", False), ("water", True), ("gas", False), ("district_heating", False)]
)
def test_profile_is_that_of_the_sector(anna: Client, sector: str, is_even: bool) -> None:
    change(anna.world, POWER, {"sector": sector})
    change(anna.world, "meter_reading/1tst0010000001-1.8.0-2026-03-31", {"status": "implausible"})
    span: Record = {"from": "2025-12-31T23:00:00Z", "to": "2026-05-31T22:00:00Z"}

    months = consumption(anna, interval="P1M", context_entities=context(anna, "meter/1tst0010000001"), **span)

    assert (months[0]["value"] < 1.2 * months[4]["value"]) is is_even


def test_series_are_kept_apart_where_the_counters_say_nothing(nobody: Client) -> None:
    hoffmann, mehmet = nobody.as_("dev-hoffmann"), nobody.as_("dev-mehmet")
    for counter in ("1tst0010000004-1.8.0", "1tst0010000004-2.8.0"):
        change(nobody.world, f"meter_counter/{counter}", {"series": None})
    for counter in ("1tst0010000002-1.8.1", "1tst0010000002-1.8.2"):
        change(nobody.world, f"meter_counter/{counter}", {"series": None})

    types = [[option["id"] for option in metadata(client)["type_options"]] for client in (hoffmann, mehmet)]

    assert types == [["feed-out", "feed-in"], ["ht", "nt"]]


def test_counters_of_one_series_are_added_up(nobody: Client) -> None:
    mehmet = nobody.as_("dev-mehmet")
    span: Record = {"from": "2025-12-31T00:00:00Z", "to": "2026-03-31T00:00:00Z"}
    for counter in ("1tst0010000002-1.8.1", "1tst0010000002-1.8.2"):
        change(nobody.world, f"meter_counter/{counter}", {"series": "default"})

    records = consumption(mehmet, interval="PT15M", **span)

    assert {record["type"] for record in records} == {"default"}
    assert round(sum(record["value"] for record in records), 3) == 2215.0


def test_reading_that_waits_for_validation_has_not_been_measured(anna: Client) -> None:
    before = consumption(anna)
    change(
        anna.world,
        "meter_reading/1tst0010000001-1.8.0-2026-03-31",
        {"status": "in-validation", "value": 99_999},
    )

    after = consumption(anna)

    assert max(record["value"] for record in after) < 2 * max(record["value"] for record in before)
