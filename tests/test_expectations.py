"""Expectations played against a world: which hold, and what is said of those that do not."""

from dataclasses import replace
from pathlib import Path

import pytest

from mockportal.errors import FileError
from mockportal.expectations import Failure, failures
from mockportal.mock import Mock
from mockportal.portal.collections import COLLECTIONS
from mockportal.spec.spec import Spec
from mockportal.state.rules import rule_of
from mockportal.state.scenario import Scenario, load_scenario
from mockportal.values import Record

BALANCE = {"as": "dev-anna", "operation": "getCustomerBalance", "status": 200}
CONTACT = {"as": "dev-anna", "operation": "getContact", "status": 200}


def expecting(mock: Mock, *entries: Record) -> Scenario:
    """The default scenario with these expectations."""
    return replace(mock.scenario(None), expect=entries)


def test_entries_are_played_in_one_world_in_order(mock: Mock) -> None:
    order = {"id": mock.scenario(None).id_of("order", "an-2026-00431")}
    shown = {"as": "dev-anna", "operation": "getOrder", "params": order, "status": 200}
    accept = {
        "as": "dev-anna",
        "operation": "postOrderAcceptance",
        "params": order,
        "send": {"decision": "accept"},
    }
    scenario = expecting(
        mock,
        {**shown, "body": {"entity": {"status": "open_for_acceptance"}}},
        {"operation": "postOrderAcceptance", "status": 200, "times": 0},
        {**accept, "status": 200},
        {**accept, "status": 409},
        {**shown, "body": {"entity": {"status": "placed"}}},
        {"operation": "getOrder", "status": 200, "times": 2},
        {"operation": "postOrderAcceptance", "status": 409},
    )
    before = scenario.state

    assert failures(scenario, mock.engine) == []
    assert scenario.state is before
    assert failures(scenario, mock.engine) == []


def test_nobody_has_no_token_and_an_unknown_token_is_sent_as_it_is(mock: Mock) -> None:
    exists = {"params": {"org_id": "500001", "email": "anna.berger@example.org"}, "body": {"exists": True}}
    scenario = expecting(
        mock,
        {**CONTACT, "as": "nobody", "status": 401, "body": {"message": "a bearer token is needed"}},
        {"as": "nobody", "operation": "userExistsV3", "status": 200, **exists},
        {**CONTACT, "as": "no-such-token", "status": 401},
    )

    assert failures(scenario, mock.engine) == []


def test_advance_moves_the_clock_of_the_play_only(mock: Mock) -> None:
    scenario = expecting(
        mock,
        {**BALANCE, "body": {"balance": 0}},
        {"advance": "P16D"},
        {**BALANCE, "body": {"balance": 21000}},
    )
    before = scenario.clock

    assert failures(scenario, mock.engine) == []
    assert scenario.clock == before


def test_rules_answer_and_delays_take_no_time(mock: Mock) -> None:
    rules = (
        rule_of(0, {"operation": "getContact", "times": 1, "fault": {"status": 503}}),
        rule_of(1, {"operation": "getContact", "delay": "2m"}),
    )
    scenario = replace(expecting(mock, {**CONTACT, "status": 503}, CONTACT), rules=rules)

    assert failures(scenario, mock.engine) == []


@pytest.mark.parametrize(
    ("entry", "failure"),
    [
        ({**BALANCE, "status": 403}, 'getCustomerBalance: expected status 403; came status 200 with {"balance":0,'),
        ({**BALANCE, "body": {"balance_currency": "EUR", "balance": 5}}, "getCustomerBalance: expected 5 at body/balance; came 0"),
        ({**BALANCE, "body": {"a/b": 5}}, 'getCustomerBalance: expected 5 at body/a~1b; came nothing in {"balance":0,'),
        ({**BALANCE, "body": []}, 'getCustomerBalance: expected [] at body; came {"balance":0,'),
        ({**BALANCE, "operation": "getAllContracts", "as": "dev-tom", "body": {"data": [{"status": "active"}]}},
         'getAllContracts: expected "active" at body/data/0/status; came "draft"'),
        ({**BALANCE, "operation": "getAllContracts", "as": "dev-lea", "body": {"data": [{}]}},
         "getAllContracts: expected [{}] at body/data; came []"),
        ({"operation": "getContact", "status": 200, "times": 2}, "getContact: expected status 200 2 times; came 0 times"),
        ({"operation": "getContact", "status": 200}, "getContact: expected status 200 at least once; came 0 times"),
        ({**CONTACT, "operation": "getContract"}, "getContract: expected the parameter 'id'; came none"),
        ({"advance": "999999w"}, "advance: expected a time 999999w later; came no such time"),
    ],
)  # fmt: skip
def test_failure_says_what_was_expected_and_what_came(mock: Mock, entry: Record, failure: str) -> None:
    found = failures(expecting(mock, entry), mock.engine)

    assert [str(one)[: len(failure)] for one in found] == [failure]


def test_long_answer_is_cut(mock: Mock) -> None:
    found = failures(expecting(mock, {**CONTACT, "status": 404}), mock.engine)

    assert found[0].came.endswith("…")
    assert len(found[0].came) < 330


def test_entry_after_a_failure_is_played(mock: Mock) -> None:
    scenario = expecting(mock, {**CONTACT, "status": 404}, CONTACT, {**BALANCE, "status": 500})

    found = failures(scenario, mock.engine)

    assert [(one.entry, one.operation, one.expected) for one in found] == [
        (0, "getContact", "status 404"), (2, "getCustomerBalance", "status 500")
    ]  # fmt: skip


def test_failure_is_json() -> None:
    failure = Failure(3, "getContact", "status 200", "status 403")

    assert failure.to_json() == {
        "entry": 3, "operation": "getContact", "expected": "status 200", "came": "status 403"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("{operation: getContact}", "'status' is a dependency of 'operation'"),
        ("{status: 200}", "'operation' is a dependency of 'status'"),
        ("{as: dev-anna}", "'operation' is a dependency of 'as'"),
        ("{operation: getContact, status: 200, send: {}}", "'as' is a dependency of 'send'"),
        ("{operation: getContract, status: 200, params: {id: x}}", "'as' is a dependency of 'params'"),
        ("{operation: getContact, status: 200, body: {}}", "'as' is a dependency of 'body'"),
        ("{advance: P1D, operation: getContact, status: 200}", "has too many properties"),
        ("{advance: tomorrow}", "is not a length of time"),
        ("{advance: P}", "is not a length of time"),
        ("{advance: PT}", "is not a length of time"),
        ("{advance: P1M}", "is not a length of time"),
        ("{as: dev-anna, operation: getContact, status: 200, times: 1}", "False schema does not allow"),
        ("{operation: getContactt, status: 200}", "unknown operation 'getContactt'; did you mean 'getContact'?"),
        ("{operation: getContact, status: 200, sent: {}}", "unknown key 'sent'; did you mean 'send'?"),
        ("{}", "should be non-empty"),
    ],
)  # fmt: skip
def test_entry_of_no_known_kind_is_refused_with_its_line(
    tmp_path: Path, spec: Spec, entry: str, problem: str
) -> None:
    (tmp_path / "x.yaml").write_text(f"expect:\n  - {entry}\n")

    with pytest.raises(FileError) as found:
        load_scenario("x", (tmp_path,), spec, COLLECTIONS).build()

    assert problem in found.value.problem
    assert "x.yaml:2: /expect/0" in found.value.where
