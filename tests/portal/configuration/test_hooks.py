"""Which extension and hook answers."""

import pytest

from mockportal.testing import Client
from mockportal.values import Record
from tests.support.changes import change

PERIOD: Record = {"from": "2026-06-01T00:00:00Z", "to": "2026-06-02T00:00:00Z", "interval": "P1D"}
# what a call names, and what it is told
UNKNOWN = [
    ({"extensionId": "unheard-of"}, "there is no enabled extension 'unheard-of'"),
    ({"extensionId": "energy-data", "app_id": "another"}, "there is no enabled extension 'energy-data'"),
    ({"extensionId": "legacy-billing"}, "there is no enabled extension 'legacy-billing'"),
    (
        {"extensionId": "energy-data", "hookId": "price"},
        "the extension 'energy-data' has no such consumptionDataRetrieval hook",
    ),
    (
        {"extensionId": "multi"},
        "the extension 'multi' has several consumptionDataRetrieval hooks; "
        "name one of consumption-metered, consumption-estimated",
    ),
]
EXPORTS = [("energy-data", "export", 200), ("energy-data", "consumption", 404), ("multi", None, 404)]


@pytest.mark.parametrize(("named", "message"), UNKNOWN)
def test_hook_has_to_be_unambiguous(anna: Client, named: dict[str, str], message: str) -> None:
    body = anna.call("getConsumption", status=404, **PERIOD, **named)

    assert body == {"message": message}


@pytest.mark.parametrize(
    "named",
    [
        {"extensionId": "energy-data"},
        {"extensionId": "energy-data", "app_id": "musterau-energiedaten", "hookId": "consumption"},
        {"extensionId": "multi", "hookId": "consumption-metered"},
        {"extensionId": "multi", "hookId": "consumption-estimated"},
    ],
)
def test_hook_that_is_named_answers(anna: Client, named: Record) -> None:
    body = anna.call("getConsumption", **PERIOD, **named)

    assert [record["timestamp"] for record in body["consumptions"]] == ["2026-06-01T22:00:00.000Z"]


def test_hook_answers_only_in_its_intervals(anna: Client) -> None:
    asked = {**PERIOD, "interval": "PT1H", "extensionId": "multi", "hookId": "consumption-estimated"}

    assert anna.call("getConsumption", **asked) == {"consumptions": []}


@pytest.mark.parametrize("operation_id", ["getPrices", "getCosts"])
def test_extension_may_lack_a_kind_of_data(anna: Client, operation_id: str) -> None:
    body = anna.call(operation_id, status=404, extensionId="multi", **PERIOD)

    assert "no such" in body["message"]


def test_metadata_need_their_own_hook(anna: Client) -> None:
    asked: Record = {"app_id": "musterau-energiedaten", "extensionId": "multi"}

    assert "visualizationMetadata" in anna.call("getVisualizationMetadata", status=404, **asked)["message"]


@pytest.mark.parametrize(("extension", "hook", "status"), EXPORTS)
def test_export_names_its_hook_in_the_body(
    anna: Client, extension: str, hook: str | None, status: int
) -> None:
    body = {"app_id": "musterau-energiedaten", "extension_id": extension}

    anna.call(
        "prepareVisualizationExport", status=status, body=body if hook is None else {**body, "hook_id": hook}
    )


def test_extension_that_the_portal_switches_off_answers_no_more(anna: Client) -> None:
    change(anna.world, "portal/p1", {"extensions": [{"id": "energy-data", "status": "installed"}]})

    anna.call("getConsumption", status=404, extensionId="energy-data", **PERIOD)


def test_portal_without_the_extension_does_not_have_its_data(nobody: Client) -> None:
    nobody.as_("dev-marek").call("getConsumption", status=404, extensionId="energy-data", **PERIOD)
