"""What lists promise: pages, numbers, order, filters. Each check is silent on the mock, and finds it broken."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from contracts.mutants import MUTANTS, mutated
from mockportal.judge.checks.lists.filtering import filter_is_honoured
from mockportal.judge.checks.lists.grouping import groups_are_whole
from mockportal.judge.checks.lists.listings import every, listings, put_in
from mockportal.judge.checks.lists.paging import hits_agree, paging_is_honoured
from mockportal.judge.checks.lists.sorting import order_is_as_documented, sort_is_honoured
from mockportal.judge.context import Context
from mockportal.judge.wire.transports import in_process
from mockportal.mock import Mock, Setup, load_mock
from mockportal.values import Json
from tests.support.faulty_transports import Hears, hearing, instead, without
from tests.support.runs import Break, findings_of

Check = Callable[[Context], None]
CHECKS = (
    paging_is_honoured,
    hits_agree,
    order_is_as_documented,
    sort_is_honoured,
    filter_is_honoured,
    groups_are_whole,
)


@pytest.fixture(scope="module")
def mock() -> Mock:
    return load_mock(Setup())


def signatures(mock: Mock, check: Check, operation: str, hears: Hears) -> set[str]:
    found = findings_of(mock, check, operations=[operation], transport=hearing(mock, operation, hears))
    return {finding.signature for finding in found}


def changed(change: Callable[[Json], object]) -> Break:
    def answer(status: int, body: Json) -> tuple[int, Json]:
        if status == 200:
            change(body)
        return status, body

    return answer


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_lists_of_the_mock_keep_their_promises(mock: Mock, check: Check) -> None:
    assert findings_of(mock, check) == []


@pytest.mark.parametrize("operation", ["getAllOrders", "getBillingEvents", "getMeterReadings"])
def test_a_list_that_ignores_the_size_is_found(mock: Mock, operation: str) -> None:
    assert "size" in signatures(mock, paging_is_honoured, operation, without("size"))


@pytest.mark.parametrize("operation", ["getAllFiles", "getAllContracts"])
def test_a_page_that_begins_one_too_late_is_found(mock: Mock, operation: str) -> None:
    late = instead("from", lambda offset: int(offset) + (int(offset) > 0))

    assert "pages" in signatures(mock, paging_is_honoured, operation, late)


@pytest.mark.parametrize("operation", ["getEntityActivityFeed", "getAllRequests"])
def test_a_list_that_always_begins_at_the_front_is_found(mock: Mock, operation: str) -> None:
    found = signatures(mock, paging_is_honoured, operation, without("from"))

    assert found == {"pages", "past the end"}


def test_a_page_number_that_is_taken_for_an_offset_is_found(mock: Mock) -> None:
    def as_offset(said: dict[str, Json]) -> dict[str, Json]:
        return {**said, "from": int(said.get("from", 0)) // int(said.get("size", 25))}

    assert "pages" in signatures(mock, paging_is_honoured, "getEntityActivityFeed", as_offset)


@pytest.mark.parametrize("operation", ["getBillingEvents", "getEntityActivityFeed"])
def test_an_undocumented_default_size_is_found(mock: Mock, operation: str) -> None:
    found = signatures(mock, paging_is_honoured, operation, lambda said: {"size": 2, **said})

    assert found == {"default size"}


@pytest.mark.parametrize(
    ("operation", "total"), [("getAllFiles", "hits"), ("getEntityActivityFeed", "total")]
)
def test_a_total_that_counts_the_page_is_found(mock: Mock, operation: str, total: str) -> None:
    wrong = changed(lambda body: body.update({total: len(body["results"])}))

    for check, signature in ((paging_is_honoured, "total"), (hits_agree, f"/{total}")):
        found = findings_of(mock, check, {operation: wrong}, [operation])
        assert signature in {finding.signature for finding in found}


def test_a_page_that_says_that_nothing_follows_is_found(mock: Mock) -> None:
    wrong = changed(lambda body: body["pagination"].update(has_more=False))

    found = findings_of(mock, hits_agree, {"searchPortalUserEntities": wrong})

    assert "billing events: /pagination/has_more" in {finding.signature for finding in found}


def test_operations_that_count_differently_are_found(mock: Mock) -> None:
    wrong = changed(lambda body: body[0].update(file_count=7))

    found = findings_of(mock, hits_agree, {"getFilesCountByEntity": wrong})

    assert [(one.operation, one.signature) for one in found] == [("getFilesCountByEntity", "counted twice")]


@pytest.mark.parametrize(
    ("operation", "items", "signature"),
    [
        ("getAllFiles", "results", "default /file_date"),
        ("getAllOrders", "data", "default /_created_at"),
        ("getPortalWidgets", "widgets", "default /listIndex"),
    ],
)
def test_a_list_the_wrong_way_round_is_found(mock: Mock, operation: str, items: str, signature: str) -> None:
    found = findings_of(
        mock, order_is_as_documented, {operation: changed(lambda body: body[items].reverse())}
    )

    assert [(one.operation, one.signature) for one in found] == [(operation, signature)]


@pytest.mark.parametrize(
    ("operation", "signature"),
    [
        ("getBillingEvents", "billing_amount asc"),
        ("getMeterReadings", "timestamp asc"),
        ("searchPortalUserEntities", "billing events: due_date desc"),
    ],
)
def test_a_list_that_ignores_the_order_is_found(mock: Mock, operation: str, signature: str) -> None:
    assert signature in signatures(mock, sort_is_honoured, operation, without("sort"))


@pytest.mark.parametrize(
    ("operation", "name", "signature"),
    [
        ("getBillingEvents", "paid", "paid:$value"),
        ("getBillingEvents", "date_after", "date_after:$dayT00:00:00Z"),
        ("getAllFiles", "file_types", "file_types:[$value] nothing"),
        ("getAllFiles", "entity_ids", "entity_ids:[$value]"),
        ("getEntityActivityFeed", "before", "before:$value"),
        ("getPortalPages", "filter", "filter:slug=$value"),
        ("getPublicPages", "fields", "fields:$field slug"),
        ("searchPortalUserEntities", "q", "contracts: q:$value nothing"),
        ("searchPortalUserEntities", "filters", "contracts: filters:[{terms:{status:[$value]}}]"),
    ],
)
def test_a_filter_that_is_ignored_is_found(mock: Mock, operation: str, name: str, signature: str) -> None:
    found = findings_of(mock, filter_is_honoured, transport=hearing(mock, operation, without(name)))

    assert {finding.operation for finding in found} == {operation}
    assert any(finding.signature.endswith(signature.removeprefix("contracts: ")) for finding in found)


def test_a_bound_that_leaves_its_own_day_out_is_found(mock: Mock) -> None:
    the_day_before = instead(
        "date_before", lambda said: f"{date.fromisoformat(said[:10]) - timedelta(days=1)}T23:59:59Z"
    )

    found = signatures(mock, filter_is_honoured, "getBillingEvents", the_day_before)

    assert found == {"date_before:$dayT23:59:59Z"}


@pytest.mark.parametrize(
    ("name", "signature"),
    [("group_after_key", "more groups"), ("group_size", "group size"), ("group_sort", "groups desc")],
)
def test_groups_that_ignore_what_was_asked_are_found(mock: Mock, name: str, signature: str) -> None:
    assert signature in signatures(mock, groups_are_whole, "searchPortalUserEntities", without(name))


def test_an_entry_may_be_like_another() -> None:
    labels = {listing.label: listing for listing in listings() if listing.label}

    assert labels["files"].total == labels["contracts"].total == "/pagination/total"
    assert labels["files"].body == {"slug": "file"}


def test_a_value_keeps_its_type_where_it_stands_alone() -> None:
    assert put_in({"paid": "$value", "filter": "a=$value"}, {"value": True}) == {
        "paid": True,
        "filter": "a=true",
    }


def test_a_pointer_goes_through_every_entry() -> None:
    assert every({"a": [{"b": 1}, {"c": 2}, {"b": 3}]}, "/a/*/b") == [1, 3]


def test_filter_that_is_refused_is_found(mock: Mock) -> None:
    wrong = in_process(mutated(mock, [one for one in MUTANTS if one.id == "getPublicPages-fields"]))

    found = findings_of(mock, filter_is_honoured, transport=wrong)

    assert [(one.operation, one.signature) for one in found] == [("getPublicPages", "fields:$field refused")]
