"""Which meter a question is about."""

import pytest

from mockportal.testing import Client
from tests.portal.metering.test_measuring import POWER, consumption, context
from tests.support.changes import change, id_of

GAS = "meter/7tst0020000001"


def test_power_meter_of_the_oldest_active_contract_is_the_default(anna: Client) -> None:
    by_default = consumption(anna)

    assert by_default == consumption(anna, context_entities=context(anna, POWER))
    assert by_default[0]["unit"] == "kWh"


@pytest.mark.parametrize(
    "names",
    [
        (GAS,),
        ("contract/v-900002",),
        ("meter_counter/7tst0020000001-3.0.0",),
        ("contract/v-900001", GAS),
        ("contact/anna", "contract/v-900002"),
    ],
)
def test_context_names_the_meter(anna: Client, names: tuple[str, ...]) -> None:
    records = consumption(anna, context_entities=context(anna, *names))

    assert {record["unit"] for record in records} == {"cubic-meter"}


def test_older_clients_name_the_meter_itself(anna: Client) -> None:
    by_id = consumption(anna, meter_id=id_of(anna.world, GAS))

    assert by_id == consumption(anna, context_entities=context(anna, GAS))


def test_one_counter_of_several_has_its_own_series(nobody: Client) -> None:
    hoffmann = nobody.as_("dev-hoffmann")

    records = consumption(hoffmann, context_entities=context(hoffmann, "meter_counter/1tst0010000004-2.8.0"))

    assert [record["type"] for record in records] == ["feed-in", "feed-in"]


@pytest.mark.parametrize(
    "name",
    [
        "meter/1tst0010000004",
        "contract/v-900005",
        "meter_counter/1tst0010000004-1.8.0",
        "contact/claudia",
        "account/ac-200001",
    ],
)
def test_somebody_elses_entity_is_refused(anna: Client, name: str) -> None:
    body = consumption(anna, status=403, context_entities=context(anna, name))

    assert set(body) == {"message"}


def test_unknown_meter_is_refused_like_somebody_elses(anna: Client) -> None:
    unknown = consumption(anna, status=403, meter_id="nothing")
    foreign = id_of(anna.world, "meter/1tst0010000004")

    assert unknown["message"] == "there is no meter nothing"
    assert consumption(anna, status=403, meter_id=foreign)["message"] == f"there is no meter {foreign}"


def test_context_that_names_nothing_is_ignored(anna: Client) -> None:
    assert consumption(anna, context_entities=[{"entity_schema": "meter"}]) == consumption(anna)


def test_portal_that_shows_no_meters_shows_no_consumption(anna: Client) -> None:
    change(anna.world, "portal/p1", {"allowed_portal_entities": ["contact", "contract"]})

    assert "meter" in consumption(anna, status=403)["message"]
