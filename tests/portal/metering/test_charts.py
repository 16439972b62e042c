"""The data behind the charts, as the frontend asks for them."""

import time
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from mockportal.engine.signing import sign
from mockportal.errors import Forbidden
from mockportal.portal.metering.charts import exported_file
from mockportal.state.clock import clock_at, instant
from mockportal.testing import Client
from mockportal.values import Record
from tests.support.changes import change, id_of

SOURCE: Record = {"app_id": "musterau-energiedaten", "extensionId": "energy-data"}
INTERVALS = ("PT15M", "PT1H", "P1D", "P1M")
# person, a span between two readings, and by type what they differ by
DIFFERENCES: list[tuple[str, str, str, dict[str, str]]] = [
    ("anna", "2024-12-31T00:00:00Z", "2025-12-31T00:00:00Z", {"default": "2830.7"}),
    ("anna", "2025-12-31T00:00:00Z", "2026-03-31T00:00:00Z", {"default": "756.5"}),
    ("mehmet", "2024-12-31T00:00:00Z", "2025-12-31T00:00:00Z", {"ht": "4350", "nt": "3430"}),
    ("mehmet", "2025-12-31T00:00:00Z", "2026-03-31T00:00:00Z", {"ht": "1230", "nt": "985"}),
    ("hoffmann", "2025-03-01T00:00:00Z", "2025-12-31T00:00:00Z", {"feed-out": "1905.8", "feed-in": "7040"}),
    ("hoffmann", "2025-12-31T00:00:00Z", "2026-03-31T00:00:00Z", {"feed-out": "440.5", "feed-in": "1290.5"}),
]
# a day in Germany, and its quarters
DAYS = [
    ("2025-10-25T22:00:00Z", "2025-10-26T23:00:00Z", 100),
    ("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", 92),
    ("2026-03-29T22:00:00Z", "2026-03-30T22:00:00Z", 96),
]
WRONG = [
    {"from": "2026-06-02T00:00:00Z", "to": "2026-06-02T00:00:00Z"},
    {"from": "2026-06-02T00:00:00Z", "to": "2026-06-01T00:00:00Z"},
    {"from": "yesterday"},
    {"from": "2026-06-02"},
    {"from": "0001-01-01T00:00:00+23:00"},
    {"interval": "PT5M"},
]


def data(client: Client, start: str, end: str, interval: str, status: int | None = None, **given: Any) -> Any:
    asked = {**SOURCE, "from": start, "to": end, "interval": interval, **given}
    body = client.call("getConsumption", status=status, **asked)
    return body.get("consumptions", body)


def sums(records: list[dict[str, Any]]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for record in records:
        found[record["type"]] = found.get(record["type"], Decimal(0)) + Decimal(str(record["value"]))
    return found


def test_record_says_when_what_and_in_which_unit(anna: Client) -> None:
    records = data(anna, "2026-06-12T22:00:00Z", "2026-06-14T22:00:00Z", "P1D")

    assert [set(record) for record in records] == [{"timestamp", "value", "type", "unit"}] * 2
    assert [record["timestamp"] for record in records] == [
        "2026-06-12T22:00:00.000Z",
        "2026-06-13T22:00:00.000Z",
    ]
    assert all(5 < record["value"] < 15 for record in records)


@pytest.mark.parametrize(("person", "start", "end", "differences"), DIFFERENCES)
def test_series_between_two_readings_is_their_difference(
    nobody: Client, person: str, start: str, end: str, differences: dict[str, str]
) -> None:
    records = data(nobody.as_(f"dev-{person}"), start, end, "PT15M")

    assert sums(records) == {name: Decimal(value) for name, value in differences.items()}


@pytest.mark.parametrize("person", ["anna", "mehmet", "hoffmann"])
def test_all_intervals_have_the_same_sums_over_all_there_is(nobody: Client, person: str) -> None:
    client = nobody.as_(f"dev-{person}")
    known = client.call("getVisualizationMetadata", **SOURCE)["data_range"]

    found = [sums(data(client, known["from"], known["to"], interval)) for interval in INTERVALS]

    assert found[0] == found[1] == found[2] == found[3]
    assert all(value > 1000 for value in found[0].values())


@pytest.mark.parametrize(("start", "end", "quarters"), DAYS)
def test_day_has_its_quarters_when_the_clocks_change(
    nobody: Client, start: str, end: str, quarters: int
) -> None:
    hoffmann = nobody.as_("dev-hoffmann")

    by_interval = {interval: data(hoffmann, start, end, interval) for interval in INTERVALS[:3]}

    counts = {interval: len(records) // 2 for interval, records in by_interval.items()}
    assert counts == {"PT15M": quarters, "PT1H": quarters // 4, "P1D": 1}
    assert sums(by_interval["PT15M"]) == sums(by_interval["PT1H"]) == sums(by_interval["P1D"])


def test_series_of_an_instant_come_together(nobody: Client) -> None:
    records = data(nobody.as_("dev-hoffmann"), "2026-06-14T00:00:00Z", "2026-06-14T12:00:00Z", "PT1H")

    assert [record["timestamp"] for record in records[::2]] == [
        record["timestamp"] for record in records[1::2]
    ]
    assert [record["type"] for record in records[:2]] == ["feed-out", "feed-in"]
    at_midnight, at_noon = records[:2], records[-4:-2]
    assert (at_midnight[1]["value"], at_noon[1]["value"] > 1) == (0, True)


def test_month_of_a_half_open_period_is_complete_up_to_its_end(anna: Client) -> None:
    months = data(anna, "2026-04-30T22:00:00Z", "2026-06-10T10:00:00Z", "P1M")

    quarters = data(anna, "2026-05-31T22:00:00Z", "2026-06-10T10:00:00Z", "PT15M")
    assert [month["timestamp"] for month in months] == [
        "2026-04-30T22:00:00.000Z",
        "2026-05-31T22:00:00.000Z",
    ]
    assert Decimal(str(months[1]["value"])) == sums(quarters)["default"]


def test_interval_in_which_the_period_starts_is_left_out(anna: Client) -> None:
    records = data(anna, "2026-06-10T10:07:00Z", "2026-06-10T10:31:00Z", "PT15M")

    assert [record["timestamp"][11:16] for record in records] == ["10:15", "10:30"]


def test_data_end_with_the_present(anna: Client) -> None:
    today = data(anna, "2026-06-14T22:00:00Z", "2027-01-01T00:00:00Z", "PT15M")

    assert today[-1]["timestamp"] == "2026-06-15T06:45:00.000Z"
    anna.world.clock = clock_at(instant("2026-06-15T08:20:00Z"))
    later = data(anna, "2026-06-14T22:00:00Z", "2027-01-01T00:00:00Z", "PT15M")
    assert later[: len(today)] == today
    assert later[-1]["timestamp"] == "2026-06-15T08:00:00.000Z"


@pytest.mark.parametrize("given", WRONG)
@pytest.mark.parametrize("operation_id", ["getConsumption", "getPrices", "getCosts"])
def test_period_has_to_make_sense(anna: Client, operation_id: str, given: dict[str, str]) -> None:
    asked: Record = {"from": "2026-06-01T00:00:00Z", "to": "2026-06-03T00:00:00Z", "interval": "P1D", **given}

    assert "message" in anna.call(operation_id, status=400, **SOURCE, **asked)


def test_endless_period_is_no_burden(anna: Client) -> None:
    records = data(anna, "1900-01-01T00:00:00Z", "9999-12-30T00:00:00Z", "P1M")

    assert len(records) == 25
    assert records[0]["timestamp"] == "2024-05-31T22:00:00.000Z"


def test_load_cycle_shows_power(nobody: Client) -> None:
    sabine = nobody.as_("dev-sabine")
    span = ("2026-06-14T10:00:00Z", "2026-06-14T11:00:00Z")

    hour = data(sabine, *span, "PT1H")

    quarters = [record["value"] for record in data(sabine, *span, "PT15M") if record["type"] == "average"]
    assert [(record["type"], record["unit"]) for record in hour] == [
        ("min", "kW"),
        ("average", "kW"),
        ("max", "kW"),
    ]
    assert [record["value"] for record in hour] == [
        min(quarters),
        pytest.approx(sum(quarters) / 4, abs=0.001),
        max(quarters),
    ]


def test_meter_that_is_read_by_the_day_has_no_hours(nobody: Client) -> None:
    sabine = nobody.as_("dev-sabine")
    gas = [{"entity_schema": "contract", "entity_id": id_of(nobody.world, "contract/v-900008")}]
    span = ("2026-06-01T22:00:00Z", "2026-06-03T22:00:00Z")

    counts = {
        interval: len(data(sabine, *span, interval, context_entities=gas)) for interval in INTERVALS[1:3]
    }

    assert counts == {"PT1H": 0, "P1D": 2}
    known = sabine.call("getVisualizationMetadata", context_entities=gas, **SOURCE)
    assert known["intervals"] == ["P1D", "P1M"]
    assert known["type_options"][0]["unit"] == "cubic-meter"


@pytest.mark.parametrize(
    ("person", "types", "methods"),
    [
        ("anna", ["default"], ["sum"]),
        ("mehmet", ["ht", "nt"], ["sum", "sum"]),
        ("hoffmann", ["feed-out", "feed-in"], ["sum", "sum"]),
        ("sabine", ["min", "average", "max"], ["min", "average", "max"]),
    ],
)
def test_metadata_name_every_series(
    nobody: Client, person: str, types: list[str], methods: list[str]
) -> None:
    client = nobody.as_(f"dev-{person}")

    options = client.call("getVisualizationMetadata", **SOURCE)["type_options"]

    records = data(client, "2026-06-14T10:00:00Z", "2026-06-14T11:00:00Z", "PT1H")
    assert [option["id"] for option in options] == [record["type"] for record in records] == types
    assert [option["unit"] for option in options] == [record["unit"] for record in records]
    assert [option["statistical_method"] for option in options] == methods


def test_new_reading_changes_the_consumption_since_the_one_before(anna: Client) -> None:
    past = ("2025-12-31T00:00:00Z", "2026-03-31T00:00:00Z")
    since = ("2026-03-31T00:00:00Z", "2026-06-15T07:00:00Z")
    before = data(anna, *past, "PT15M")
    reading = {"meter_id": id_of(anna.world, "meter/1tst0010000001"), "source": "ECP", "value": 25_300}

    anna.call("createMeterReading", body=reading)

    assert data(anna, *past, "PT15M") == before
    assert sums(data(anna, *since, "PT15M")) == {"default": Decimal("701.3")}


def test_same_seed_gives_the_same_answer(nobody: Client) -> None:
    hoffmann, jonas = nobody.as_("dev-hoffmann"), nobody.as_("dev-jonas")
    span = ("2026-06-14T10:00:00Z", "2026-06-14T11:00:00Z", "PT15M")

    assert data(hoffmann, *span) == data(jonas, *span)


@pytest.mark.parametrize(
    ("operation_id", "name"), [("getConsumption", "consumptions"), ("getCosts", "costs")]
)
def test_two_years_of_quarters_are_answered_within_a_second(
    anna: Client, operation_id: str, name: str
) -> None:
    period: Record = {"from": "2024-05-31T22:00:00Z", "to": "2026-06-15T07:00:00Z"}
    started = time.perf_counter()

    body = anna.call(operation_id, interval="PT15M", **SOURCE, **period)

    assert len(body[name]) == 71_460
    assert time.perf_counter() - started < 1


def export(client: Client, **given: Any) -> Any:
    body = {"app_id": "musterau-energiedaten", "extension_id": "energy-data", **given}
    return client.call("prepareVisualizationExport", body=body)


def signature(answer: dict[str, str]) -> str:
    return parse_qs(urlsplit(answer["download_url"]).query)["signature"][0]


def test_export_is_a_table_of_the_finest_interval(anna: Client) -> None:
    period: Record = {"from": "2026-05-31T22:00:00Z", "to": "2026-06-01T22:00:00Z"}

    answer = export(anna, **period)

    lines = exported_file(anna.world.draft(), signature(answer)).splitlines()
    records = data(anna, "2026-05-31T22:00:00Z", "2026-06-01T22:00:00Z", "PT15M")
    assert answer["filename"] == "verbrauch-2026-06-01-2026-06-01.csv"
    assert answer["content_type"] == "text/csv"
    assert answer["expires_at"] == "2026-06-15T07:15:00.000Z"
    assert "/__services/files/exports/verbrauch-2026-06-01-2026-06-01.csv?" in answer["download_url"]
    assert lines[0] == "timestamp,type,value,unit"
    assert lines[1:] == [
        f"{record['timestamp']},{record['type']},{record['value']},{record['unit']}" for record in records
    ]


def test_export_without_a_period_holds_everything(nobody: Client) -> None:
    sabine = nobody.as_("dev-sabine")
    gas = [{"entity_schema": "contract", "entity_id": id_of(nobody.world, "contract/v-900008")}]

    lines = exported_file(nobody.world.draft(), signature(export(sabine, context_entities=gas))).splitlines()

    assert lines[1].startswith("2024-05-31T22:00:00.000Z,default,")
    assert lines[-1].startswith("2026-06-14T22:00:00.000Z,default,")
    assert len(lines) == 746


def test_export_of_nothing_is_an_empty_table(nobody: Client) -> None:
    answer = export(nobody.as_("dev-lea"))

    assert answer["filename"] == "verbrauch.csv"
    assert exported_file(nobody.world.draft(), signature(answer)) == "timestamp,type,value,unit\r\n"


def test_export_can_be_fetched_for_fifteen_minutes(anna: Client) -> None:
    signed = signature(export(anna))
    anna.world.clock = clock_at(instant("2026-06-15T07:14:59Z"))
    assert exported_file(anna.world.draft(), signed)

    anna.world.clock = clock_at(instant("2026-06-15T07:15:00Z"))

    with pytest.raises(Forbidden):
        exported_file(anna.world.draft(), signed)


def test_export_needs_its_own_signature(anna: Client) -> None:
    login = sign({"sub": "anna", "exp": 2_000_000_000})
    forged = [signature(export(anna))[:-8] + "AAAAAAAA", "nonsense", anna.token, login]

    for text in forged:
        with pytest.raises(Forbidden):
            exported_file(anna.world.draft(), text)


def test_signature_is_no_login(anna: Client) -> None:
    anna.as_(signature(export(anna))).call("getContact", status=401)


def test_every_export_has_an_address_of_its_own(anna: Client) -> None:
    assert export(anna)["download_url"] != export(anna)["download_url"]


def test_export_refuses_what_it_does_not_know(anna: Client) -> None:
    body = {"app_id": "musterau-energiedaten", "extension_id": "energy-data", "format": "xlsx"}

    anna.call("prepareVisualizationExport", body=body, status=400)


def test_export_refuses_somebody_elses_meter(anna: Client) -> None:
    named = [{"entity_schema": "meter", "entity_id": id_of(anna.world, "meter/1tst0010000004")}]
    body = {"app_id": "musterau-energiedaten", "extension_id": "energy-data", "context_entities": named}

    anna.call("prepareVisualizationExport", body=body, status=403)


def test_series_of_an_unknown_tariff_goes_by_its_own_name(nobody: Client) -> None:
    change(nobody.world, "meter_counter/1tst0010000002-1.8.2", {"tariff_type": "weekend"})

    options = nobody.as_("dev-mehmet").call("getVisualizationMetadata", **SOURCE)["type_options"]

    assert [(option["id"], option["label"]["en"]) for option in options] == [
        ("ht", "High tariff"),
        ("weekend", "weekend"),
    ]
