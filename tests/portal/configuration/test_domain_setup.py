"""The way of a portal's own domain from the distribution to the certificate."""

from typing import Any

import pytest

from mockportal.engine.world import World
from mockportal.testing import Client
from tests.support.changes import change, id_of, pass_days, record_of

OLD = "portal/p3"
TEN_MINUTES = 10 / 24 / 60


def ask(admin: Client, operation_id: str, status: int | None = None) -> Any:
    return admin.call(operation_id, status=status, portal_id=id_of(admin.world, OLD))


def states(admin: Client) -> tuple[bool, str, str]:
    """What the CAA records say, the state of the domain as stored, and that of the certificate."""
    caa = ask(admin, "validateCaaRecordsV3")
    portal = record_of(admin.world, OLD)
    assert caa["retry"] is not caa["isDNSConfigured"]
    return caa["isDNSConfigured"], portal["domain_status"], portal["certificate_details"]["status"]


def test_domain_is_pending_before_it_is_configured(admin: Client) -> None:
    assert ask(admin, "verifyDns") == {
        "domain_status": "PENDING",
        "message": "The distribution for alt.sw-musterau.test is not configured yet.",
    }
    assert ask(admin, "verifyDns")["domain_status"] == "PENDING"
    assert states(admin) == (False, "PENDING", "PENDING_VALIDATION")


def test_second_check_sees_the_records(admin: Client) -> None:
    ask(admin, "configureDistributionV3")
    assert states(admin) == (False, "PENDING", "PENDING_VALIDATION")

    first, between, second = ask(admin, "verifyDns"), states(admin), ask(admin, "verifyDns")

    assert first == {
        "domain_status": "PENDING",
        "message": "The CNAME record of alt.sw-musterau.test is not visible yet.",
    }
    assert between == (True, "PENDING", "PENDING_VALIDATION")
    assert second == {
        "domain_status": "SUCCEED",
        "message": "alt.sw-musterau.test points to the portal.",
    }
    assert states(admin) == (True, "SUCCEED", "ISSUED")


def test_ten_minutes_later_the_first_check_sees_them(admin: Client, world: World) -> None:
    ask(admin, "configureDistributionV3")
    pass_days(world, TEN_MINUTES)

    assert states(admin) == (True, "PENDING", "PENDING_VALIDATION")
    assert ask(admin, "verifyDns")["domain_status"] == "SUCCEED"


def test_success_lasts(admin: Client) -> None:
    for operation_id in ("configureDistributionV3", "verifyDns", "verifyDns", "configureDistributionV3"):
        ask(admin, operation_id)

    assert states(admin) == (True, "SUCCEED", "ISSUED")
    assert record_of(admin.world, OLD)["certificate_details"] == {"status": "ISSUED"}
    assert ask(admin, "verifyDns")["domain_status"] == "SUCCEED"


def test_host_name_stays_the_same(admin: Client, world: World) -> None:
    first = ask(admin, "configureDistributionV3")
    ask(admin, "verifyDns")
    pending = record_of(world, OLD)

    again = ask(admin, "configureDistributionV3")

    assert first == again
    assert first["domainName"].endswith(".cdn.test")
    assert record_of(world, OLD) == pending


def test_failed_certificate_is_asked_for_again(admin: Client, world: World) -> None:
    failed = {"status": "FAILED", "failed_reason": "CAA_ERROR"}
    change(world, OLD, {"certificate_details": failed})
    assert ask(admin, "validateCaaRecordsV3") == {
        "isDNSConfigured": False,
        "retry": False,
        "message": "The CAA records of alt.sw-musterau.test forbid the certificate.",
    }
    assert "has failed" in ask(admin, "verifyDns")["message"]

    ask(admin, "configureDistributionV3")

    assert states(admin) == (False, "PENDING", "PENDING_VALIDATION")
    assert "failed_reason" not in record_of(world, OLD)["certificate_details"]


@pytest.mark.parametrize(
    "changes",
    [{"domain": None}, {"domain_settings": {"is_custom_domain_enabled": False}}, {"is_epilot_domain": True}],
)
def test_portal_without_a_domain_of_its_own_has_nothing_to_set_up(
    admin: Client, world: World, changes: dict[str, Any]
) -> None:
    change(world, OLD, changes)

    assert ask(admin, "configureDistributionV3", status=400) == {
        "message": "this portal has no custom domain"
    }
    assert ask(admin, "verifyDns")["domain_status"] == "PENDING"
    caa = ask(admin, "validateCaaRecordsV3")
    assert (caa["isDNSConfigured"], caa["retry"]) == (False, False)


@pytest.mark.parametrize("operation_id", ["validateCaaRecords", "configureDistribution"])
def test_origin_names_the_portal_too(admin: Client, operation_id: str) -> None:
    by_origin = admin.call(operation_id, origin="END_CUSTOMER_PORTAL")

    by_id = admin.call(f"{operation_id}V3", portal_id=id_of(admin.world, "portal/p1"))
    assert by_origin == by_id
    admin.call(operation_id, origin="UNHEARD_OF", status=404)


@pytest.mark.parametrize("operation_id", ["validateCaaRecordsV3", "configureDistributionV3", "verifyDns"])
def test_unknown_portal_is_not_found(admin: Client, operation_id: str) -> None:
    admin.call(operation_id, portal_id=id_of(admin.world, "contact/anna"), status=404)


@pytest.mark.parametrize(
    ("operation_id", "status"),
    [("validateCaaRecordsV3", 200), ("configureDistributionV3", 403), ("verifyDns", 403)],
)
def test_who_may_only_read_may_only_look(nobody: Client, operation_id: str, status: int) -> None:
    ask(nobody.as_("dev-admin-readonly"), operation_id, status=status)
