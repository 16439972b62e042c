"""Use cases that a scenario answers in place of other systems."""

from typing import Any

import pytest

from mockportal.engine.world import World
from mockportal.testing import Client
from tests.support.changes import change, id_of

# use case, payload, success, data
CASES: list[tuple[str, dict[str, Any], bool, dict[str, Any]]] = [
    (
        "invoice-simulation",
        {"installment_amount": 8400},
        True,
        {"installment_amount": 8400, "annual_amount": 100800, "currency": "EUR"},
    ),
    (
        "address-check",
        {"postal_code": "12345", "city": "Musterau"},
        True,
        {"valid": True, "postal_code": "12345", "city": "Musterau"},
    ),
    ("address-check", {"postal_code": "99999"}, True, {"valid": False}),
    (
        "erp-down",
        {},
        False,
        {"error": {"code": "EXTERNAL_API_ERROR", "message": "The ERP system does not answer."}},
    ),
]


def execute(client: Client, use_case: str, status: int | None = None, **given: Any) -> Any:
    integration = id_of(client.world, "integration/musterau-erp")
    body = {"integration_id": integration, "use_case_slug": use_case, **given}
    return client.call("portalProxyExecute", body=body, status=status)


@pytest.mark.parametrize(("use_case", "payload", "success", "data"), CASES)
def test_first_case_that_matches_answers(
    anna: Client, use_case: str, payload: dict[str, Any], success: bool, data: dict[str, Any]
) -> None:
    assert execute(anna, use_case, payload=payload) == {"success": success, "data": data}


def test_payload_may_be_left_out(anna: Client) -> None:
    assert execute(anna, "erp-down")["success"] is False


def test_case_may_answer_without_data(anna: Client) -> None:
    change(anna.world, "integration/musterau-erp", {"use_cases": {"ping": [{}]}})

    assert execute(anna, "ping") == {"success": True}


def test_payload_that_no_case_expects_is_refused(anna: Client) -> None:
    cases = [{"match": {"postal_code": "12345"}, "success": True}]
    change(anna.world, "integration/musterau-erp", {"use_cases": {"address-check": cases}})

    body = execute(anna, "address-check", status=400, payload={"postal_code": "99999"})

    assert body == {"message": "the use case 'address-check' does not accept this payload"}


@pytest.mark.parametrize(
    ("integration", "use_case"),
    [("integration/musterau-erp", "unheard-of"), ("contract/v-900001", "address-check")],
)
def test_unknown_integration_or_use_case_is_refused(
    anna: Client, world: World, integration: str, use_case: str
) -> None:
    body = execute(anna, use_case, status=400, integration_id=id_of(world, integration))

    assert body == {"message": f"there is no use case {use_case!r} of this integration"}


def test_nothing_is_changed(anna: Client, world: World) -> None:
    before = world.state

    execute(anna, "erp-down")

    assert world.state is before
