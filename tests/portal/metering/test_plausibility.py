"""Which values are plausible, and that the range which the portal is told is the range that it is held to."""

from typing import Any

import pytest

from mockportal.portal.metering.counters import Dated, History
from mockportal.portal.metering.plausibility import limits_of
from mockportal.state.clock import instant
from mockportal.testing import Client
from tests.support.changes import change, id_of

POWER = "1tst0010000001"
HOOK = {"app_id": "musterau-energiedaten", "extension_id": "energy-data"}

# person, meter, counter, allowed range on the day of the scenario
RANGES = [
    ("anna", "1tst0010000001", "1.8.0", 24598.7, 26525.2),
    ("anna", "7tst0020000001", "3.0.0", 8601, 10301),
    ("mehmet", "1tst0010000002", "1.8.1", 12480, 15606),
    ("mehmet", "1tst0010000002", "1.8.2", 9395, 11900),
    ("hoffmann", "1tst0010000004", "1.8.0", 5560.9, 6686.8),
    ("hoffmann", "1tst0010000004", "2.8.0", 10310.5, 13589.8),
]


def ranges(client: Client, meter: str, **query: Any) -> dict[str, tuple[Any, Any]]:
    meter_id = id_of(client.world, f"meter/{meter}")
    rows = client.call("getAllowedMeterReadingRange", meter_id=meter_id, **query)["data"]
    return {row["meter_counter_id"]: (row["min_value"], row["max_value"]) for row in rows}


def counter_id(client: Client, alias: str) -> str:
    return id_of(client.world, f"meter_counter/{alias}")


def select(client: Client, hook_id: str | None) -> None:
    hook = None if hook_id is None else {**HOOK, "hook_id": hook_id}
    change(client.world, "portal/p1", {"extension_hooks": {"meterReadingPlausibilityCheck": hook}})


def send(client: Client, value: float, status: int, meter: str = POWER, **given: Any) -> Any:
    body = {"meter_id": id_of(client.world, f"meter/{meter}"), "source": "ECP", "value": value, **given}
    return client.call("createMeterReading", body=body, status=status)


def dated(text: str, value: float, **more: Any) -> Dated:
    return Dated(instant(text), {"value": value, **more})


@pytest.mark.parametrize(("person", "meter", "counter", "lowest", "highest"), RANGES)
def test_allowed_range_of_the_default_counters(
    nobody: Client, person: str, meter: str, counter: str, lowest: float, highest: float
) -> None:
    client = nobody.as_(f"dev-{person}")

    shown = ranges(client, meter)

    assert shown[counter_id(client, f"{meter}-{counter}")] == (lowest, highest)


@pytest.mark.parametrize(("person", "meter", "counter", "lowest", "highest"), RANGES)
def test_reading_is_accepted_exactly_inside_its_range(
    nobody: Client, person: str, meter: str, counter: str, lowest: float, highest: float
) -> None:
    client = nobody.as_(f"dev-{person}")
    id = counter_id(client, f"{meter}-{counter}")

    below = send(client, lowest - 0.1, 400, meter, counter_id=id)
    above = send(client, highest + 0.1, 400, meter, counter_id=id)

    assert below["reason"] == "less_than_previous"
    assert above["reason"] == "plausibility_check_failed"
    assert (above["lower_limit"], above["upper_limit"]) == (lowest, highest)
    for value in (highest, lowest):
        send(client, value, 200, meter, counter_id=id, timestamp="2026-06-15T07:00:00Z")


def test_limits_count_german_calendar_days() -> None:
    """9.6 kWh a day, 59 days from the first of January to the first of March, across no clock change."""
    moment = instant("2026-03-01T10:00:00+01:00")
    before = (dated("2025-12-22T23:30:00+01:00", 12304.0), dated("2026-01-01T00:10:00+01:00", 12400.0))

    limits = limits_of("check", {"decimals": 1}, History(before=before), moment)

    assert limits == (12513.3, 14109.2)


@pytest.mark.parametrize(
    ("earlier", "counter", "upper"),
    [
        ((), {"forecast_consumption": 730}, 170),
        ((), {}, 397.671),
        ((("2026-01-01", 40.0, {"status": "in-validation"}),), {"forecast_consumption": 730}, 170),
        ((("2026-01-11T08:00:00Z", 40.0, {}),), {"forecast_consumption": 730}, 170),
        ((("2026-01-01", 190.0, {}),), {"forecast_consumption": 730}, 110),
        ((("2026-01-01", 90.0, {"status": None}),), {}, 140),
    ],
    ids=["forecast", "3500 a year", "not valid", "the same day", "never backwards", "slope"],
)
def test_daily_mean_without_two_valid_readings_is_the_forecast(
    earlier: tuple[tuple[str, float, dict[str, Any]], ...], counter: dict[str, Any], upper: float
) -> None:
    before = tuple(dated(text, value, **more) for text, value, more in earlier)
    history = History(before=(*before, dated("2026-01-11T12:00:00Z", 100.0, status="valid")))

    limits = limits_of("check", counter, history, instant("2026-01-21T12:00:00Z"))

    assert limits is not None
    assert limits.upper == upper


@pytest.mark.parametrize(("mode", "expected"), [("", None), ("check", (118.0, 380.0)), ("range", None)])
def test_reading_that_follows_is_the_limit_of_a_range(
    mode: str, expected: tuple[float, float] | None
) -> None:
    moment = instant("2026-01-21")
    before = (dated("2026-01-01", 10.0), dated("2026-01-11", 100.0))
    history = History(before=before, after=(dated("2026-02-01", 500.0),))

    limits = limits_of(mode, {"decimals": 1}, history, moment)

    assert limits == expected


def test_range_between_two_readings_ends_at_the_second(anna: Client) -> None:
    shown = ranges(anna, POWER, timestamp="2026-02-01")

    assert list(shown.values()) == [(23842.2, 24598.7)]
    send(anna, 24598.7, 200, timestamp="2026-02-01")


def test_range_before_the_first_reading_has_no_lower_end(anna: Client) -> None:
    assert list(ranges(anna, POWER, timestamp="2022-01-01").values()) == [(None, 15402.6)]


def test_range_of_a_counter_without_readings_is_open(nobody: Client) -> None:
    assert list(ranges(nobody.as_("dev-tom"), "1tst0010000007").values()) == [(None, None)]


def test_reading_moves_the_range(anna: Client) -> None:
    send(anna, 25000, 200, timestamp="2026-06-14")

    shown = ranges(anna, POWER)

    assert list(shown.values()) == [(25000, 25026.1)]


@pytest.mark.parametrize(("person", "meter"), [("petra", "1tst0010000005"), ("sabine", "8tst0030000001")])
def test_meter_that_takes_no_reading_has_no_ranges(nobody: Client, person: str, meter: str) -> None:
    assert ranges(nobody.as_(f"dev-{person}"), meter) == {}


@pytest.mark.parametrize("timestamp", ["soon", "9999-12-31T23:59:59Z"])
def test_malformed_timestamp_of_a_range_is_a_bad_request(anna: Client, timestamp: str) -> None:
    meter_id = id_of(anna.world, f"meter/{POWER}")

    anna.call("getAllowedMeterReadingRange", meter_id=meter_id, timestamp=timestamp, status=400)


def test_check_mode_has_a_lower_limit_of_its_own(anna: Client) -> None:
    select(anna, "plausi-check")

    low = send(anna, 24700, 400)

    assert low["reason"] == "plausibility_check_failed"
    assert (low["lower_limit"], low["upper_limit"]) == (24726.5, 26525.2)
    send(anna, 24726.5, 200)


@pytest.mark.parametrize("hook_id", ["plausi-check", "consumption", "unknown", None])
def test_ranges_need_a_hook_that_knows_them(anna: Client, hook_id: str | None) -> None:
    select(anna, hook_id)

    anna.call("getAllowedMeterReadingRange", meter_id=id_of(anna.world, f"meter/{POWER}"), status=400)


def test_portal_without_the_hook_takes_any_rising_value(anna: Client) -> None:
    select(anna, None)

    send(anna, 40000, 200)


@pytest.mark.parametrize("status", ["installed", "enabled"])
def test_hook_of_an_extension_that_is_not_enabled_judges_nothing(anna: Client, status: str) -> None:
    change(anna.world, "portal/p1", {"extensions": [{"id": "energy-data", "status": status}]})

    send(anna, 40000, 200 if status == "installed" else 400)
