"""What customers owe, and the events that it comes from."""

from typing import Any

import pytest

from mockportal.testing import Client
from tests.support.changes import change, id_of

BALANCES = [
    ("anna", 0, 0.0),
    ("mehmet", 28400, 284.0),
    ("hoffmann", -3865, -38.65),
    ("jonas", -3865, -38.65),
    ("petra", -7342, -73.42),
    ("sabine", 64000, 640.0),
    ("tom", 0, 0.0),
    ("lea", 0, 0.0),
]
ACCOUNTS = [
    ("anna", "ba-700001", 0, "0.00"),
    ("mehmet", "ba-700002", 28400, "284.00"),
    ("hoffmann", "ba-700003", -3865, "-38.65"),
    ("petra", "ba-700004", -7342, "-73.42"),
    ("sabine", "ba-700005", 64000, "640.00"),
]


def events(client: Client, **query: Any) -> Any:
    return client.call("getBillingEvents", **query)


@pytest.mark.parametrize(("person", "cents", "euros"), BALANCES)
def test_balance_is_what_is_open_on_all_contracts(
    nobody: Client, person: str, cents: int, euros: float
) -> None:
    client = nobody.as_(f"dev-{person}")

    body = client.call("getCustomerBalance")

    assert body == {"balance": cents, "balance_decimal": euros, "balance_currency": "EUR"}


@pytest.mark.parametrize(("person", "account", "cents", "text"), ACCOUNTS)
def test_billing_account_agrees_with_the_balance_of_its_customer(
    nobody: Client, person: str, account: str, cents: int, text: str
) -> None:
    client = nobody.as_(f"dev-{person}")

    body = client.call("getBillingAccount", id=id_of(client.world, f"billing_account/{account}"))

    assert body["entity"]["balance"] == cents
    assert body["entity"]["balance_decimal"] == text
    assert client.call("getCustomerBalance")["balance"] == cents


def test_payment_moves_balance_and_account_alike(nobody: Client) -> None:
    mehmet = nobody.as_("dev-mehmet")
    change(mehmet.world, "billing_event/v-900003-2026-05", {"paid_date": "2026-06-15"})

    balance = mehmet.call("getCustomerBalance")["balance"]
    account = mehmet.call("getBillingAccount", id=id_of(mehmet.world, "billing_account/ba-700002"))

    assert (balance, account["entity"]["balance"]) == (14200, 14200)


def test_billing_account_comes_with_its_contracts_and_contact(anna: Client) -> None:
    body = anna.call("getBillingAccount", id=id_of(anna.world, "billing_account/ba-700001"))

    assert {entity["_id"] for entity in body["relations"]} == {
        id_of(anna.world, "contact/anna"),
        id_of(anna.world, "contract/v-900001"),
        id_of(anna.world, "contract/v-900002"),
    }


@pytest.mark.parametrize("account", ["ba-700002", "00000000-0000-4000-8000-000000000000"])
def test_foreign_and_unknown_billing_accounts_are_not_found_alike(anna: Client, account: str) -> None:
    anna.call("getBillingAccount", id=id_of(anna.world, f"billing_account/{account}"), status=404)


def test_installers_see_no_billing(nobody: Client) -> None:
    marek = nobody.as_("dev-marek")

    marek.call("getBillingEvents", status=403)
    marek.call("getCustomerBalance", status=403)
    marek.call("getBillingAccount", id=id_of(marek.world, "billing_account/ba-700001"), status=403)


def test_events_are_those_of_all_contracts_latest_first(anna: Client) -> None:
    body = events(anna, size=3)

    assert body["hits"] == 36
    assert [event["due_date"] for event in body["results"]] == ["2026-12-01", "2026-12-01", "2026-11-01"]
    assert body["results"][0]["_id"] < body["results"][1]["_id"]


def test_pages_cover_every_event_once(anna: Client) -> None:
    pages = [events(anna, size=10, **{"from": start})["results"] for start in (0, 10, 20, 30, 40)]

    assert [len(page) for page in pages] == [10, 10, 10, 6, 0]
    assert len({event["_id"] for page in pages for event in page}) == 36


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ({"paid": True}, 24),
        ({"paid": False}, 12),
        ({"event_type": "installment"}, 36),
        ({"event_type": "reimbursement"}, 0),
        ({"date_after": "2026-05-01T00:00:00Z", "date_before": "2026-06-01T00:00:00Z"}, 4),
        ({"date_after": "2026-05-02T00:00:00+02:00", "date_before": "2026-05-31T23:59:59+02:00"}, 0),
        ({"date_after": "2026-12-01T12:00:00Z"}, 2),
        ({"date_before": "2025-07-01T00:00:00Z", "paid": True}, 2),
        ({"size": 0}, 36),
    ],
)
def test_filters_are_combined(anna: Client, query: dict[str, Any], hits: int) -> None:
    assert events(anna, **query)["hits"] == hits


def test_unpaid_event_has_no_paid_date(nobody: Client) -> None:
    body = events(nobody.as_("dev-mehmet"), paid=False, date_before="2026-06-15T00:00:00Z")

    assert [event["billing_amount_decimal"] for event in body["results"]] == ["142.00", "142.00"]
    assert all("paid_date" not in event for event in body["results"])


def test_event_without_a_due_date_counts_on_its_booking_date(nobody: Client) -> None:
    petra = nobody.as_("dev-petra")
    final = id_of(petra.world, "billing_event/v-900006-final")
    change(petra.world, "billing_event/v-900006-final", {"due_date": None, "booking_date": "2026-05-20"})

    on_the_day = events(petra, date_after="2026-05-20T00:00:00Z", date_before="2026-05-20T00:00:00Z")
    day_after = events(petra, date_after="2026-05-21T00:00:00Z")

    assert [event["_id"] for event in on_the_day["results"]] == [final]
    assert day_after["hits"] == 0


def test_event_without_any_date_is_in_no_period(nobody: Client) -> None:
    petra = nobody.as_("dev-petra")
    everything = events(petra)["hits"]
    change(petra.world, "billing_event/v-900006-final", {"due_date": None, "booking_date": None})

    assert events(petra)["hits"] == everything
    assert events(petra, date_before="2030-01-01T00:00:00Z")["hits"] == everything - 1


@pytest.mark.parametrize(
    ("paths", "hits"),
    [
        (["contract/v-900001"], 18),
        (["contract/v-900001", "contract/v-900002"], 36),
        (["billing_account/ba-700001"], 36),
        (["billing_account/ba-700001", "contract/v-900001"], 36),
        (["order/au-2025-01102"], 18),
        (["contract/v-900003"], 0),
        (["contract/v-900003", "contract/v-900002"], 18),
        (["billing_account/ba-700002"], 0),
        (["contact/anna"], 0),
    ],
)
def test_entities_name_the_events_of_their_contracts(anna: Client, paths: list[str], hits: int) -> None:
    body = events(anna, entity_id=[id_of(anna.world, path) for path in paths])

    assert body["hits"] == hits


@pytest.mark.parametrize(
    ("sort", "attribute", "first", "last"),
    [
        ("due_date:asc", "due_date", "2025-07-01", "2026-12-01"),
        ("billing_amount:asc", "billing_amount", 8400, 12600),
        ("billing_amount:desc", "billing_amount", 12600, 8400),
        ("paid_date:asc", "paid_date", "2025-07-01", None),
        ("paid_date:desc", "paid_date", "2026-06-01", None),
        ("no_such_attribute:desc", "no_such_attribute", None, None),
        ("contract:asc", "type", "installment", "installment"),
    ],
)
def test_events_are_sorted_by_any_attribute_without_it_last(
    anna: Client, sort: str, attribute: str, first: Any, last: Any
) -> None:
    results = events(anna, sort=sort)["results"]

    assert len(results) == 36
    assert (results[0].get(attribute), results[-1].get(attribute)) == (first, last)


def test_equal_events_are_in_the_order_of_their_ids(anna: Client) -> None:
    ids = [event["_id"] for event in events(anna, sort="no_such_attribute:desc")["results"]]

    assert ids == sorted(ids)


@pytest.mark.parametrize(
    "query",
    [
        {"sort": "due_date"},
        {"sort": "due_date:down"},
        {"sort": ":asc"},
        {"size": 1001},
        {"event_type": "refund"},
    ],
)
def test_malformed_query_is_a_bad_request(anna: Client, query: dict[str, Any]) -> None:
    anna.call("getBillingEvents", status=400, **query)
