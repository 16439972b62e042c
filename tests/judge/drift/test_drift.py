"""The mock against itself shows nothing; the mock against a broken one shows what is broken, and where."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import count

import pytest

from mockportal.errors import UsageError
from mockportal.judge.drift.model import SOFT
from mockportal.judge.model import Received
from mockportal.judge.target.profiles import PROFILES
from mockportal.judge.wire.transports import NoAnswer, in_process
from mockportal.mock import Mock, Setup
from mockportal.spec.spec import Spec
from mockportal.values import Json, Record
from mockportal.web.app import create_app
from tests.support.drifting import compared, elsewhere, plan_for, with_headers
from tests.support.runs import Break, target_of

PART = ("getAllContracts", "getContract", "getAllOrders", "getOrder", "getAllFiles", "getFileById", "getBillingEvents",
        "getConsumption", "createPortalPage", "createMeterReading", "searchPortalUserEntities", "updateContact")  # fmt: skip
Change = Callable[[Record], object]


def on_body(change: Change) -> Break:
    """Changes the body of a success in place."""

    def apply(status: int, body: Json) -> tuple[int, Json]:
        if status < 300:
            change(body)
        return status, body

    return apply


def each(name: str, change: Change) -> Break:
    """Changes every element of a list."""
    return on_body(lambda body: [change(item) for item in body[name]])


def replaced(name: str, value: Json) -> Break:
    """Puts `value` where a list was."""
    return on_body(lambda body: body.update({name: [value for _ in body[name]]}))


def answered(instead: int) -> Break:
    """Another status for a success, with the same body, or a message for an error."""

    def apply(status: int, body: Json) -> tuple[int, Json]:
        if status >= 400:
            return status, body
        return instead, body if instead < 400 else {"message": "no"}

    return apply


# operation, what is done to it, (kind, status, pointer) of what has to be found
BROKEN = (
    ("getContract", on_body(lambda body: body["entity"].update(_id=7)), ("type", "200", "/entity/_id")),
    ("getPortalUser", on_body(lambda body: body.update(data=[])), ("type", "200", "/data")),
    ("getConsumption", each("consumptions", lambda item: item.update(value="1")), ("type", "200", "/consumptions/*/value")),
    ("getContract", on_body(lambda body: body["entity"].pop("_title")), ("missing_key", "200", "/entity/_title")),
    ("getBillingEvents", each("results", lambda item: item.pop("due_date")), ("missing_key", "200", "/results/*/due_date")),
    ("getPortalUser", on_body(lambda body: body["data"].update(odd=1)), ("extra_key", "200", "/data/odd")),
    ("getBillingEvents", each("results", lambda item: item.update(odd=1)), ("extra_key", "200", "/results/*/odd")),
    ("getContract", answered(201), ("status", "", "")),
    ("createMeterReading", answered(500), ("status", "", "")),
    ("getAllOrders", answered(403), ("status", "", "")),
    ("getPortalConfigByDomain", on_body(lambda body: body["auth_settings"].update(entry_point="FAX")), ("enum", "200", "/auth_settings/entry_point")),
    ("getBillingEvents", each("results", lambda item: item.update(type="lost")), ("enum", "200", "/results/*/type")),
    ("getBillingEvents", each("results", lambda item: item.update(due_date="2026-06-01T00:00:00Z")), ("format", "200", "/results/*/due_date")),
    ("getPortalPage", on_body(lambda body: body.update(id="page-1")), ("format", "200", "/id")),
    ("getBillingEvents", replaced("results", "x"), ("type", "200", "/results/*")),
    ("getAllOrders", replaced("data", {"_id": "x"}), ("missing_key", "200", "/data/*/order_number")),
)  # fmt: skip


def test_the_mock_does_not_drift_from_itself(mock: Mock) -> None:
    report = compared(plan_for(mock), mock)

    assert (report.verdict, report.findings, report.problems, report.noise) == ("same", [], [], [])
    assert report.untested == {}
    assert len(report.compared) == 149
    assert report.same_data


@pytest.mark.parametrize("seed", [2, 3])
def test_part_of_the_mock_does_not_drift_from_itself_for_any_seed(mock: Mock, seed: int) -> None:
    plan = plan_for(mock, *PART, seed=seed, most=2)

    assert compared(elsewhere(plan), mock).findings == []


@pytest.mark.parametrize(("operation", "change", "expected"), BROKEN, ids=lambda value: str(value)[:40])
@pytest.mark.parametrize("same_data", [True, False])
def test_what_is_broken_is_found(
    mock: Mock, operation: str, change: Break, expected: tuple[str, str, str], same_data: bool
) -> None:
    plan = plan_for(mock, operation, "getContact")

    report = compared(plan if same_data else elsewhere(plan), mock, {operation: change})

    assert {drift.operation for drift in report.findings} == {operation}
    assert expected in {(drift.kind, drift.status, drift.pointer) for drift in report.findings}
    assert report.verdict == "differs"


@pytest.mark.parametrize("operation", ["getContract", "createPortalPage"])
@pytest.mark.parametrize("media_type", ["text/html", "application/problem+json"])
def test_another_content_type_is_found(mock: Mock, operation: str, media_type: str) -> None:
    door = with_headers(mock, operation, content_type=media_type)

    report = compared(plan_for(mock, operation), mock, right=door)

    kinds = {(drift.kind, drift.left, drift.right) for drift in report.findings}
    assert kinds == {("content_type", "application/json", media_type)}


def test_a_content_type_with_another_charset_is_the_same(mock: Mock) -> None:
    door = with_headers(mock, "getContract", content_type="application/json; charset=utf-8")

    assert compared(plan_for(mock, "getContract"), mock, right=door).findings == []


def test_a_missing_location_is_found(mock: Mock) -> None:
    door = with_headers(mock, "confirmUserWithUserId", location="")

    report = compared(plan_for(mock, "confirmUserWithUserId", "getContract"), mock, right=door)

    assert [(one.operation, one.kind, one.left, one.right) for one in report.findings] == [
        ("confirmUserWithUserId", "header", "an address", "absent")
    ]


@pytest.mark.parametrize(("same_data", "kind"), [(True, "status"), (False, "needs_scenario")])
def test_a_404_means_missing_data_only_where_the_data_may_be_missing(
    mock: Mock, same_data: bool, kind: str
) -> None:
    plan = plan_for(mock, "getContract")

    report = compared(plan if same_data else elsewhere(plan), mock, {"getContract": answered(404)})

    assert {drift.kind for drift in report.findings} == {kind}


@pytest.mark.parametrize(("same_data", "kind"), [(True, "missing_key"), (False, "needs_scenario")])
def test_an_empty_list_is_no_data_where_the_data_are_others(mock: Mock, same_data: bool, kind: str) -> None:
    plan = plan_for(mock, "getBillingEvents")
    nothing = on_body(lambda body: body.update(results=[]))

    report = compared(plan if same_data else elsewhere(plan), mock, {"getBillingEvents": nothing})

    assert [(one.kind, one.pointer) for one in report.findings] == [(kind, "/results/*")]


def test_other_values_are_no_drift(mock: Mock) -> None:
    plan = plan_for(mock, "getBillingEvents", "getContract")
    changes = {
        "getBillingEvents": each("results", lambda item: item.update(billing_amount=1, _title="x")),
        "getContract": on_body(lambda body: body["entity"].update(_title="anna@example.org")),
    }

    assert compared(elsewhere(plan), mock, changes).findings == []


def test_what_varies_from_answer_to_answer_is_left_out_and_said(mock: Mock) -> None:
    turn = count()

    def flicker(body: Record) -> None:
        if next(turn) % 2:
            body["data"]["odd"] = 1

    report = compared(plan_for(mock, "getPortalUser"), mock, {"getPortalUser": on_body(flicker)})

    assert report.findings == []
    assert report.noise == ["getPortalUser 200 /data/odd: extra_key varies"]


def test_what_weighs_more_comes_first(mock: Mock) -> None:
    changes = {
        "getBillingEvents": each(
            "results", lambda item: item.update(due_date="2026-06-01T00:00:00Z", type=1)
        ),
        "getContract": answered(500),
        "getContact": on_body(lambda body: body["entity"].update(odd=1)),
    }

    report = compared(plan_for(mock, *changes), mock, changes)

    ranks = [drift.rank for drift in report.findings]
    assert ranks == sorted(ranks)
    assert report.findings[0].operation == "getContract"
    assert {drift.kind for drift in report.findings} == {"status", "type", "extra_key", "format"}


def test_a_drift_has_the_same_id_in_every_run(mock: Mock) -> None:
    runs = [
        compared(plan_for(mock, "getContract", seed=seed), mock, {"getContract": answered(201)})
        for seed in (1, 2)
    ]

    assert runs[0].findings[0].id == runs[1].findings[0].id


def test_read_only_at_one_side_means_reads_at_both(mock: Mock) -> None:
    plan = plan_for(mock, "getContract", "createPortalPage", "confirmUser")
    guarded = replace(PROFILES["remote-readonly"], rate=0.0)
    plan = replace(plan, right=replace(plan.right, profile=guarded))

    report = compared(plan, mock)

    assert [*report.compared] == ["getContract"]
    assert report.untested == {
        "createPortalPage": "RIGHT: POST is not allowed by the profile remote-readonly",
        "confirmUser": "RIGHT: GET is not allowed by the profile remote-readonly",
    }
    assert {name for name in report.traffic["left"] if name.startswith("sent ")} == {"sent GET"}
    assert {name for name in report.traffic["right"] if name.startswith("sent ")} == {"sent GET"}


def test_without_a_token_nothing_is_compared_and_that_is_said(mock: Mock) -> None:
    plan = plan_for(mock, "getContract")
    cases = {name: replace(case, token="") for name, case in plan.right.target.cases.items()}
    plan = replace(plan, right=replace(plan.right, target=replace(plan.right.target, cases=cases)))

    report = compared(plan, mock)

    assert report.untested == {"getContract": "RIGHT: no token for PortalAuth: give --token PortalAuth=…"}
    assert (report.verdict, report.problems) == ("differs", ["no operation was compared"])


def test_a_used_up_budget_is_a_problem_and_leaves_operations_untested(mock: Mock) -> None:
    plan = plan_for(mock, "getContract", "getContact", "getPortalUser")
    plan = replace(plan, left=replace(plan.left, profile=replace(plan.left.profile, budget=10)))

    report = compared(plan, mock)

    assert report.problems == ["the budget of 10 requests is used up"]
    assert set(report.untested.values()) == {"the budget of 10 requests is used up"}


def test_a_target_that_is_gone_cannot_be_compared(mock: Mock) -> None:
    async def dead(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Received:
        raise NoAnswer("connection refused")

    with pytest.raises(UsageError, match="connection refused"):
        compared(plan_for(mock, "getContract"), mock, right=dead)


def test_ids_of_another_deployment_are_used_there(mock: Mock, spec: Spec) -> None:
    other = Mock(Setup(seed=77), spec)
    plan = plan_for(mock, *PART, most=3)
    plan = replace(plan, right=replace(plan.right, target=target_of(other)))

    report = compared(plan, mock, right=in_process(create_app(other)))

    assert [drift.message for drift in report.findings if drift.kind not in SOFT] == []
    assert report.ids > 50
    assert report.compared["getOrder"] > 3
