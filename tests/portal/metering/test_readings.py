"""Who may add which readings to which meters, and what a reading changes."""

from typing import Any

import pytest

from mockportal.engine.world import World
from mockportal.portal.metering.readings import RULES
from mockportal.spec.spec import Spec
from mockportal.state.clock import clock_at, instant
from mockportal.testing import Client
from tests.support.changes import change, id_of, record_of

POWER = "1tst0010000001"
ANNAS_COUNTER = f"{POWER}-1.8.0"
GAS = "7tst0020000001"
HEAT_PUMP = "1tst0010000002"
PROSUMER = "1tst0010000004"
REMOVED = "1tst0010000005"
DISTRICT_HEATING = "6tst0040000001"
WATER = "8tst0030000001"

# person, meter, what is sent beside meter and source, reason; one for each reason, then the order of the rules
PROBES = [
    ("petra", REMOVED, {"value": 18000}, "meter_decommissioned"),
    ("sabine", WATER, {"value": 10}, "no_counter"),
    ("hoffmann", PROSUMER, {"value": 6000}, "no_direction"),
    ("anna", POWER, {"value": 25000, "timestamp": "2026-06-20"}, "timestamp_future"),
    ("anna", POWER, {"value": 15000, "timestamp": "2022-06-01"}, "contract_period"),
    ("anna", POWER, {"value": 24000}, "less_than_previous"),
    ("anna", POWER, {"value": 25000, "timestamp": "2026-02-01"}, "greater_than_subsequent"),
    ("anna", POWER, {"value": 40000}, "plausibility_check_failed"),
    ("petra", REMOVED, {"value": 18000, "direction": "feed-in"}, "meter_decommissioned"),
    ("sabine", WATER, {"value": 10, "timestamp": "2030-01-01"}, "no_counter"),
    ("mehmet", HEAT_PUMP, {"value": 12500, "direction": "feed-out"}, "no_counter"),
    ("mehmet", HEAT_PUMP, {"value": 12500}, "no_counter"),
    ("anna", POWER, {"value": 25000, "direction": "feed-in"}, "no_counter"),
    ("hoffmann", PROSUMER, {"value": 6000, "timestamp": "2030-01-01"}, "no_direction"),
    ("sabine", DISTRICT_HEATING, {"value": 1, "timestamp": "2026-06-20"}, "timestamp_future"),
    ("sabine", DISTRICT_HEATING, {"value": 1}, "contract_period"),
    ("tom", "1tst0010000007", {"value": 1}, "contract_period"),
    ("anna", POWER, {"value": 99999, "timestamp": "2022-06-01"}, "contract_period"),
    ("anna", GAS, {"value": 8600.9}, "less_than_previous"),
]


def meter_id(client: Client, alias: str) -> str:
    return id_of(client.world, f"meter/{alias}")


def counter_id(client: Client, alias: str) -> str:
    return id_of(client.world, f"meter_counter/{alias}")


def send(client: Client, meter: str, status: int | None = None, **given: Any) -> Any:
    query = {name: given.pop(name) for name in ("override_plausibility",) if name in given}
    body = {"meter_id": meter_id(client, meter), "source": "ECP", **given}
    return client.call("createMeterReading", body=body, status=status, **query)


def readings(client: Client, meter: str, counter: str, **given: Any) -> Any:
    body = {"meter_id": meter_id(client, meter), "counter_id": counter_id(client, counter), **given}
    return client.call("getMeterReadings", body=body)


def set_time(world: World, text: str) -> None:
    world.clock = clock_at(instant(text))


def test_reasons_are_those_of_the_spec_and_in_the_order_of_the_decision(spec: Spec) -> None:
    response = spec.document["components"]["responses"]["InvalidRequestCreateMeterReading"]
    named = response["content"]["application/json"]["schema"]["allOf"][1]["properties"]["reason"]["enum"]

    reasons = [rule.reason for rule in RULES]

    assert sorted(reasons) == sorted(named)
    assert reasons == [
        "meter_decommissioned",
        "no_counter",
        "no_direction",
        "timestamp_future",
        "contract_period",
        "less_than_previous",
        "greater_than_subsequent",
        "plausibility_check_failed",
    ]


@pytest.mark.parametrize(("person", "meter", "given", "reason"), PROBES)
def test_reading_is_refused_for_the_first_reason_that_holds(
    nobody: Client, person: str, meter: str, given: dict[str, Any], reason: str
) -> None:
    client = nobody.as_(f"dev-{person}")
    before = client.world.state

    body = send(client, meter, status=400, **given)

    assert body["reason"] == reason
    assert body["message"]
    assert client.world.state is before


def test_implausible_reading_names_both_limits(anna: Client) -> None:
    body = send(anna, POWER, value=40000, status=400)

    assert body == {
        "message": "the reading is not plausible",
        "reason": "plausibility_check_failed",
        "lower_limit": 24598.7,
        "upper_limit": 26525.2,
    }


def test_overridden_reading_waits_for_validation(anna: Client) -> None:
    body = send(anna, POWER, value=40000, override_plausibility=True)

    assert body["data"]["status"] == "in-validation"
    assert body["data"]["value"] == 40000


def test_override_skips_no_other_rule(anna: Client) -> None:
    body = send(anna, POWER, value=24000, override_plausibility=True, status=400)

    assert body["reason"] == "less_than_previous"


def test_accepted_reading_comes_back_complete(anna: Client) -> None:
    body = send(anna, POWER, value=25000.5, remark="selbst abgelesen", status=200)

    assert body == {
        "data": {
            "meter_id": meter_id(anna, POWER),
            "counter_id": counter_id(anna, ANNAS_COUNTER),
            "direction": "feed-out",
            "value": 25000.5,
            "source": "ECP",
            "remark": "selbst abgelesen",
            "timestamp": "2026-06-15T07:00:00.000Z",
            "status": "valid",
        }
    }


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("2026-06-15", "2026-06-15T00:00:00.000Z"),
        ("2026-06-14T22:30:00+02:00", "2026-06-14T20:30:00.000Z"),
        ("2026-06-15T07:05:00Z", "2026-06-15T07:05:00.000Z"),
    ],
)
def test_timestamp_keeps_its_instant(anna: Client, given: str, stored: str) -> None:
    body = send(anna, POWER, value=25000, timestamp=given)

    assert body["data"]["timestamp"] == stored


def test_skew_of_more_than_five_minutes_is_the_future(anna: Client) -> None:
    body = send(anna, POWER, value=25000, timestamp="2026-06-15T07:05:01Z", status=400)

    assert body["reason"] == "timestamp_future"


@pytest.mark.parametrize(("day", "status"), [("2026-06-15", 200), ("2026-06-16", 400)])
def test_german_day_that_has_begun_is_not_the_future(anna: Client, day: str, status: int) -> None:
    set_time(anna.world, "2026-06-15T00:30:00+02:00")

    send(anna, POWER, value=25000, timestamp=day, status=status)


@pytest.mark.parametrize(
    "given",
    [
        {"value": -1},
        {"value": 1e300},
        {"value": 10**400},
        {"value": 25000, "timestamp": "yesterday"},
        {"value": 25000, "timestamp": ""},
        {"value": 25000, "timestamp": "0001-01-01T00:00:00+01:00"},
        {"value": 25000, "timestamp": "9999-12-31T23:30:00Z"},
        {"value": "25000"},
    ],
)
def test_malformed_reading_is_refused_without_a_reason(anna: Client, given: dict[str, Any]) -> None:
    body = send(anna, POWER, status=400, **given)

    assert "reason" not in body


def test_equal_reading_is_accepted(anna: Client) -> None:
    send(anna, POWER, value=24598.7, status=200)


def test_counter_tells_high_and_low_tariff_apart(nobody: Client) -> None:
    mehmet = nobody.as_("dev-mehmet")

    low = send(mehmet, HEAT_PUMP, value=9500, counter_id=counter_id(mehmet, f"{HEAT_PUMP}-1.8.2"))

    assert low["data"]["direction"] == "feed-out"
    assert readings(mehmet, HEAT_PUMP, f"{HEAT_PUMP}-1.8.1")["results"][0]["value"] == 12480
    assert readings(mehmet, HEAT_PUMP, f"{HEAT_PUMP}-1.8.2")["results"][0]["value"] == 9500


def test_direction_alone_finds_the_counter(nobody: Client) -> None:
    hoffmann = nobody.as_("dev-hoffmann")

    body = send(hoffmann, PROSUMER, value=10400, direction="feed-in")

    assert body["data"]["counter_id"] == counter_id(hoffmann, f"{PROSUMER}-2.8.0")


def test_counter_of_another_meter_is_no_counter(anna: Client) -> None:
    body = send(anna, POWER, value=25000, counter_id=counter_id(anna, f"{GAS}-3.0.0"), status=400)

    assert body["reason"] == "no_counter"


def test_counter_without_a_direction_takes_that_of_the_reading(anna: Client) -> None:
    change(anna.world, f"meter_counter/{ANNAS_COUNTER}", {"direction": None})

    silent = send(anna, POWER, value=25000, status=400)
    spoken = send(anna, POWER, value=25000, direction="feed-out")

    assert silent["reason"] == "no_direction"
    assert spoken["data"]["direction"] == "feed-out"


def test_second_reading_of_the_same_instant_replaces_the_first(anna: Client) -> None:
    send(anna, POWER, value=25000, timestamp="2026-06-15T07:00:00Z")

    send(anna, POWER, value=24900, timestamp="2026-06-15T09:00:00+02:00")

    shown = readings(anna, POWER, ANNAS_COUNTER)
    assert shown["hits"] == 6
    assert [reading["value"] for reading in shown["results"][:2]] == [24900, 24598.7]


def test_undated_reading_is_later_than_the_last_one_while_the_clock_stands(anna: Client) -> None:
    first = send(anna, POWER, value=25000)

    second = send(anna, POWER, value=25005)

    shown = readings(anna, POWER, ANNAS_COUNTER)
    assert [reading["value"] for reading in shown["results"][:3]] == [25005, 25000, 24598.7]
    assert first["data"]["timestamp"] == "2026-06-15T07:00:00.000Z"
    assert second["data"]["timestamp"] == "2026-06-15T07:00:00.001Z"


def test_undated_reading_below_the_one_before_it_does_not_replace_that(anna: Client) -> None:
    send(anna, POWER, value=25000)

    body = send(anna, POWER, value=24900, status=400)

    assert body["reason"] == "less_than_previous"


@pytest.mark.parametrize("now", ["2026-06-15T07:00:00.4567Z", "2026-06-15T07:00:00.4561Z"])
def test_undated_readings_within_a_millisecond_stay_apart(anna: Client, now: str) -> None:
    set_time(anna.world, "2026-06-15T07:00:00.4564Z")
    send(anna, POWER, value=25000)
    set_time(anna.world, now)

    body = send(anna, POWER, value=25005)

    assert body["data"]["timestamp"] == "2026-06-15T07:00:00.457Z"


def test_undated_reading_follows_one_that_is_a_little_ahead_of_the_clock(anna: Client) -> None:
    send(anna, POWER, value=25000, timestamp="2026-06-15T07:05:00Z")

    body = send(anna, POWER, value=25005)

    assert body["data"]["timestamp"] == "2026-06-15T07:05:00.001Z"


def test_undated_reading_is_now_when_the_last_one_lies_in_a_far_future(anna: Client) -> None:
    change(anna.world, f"meter_reading/{ANNAS_COUNTER}-2026-03-31", {"timestamp": "2027-03-31T00:00:00Z"})

    body = send(anna, POWER, value=24000)

    assert body["data"]["timestamp"] == "2026-06-15T07:00:00.000Z"


@pytest.mark.parametrize("again", [{}, {"override_plausibility": True}])
def test_own_correction_takes_the_place_of_a_reading_that_waits_for_validation(
    anna: Client, again: dict[str, Any]
) -> None:
    send(anna, POWER, value=999999, override_plausibility=True)

    send(anna, POWER, value=25000, status=200, **again)

    shown = readings(anna, POWER, ANNAS_COUNTER)
    assert [reading["value"] for reading in shown["results"][:2]] == [25000, 24598.7]
    assert shown["hits"] == 6


@pytest.mark.parametrize(
    ("waiting", "correction"),
    [
        ({"value": 40000, "timestamp": "2026-06-01"}, {"value": 25000}),
        ({"value": 24700, "timestamp": "2026-06-15"}, {"value": 25000, "timestamp": "2026-06-01"}),
    ],
)
def test_correction_of_another_day_replaces_what_it_contradicts(
    anna: Client, waiting: dict[str, Any], correction: dict[str, Any]
) -> None:
    send(anna, POWER, override_plausibility=True, status=200, **waiting)

    send(anna, POWER, status=200, **correction)

    shown = readings(anna, POWER, ANNAS_COUNTER)
    assert [reading["value"] for reading in shown["results"][:2]] == [25000, 24598.7]


def test_reading_that_contradicts_nothing_leaves_what_waits_for_validation(anna: Client) -> None:
    send(anna, POWER, value=24900, timestamp="2026-05-15", override_plausibility=True)

    send(anna, POWER, value=25000)

    shown = readings(anna, POWER, ANNAS_COUNTER)
    assert [reading["value"] for reading in shown["results"][:3]] == [25000, 24900, 24598.7]


def test_reading_of_the_utility_that_waits_for_validation_stays(anna: Client) -> None:
    changes = {"status": "in-validation", "source": "ERP", "timestamp": "2026-06-15T00:00:00Z"}
    change(anna.world, f"meter_reading/{ANNAS_COUNTER}-2026-03-31", changes)

    send(anna, POWER, value=24000, status=200)

    assert readings(anna, POWER, ANNAS_COUNTER)["hits"] == 6


@pytest.mark.parametrize("status", ["in-validation", "implausible"])
def test_only_valid_readings_limit_what_is_allowed(anna: Client, status: str) -> None:
    change(anna.world, f"meter_reading/{ANNAS_COUNTER}-2026-03-31", {"status": status, "value": 40000})

    allowed = anna.call("getAllowedMeterReadingRange", meter_id=meter_id(anna, POWER))
    body = send(anna, POWER, value=24000)

    assert allowed["data"][0]["min_value"] == 23842.2
    assert body["data"]["status"] == "valid"


def test_reading_that_waits_for_validation_does_not_move_its_counter(anna: Client) -> None:
    send(anna, POWER, value=40000, override_plausibility=True)

    counter = record_of(anna.world, f"meter_counter/{ANNAS_COUNTER}")
    assert (counter["last_reading"], counter["current_consumption"]) == (24598.7, 756.5)


def test_reading_moves_its_counter(anna: Client) -> None:
    send(anna, POWER, value=25000)

    counter = record_of(anna.world, f"meter_counter/{ANNAS_COUNTER}")
    assert (counter["last_reading"], counter["current_consumption"]) == (25000, 401.3)


def test_older_reading_leaves_the_last_one_of_its_counter(anna: Client) -> None:
    send(anna, POWER, value=24000, timestamp="2026-02-01")

    counter = record_of(anna.world, f"meter_counter/{ANNAS_COUNTER}")
    assert (counter["last_reading"], counter["current_consumption"]) == (24598.7, 598.7)


def test_first_reading_of_a_counter_is_held_to_no_limits(nobody: Client) -> None:
    sabine = nobody.as_("dev-sabine")
    set_time(sabine.world, "2026-07-01T12:00:00+02:00")

    send(sabine, DISTRICT_HEATING, value=123456, status=200)

    counter = record_of(sabine.world, f"meter_counter/{DISTRICT_HEATING}-1.0.0")
    assert counter["last_reading"] == 123456
    assert "current_consumption" not in counter


def test_activity_of_a_reading_looks_like_those_of_the_scenario(anna: Client) -> None:
    seeded = record_of(anna.world, "activity/reading-1tst0010000001")

    send(anna, POWER, value=25000.5)

    made = anna.world.draft().collection("activity").where(entity_ids=id_of(anna.world, "contact/anna"))[-1]
    english = seeded["payload"]["translations"]["en"]
    assert made == {
        **seeded,
        "_id": made["_id"],
        "timestamp": "2026-06-15T07:00:00.000Z",
        "message": seeded["message"].replace("24.598,7", "25.000,5"),
        "payload": {
            **seeded["payload"],
            "translations": {
                "en": {**english, "message": english["message"].replace("24,598.7", "25,000.5")},
            },
        },
    }
    assert made["type"] == "CreateMeterReading"
    assert made["message"] == "{{caller}} hat 25.000,5 kWh für Zähler 1TST0010000001 übermittelt."
    assert made["payload"]["translations"]["en"] == {
        "title": "Meter reading submitted",
        "message": "{{caller}} submitted 25,000.5 kWh for meter 1TST0010000001.",
    }


@pytest.mark.parametrize(
    ("now", "status"), [("2026-05-20T12:00:00+02:00", 200), ("2026-06-05T12:00:00+02:00", 400)]
)
def test_grace_period_ends_thirty_days_after_the_contract(nobody: Client, now: str, status: int) -> None:
    petra = nobody.as_("dev-petra")
    change(petra.world, f"meter/{REMOVED}", {"status": "active"})
    set_time(petra.world, now)

    body = send(petra, REMOVED, value=17850, status=status)

    assert body.get("reason") == (None if status == 200 else "contract_period")


@pytest.mark.parametrize(("day", "status"), [("2026-05-30", 200), ("2026-05-31", 400)])
def test_last_day_of_grace_still_counts(nobody: Client, day: str, status: int) -> None:
    petra = nobody.as_("dev-petra")
    change(petra.world, f"meter/{REMOVED}", {"status": "active"})

    send(petra, REMOVED, value=17850, timestamp=day, status=status)


def test_meter_without_a_contract_has_no_contract_period(anna: Client) -> None:
    change(anna.world, f"meter/{POWER}", {"contract": None})

    send(anna, POWER, value=15000, timestamp="2022-06-01", status=200)


def test_contract_of_somebody_else_supplies_nobody_here(anna: Client) -> None:
    other = id_of(anna.world, "contract/v-900003")
    change(anna.world, f"meter/{POWER}", {"contract": {"$relation": [{"entity_id": other}]}})

    body = send(anna, POWER, value=25000, status=400)

    assert body["reason"] == "contract_period"
    assert readings(anna, POWER, ANNAS_COUNTER)["hits"] == 0


@pytest.mark.parametrize("alias", [HEAT_PUMP, "1tst0010000099", "00000000-0000-4000-8000-000000000000"])
def test_foreign_and_unknown_meters_are_forbidden_alike(anna: Client, alias: str) -> None:
    id = meter_id(anna, alias)

    send(anna, alias, value=1, status=403)
    anna.call("getMeterReadings", body={"meter_id": id, "counter_id": id}, status=403)
    anna.call("getAllowedMeterReadingRange", meter_id=id, status=403)


@pytest.mark.parametrize(
    ("action", "created", "listed"), [("meter_reading:view", 403, 200), ("meter_reading:create", 200, 403)]
)
def test_adding_and_seeing_readings_are_granted_apart(
    anna: Client, action: str, created: int, listed: int
) -> None:
    grants = [{"action": "entity:view", "resource": "*"}, {"action": action, "resource": "*"}]
    change(anna.world, "portal/p1", {"grants": grants})
    body = {"meter_id": meter_id(anna, POWER), "counter_id": counter_id(anna, ANNAS_COUNTER)}

    send(anna, POWER, value=25000, status=created)
    anna.call("getMeterReadings", body=body, status=listed)


def test_installers_have_no_readings(nobody: Client) -> None:
    marek = nobody.as_("dev-marek")

    send(marek, POWER, value=25000, status=403)


def test_readings_come_newest_first_in_pages(anna: Client) -> None:
    page = readings(anna, POWER, ANNAS_COUNTER, size=2)
    rest = readings(anna, POWER, ANNAS_COUNTER, size=2, **{"from": 4})
    ascending = readings(anna, POWER, ANNAS_COUNTER, sort="asc", size=1)

    assert page["hits"] == 5
    assert [reading["value"] for reading in page["results"]] == [24598.7, 23842.2]
    assert [reading["value"] for reading in rest["results"]] == [15402.6]
    assert [reading["value"] for reading in ascending["results"]] == [15402.6]


def test_history_of_a_removed_meter_is_readable(nobody: Client) -> None:
    shown = readings(nobody.as_("dev-petra"), REMOVED, f"{REMOVED}-1.8.0", size=1)

    assert shown["hits"] == 7
    assert shown["results"][0]["value"] == 17801.9
    assert shown["results"][0]["reason"] == "last"


def test_readings_outside_the_contract_and_its_grace_are_not_shown(anna: Client) -> None:
    change(anna.world, "contract/v-900001", {"move_in_date": "2024-01-01", "end_date": "2026-03-01"})
    with_grace = readings(anna, POWER, ANNAS_COUNTER)
    change(anna.world, "contract/v-900001", {"end_date": "2026-02-28"})

    without = readings(anna, POWER, ANNAS_COUNTER)

    assert [reading["value"] for reading in with_grace["results"]] == [24598.7, 23842.2, 21011.5]
    assert [reading["value"] for reading in without["results"]] == [23842.2, 21011.5]


def test_readings_of_a_counter_of_another_meter_are_a_bad_request(anna: Client) -> None:
    body = {"meter_id": meter_id(anna, POWER), "counter_id": counter_id(anna, f"{GAS}-3.0.0")}

    anna.call("getMeterReadings", body=body, status=400)


def test_templates_are_filled_in_for_readings_and_counter(anna: Client) -> None:
    shown = readings(
        anna,
        POWER,
        ANNAS_COUNTER,
        size=1,
        templates={"text": "{{reading.value}} {{meter_counter.unit}}", "number": "{{meter.meter_number}}"},
        counter_templates={"title": "{{meter_counter.obis_number}} {{nothing.here}}"},
    )

    assert shown["results"][0]["templates_output"] == {"text": "24598.7 kWh", "number": "1TST0010000001"}
    assert shown["counter_templates_output"] == {"title": "1-0:1.8.0 "}


def test_unknown_keys_of_a_reading_are_not_kept(anna: Client) -> None:
    send(anna, POWER, value=25000, id="mine", templates_output=5)

    newest = readings(anna, POWER, ANNAS_COUNTER, size=1)["results"][0]
    assert "templates_output" not in newest
    assert anna.world.draft().collection("meter_reading").find("mine") is None


@pytest.mark.parametrize("timestamp", [None, "sometime"])
def test_stored_reading_without_a_usable_timestamp_is_none(anna: Client, timestamp: str | None) -> None:
    change(anna.world, f"meter_reading/{ANNAS_COUNTER}-2026-03-31", {"timestamp": timestamp})

    assert readings(anna, POWER, ANNAS_COUNTER)["hits"] == 4
    send(anna, POWER, value=24000, status=200)


def test_contract_whose_end_is_no_date_is_open(anna: Client) -> None:
    change(anna.world, "contract/v-900001", {"end_date": "unknown", "start_date": "2022-12-31T23:00:00Z"})

    assert readings(anna, POWER, ANNAS_COUNTER)["hits"] == 5
    send(anna, POWER, value=25000, status=200)


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ({"size": 2.0}, [24598.7, 23842.2]),
        ({"from": 4.0}, [15402.6]),
        ({"size": 1e300, "from": 4}, [15402.6]),
    ],
)
def test_page_of_readings_is_any_whole_number(anna: Client, page: dict[str, Any], shown: list[float]) -> None:
    found = readings(anna, POWER, ANNAS_COUNTER, **page)

    assert [reading["value"] for reading in found["results"]] == shown
