"""What an answer says of itself: nothing twice, nothing contradictory."""

import pytest

from mockportal.judge.checks.answer.answers import Wrong, answer_of
from mockportal.judge.checks.answer.consistency import SentValues, consistency_checks
from mockportal.judge.model import Interaction, Received, Sent
from mockportal.spec.spec import Spec
from mockportal.values import Json, encode

JSON = (("content-type", "application/json"),)


def judged(spec: Spec, name: str, body: Json, sown: SentValues | None = None, check: str = "") -> list[Wrong]:
    operation = spec.operations[name]
    received = Received(200, JSON, encode(body))
    answer = answer_of(operation, Interaction(Sent(name, operation.method, "/", {}), received), received)
    checks = consistency_checks(sown or SentValues({}))
    return [wrong for key, one in checks.items() if check in ("", key) for wrong in one(answer)]


@pytest.mark.parametrize(
    ("operation", "body", "signature"),
    [
        ("getAllContracts", {"data": [{"_id": "a"}, {"_id": "a", "x": 1}]}, "data._id"),
        ("getContract", {"entity": {}, "meters": [{"id": "a"}, {"id": "a", "x": 1}]}, "meters.id"),
        ("getPublicPortalConfig", {"pages": [{"slug": "a"}, {"slug": "a", "x": 1}]}, "pages.slug"),
        ("getCosts", {"costs": [{"timestamp": "x"}, {"timestamp": "x"}]}, "costs alike"),
        (
            "getCosts",
            {"costs": [{"note": "ü" * 40}, {"note": "ü" * 40}]},
            "costs alike",
        ),  # the message cuts a letter
        ("getOrder", {"entity": {"parts": [{"a": 1, "b": 2, "c": 3}] * 2}}, "entity.parts alike"),
    ],
)
def test_what_is_listed_twice_is_found_at_any_depth(
    spec: Spec, operation: str, body: Json, signature: str
) -> None:
    found = judged(spec, operation, body, check="nothing_is_listed_twice")

    assert [wrong.signature for wrong in found] == [signature]


@pytest.mark.parametrize(
    ("operation", "body", "signature"),
    [
        ("getAllowedMeterReadingRange", {"min_value": 3, "max_value": 2}, "min_value"),
        ("getAllowedMeterReadingRange", {"minValue": 3, "maxValue": 2}, "minValue"),
        ("createMeterReading", {"lower_limit": 3.5, "upper_limit": 2}, "lower_limit"),
        (
            "getAllContracts",
            {"data": [{"start_date": "2026-02-01", "end_date": "2026-01-01"}]},
            "data.*.start_date",
        ),
        ("getCustomerBalance", {"balance": 8990, "balance_decimal": 8.99}, "balance_decimal"),
        (
            "getCosts",
            {"costs": [{"unit_amount": 12, "unit_amount_decimal": "0.13"}]},
            "costs.*.unit_amount_decimal",
        ),
        (
            "getBillingEvents",
            {"results": [{"billing_amount": 1, "billing_currency": "EUR"}, {"billing_amount": 2}]},
            "results.*.billing_currency",
        ),
        ("getAllFiles", {"hits": -1, "results": []}, "hits"),
    ],
)
def test_what_contradicts_itself_is_found(spec: Spec, operation: str, body: Json, signature: str) -> None:
    found = judged(spec, operation, body, check="nothing_contradicts_itself")

    assert [wrong.signature for wrong in found] == [signature]


@pytest.mark.parametrize(
    "body",
    [
        {"data": [{"id": "a", "x": 1}, {"id": "b", "x": 1}]},
        {"entity_actions": [{"slug": "a", "x": 1}, {"slug": "a", "x": 2}]},
        {"entity": {"email": [{"email": "a"}, {"email": "a"}]}},
        {"from": "2026-01-01", "to": "2026-01-01T00:00:00Z"},
        {"balance": 8990, "balance_decimal": "89.900"},
        {"unit_amount": 29, "unit_amount_decimal": "0.2867"},
        {"unit_amount": 29, "unit_amount_decimal": "29", "unit_amount_currency": "JPY"},
        {"lower_limit": "min", "upper_limit": "max"},
        {"start_date": None, "end_date": "2026-01-01"},
    ],
)
def test_what_makes_sense_is_left_alone(spec: Spec, body: Json) -> None:
    assert judged(spec, "getContract", body) == []


def test_old_portals_share_the_id_of_their_organization(spec: Spec) -> None:
    body = {"data": [{"id": "1", "name": "a"}, {"id": "1", "name": "b"}]}

    assert judged(spec, "getAllPortalConfigs", body) == []


def test_what_a_request_has_brought_is_not_held_against_the_answer(spec: Spec) -> None:
    sown = SentValues({})
    sent = {"rules": [{"id": "a"}, {"id": "a"}], "start_date": "2027-01-01"}

    sown.watch(Interaction(Sent("updateContract", "PATCH", "/", {}, encode(sent)), None))

    body = {
        "entity": {"rules": [{"id": "a"}, {"id": "a"}], "start_date": "2027-01-01", "end_date": "2026-01-01"}
    }
    assert judged(spec, "getContract", body, sown) == []


def test_list_that_is_given_back_as_it_came_is_left_alone(spec: Spec) -> None:
    operation = spec.operations["interpolatePortalPages"]
    body = encode([{"order": 0, "slug": ""}] * 2)
    received = Received(200, JSON, body)
    answer = answer_of(operation, Interaction(Sent(operation.id, "POST", "/", {}, body), received), received)

    assert [wrong for check in consistency_checks(SentValues({})).values() for wrong in check(answer)] == []


def test_domains_that_requests_bring_are_remembered() -> None:
    sown = SentValues({})

    sown.watch(Interaction(Sent("putPortalConfig", "PUT", "/", {}, b'{"domain": "New.test"}'), None))

    assert sown.domains == {"new.test"}
