"""Expectations played against a world: which hold, and what is said of those that do not."""

import hashlib
import re
from dataclasses import replace
from pathlib import Path

import pytest

from mockportal.engine.call import Request
from mockportal.errors import FileError
from mockportal.expectations import Failure, failures
from mockportal.mock import Mock
from mockportal.portal.collections import COLLECTIONS
from mockportal.spec.spec import Spec
from mockportal.state.rules.rule import rule_of
from mockportal.state.scenario import Scenario, load_scenario
from mockportal.values import Record, encode

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
        rule_of("rule-0", {"operation": "getContact", "times": 1, "fault": {"status": 503}}, mock.spec),
        rule_of("rule-1", {"operation": "getContact", "delay": "2m"}, mock.spec),
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
         "getAllContracts: expected [{}] at body/data; came [] (1 expected, 0 came; missing: {})"),
        ({**BALANCE, "operation": "getAllContracts", "as": "dev-tom", "body": {"data": [{"status": "active"}, {"status": "draft"}]}},
         'getAllContracts: expected [{"status":"active"},{"status":"draft"}] at body/data; came [{'),
        ({**BALANCE, "length": {"/data": 2}}, "getCustomerBalance: expected 2 items at body/data; came nothing"),
        ({**BALANCE, "operation": "getAllContracts", "as": "dev-lea", "length": {"/data": 1}}, "getAllContracts: expected 1 items at body/data; came 0: []"),
        ({**BALANCE, "without": ["/balance"]}, "getCustomerBalance: expected nothing at body/balance; came 0"),
        ({**BALANCE, "headers": {"X-Total": "5"}}, "getCustomerBalance: expected '5' in the header X-Total; came None"),
        ({**BALANCE, "save": {"id": "/data/_id"}}, "getCustomerBalance: expected a value for 'id' at body/data/_id; came nothing in {"),
        ({"edit": "contract/v-90001", "with": {}}, "edit: expected a change of contract/v-90001; came there is no contract/v-90001; did you mean 'v-9000"),
        ({"edit": "contrat/v-900001", "with": {}}, "edit: expected a change of contrat/v-900001; came there is no collection 'contrat'; did you mean 'contract'?"),
        ({"edit": "contract/v-900001", "with": {"status": "aktiv"}}, "edit: expected a change of contract/v-900001; came contract/v-900001/status: 'aktiv' is not one of"),
        ({"edit": "contract/v-900001", "with": {"_id": "x"}}, "edit: expected a change of contract/v-900001; came contract/v-900001/_id: must stay"),
        ({"operation": "getContact", "status": 200, "times": 2}, "getContact: expected status 200 2 times; came 0 times"),
        ({"operation": "getContact", "status": 200}, "getContact: expected status 200 at least once; came 0 times"),
        ({**CONTACT, "operation": "getContract"}, "getContract: expected an answer; came the path lacks the parameter 'id'"),
        ({"clock": "soon"}, "clock: expected another time; came 'soon' is not an RFC 3339 instant"),
        ({"put": "contact/new", "with": {"_id": 5}}, "put: expected the record contact/new; came _id must stay"),
        ({"put": "contat/new", "with": {}}, "put: expected the record contat/new; came there is no collection 'contat'"),
        ({"drop_rule": "down"}, "drop_rule: expected the rule down; came there is no such rule"),
        ({"add_rule": {"operation": "getContat"}}, "add_rule: expected a rule; came rule: /operation: unknown"),
        ({**CONTACT, "target": "/v2/portal/contracts"}, "getContact: expected an answer; came /v2/portal/contracts does not lead to"),
        ({**CONTACT, "target": "/%zz"}, "getContact: expected an answer; came /%zz does not lead to getContact"),
        ({**CONTACT, "fault": "reset"}, "getContact: expected the fault reset; came a whole answer"),
        ({"advance": "999999w"}, "advance: expected a time 999999w later; came no such time"),
    ],
)  # fmt: skip
def test_failure_says_what_was_expected_and_what_came(mock: Mock, entry: Record, failure: str) -> None:
    found = failures(expecting(mock, entry), mock.engine)

    assert [str(one)[: len(failure)] for one in found] == [failure]


def test_list_that_differs_says_what_is_missing_and_what_is_not_expected(mock: Mock) -> None:
    wanted = [{"status": "draft"}, {"status": "active"}]
    entry = {"as": "dev-tom", "operation": "getAllContracts", "status": 200, "body": {"data": wanted}}

    found = failures(expecting(mock, entry), mock.engine)

    assert found[0].came.endswith('(2 expected, 1 came; missing: {"status":"active"})')


def test_value_of_an_answer_is_used_in_later_requests(mock: Mock) -> None:
    listed = {"as": "dev-anna", "operation": "getAllOrders", "status": 200}
    scenario = expecting(
        mock,
        {**listed, "save": {"order": "/data/0/_id", "title": "/data/0/_title"}},
        {"as": "dev-anna", "operation": "getOrder", "params": {"id": "$order"}, "status": 200,
         "body": {"entity": {"_id": "$order", "_title": "$title"}}, "without": ["/entity/password"]},
    )  # fmt: skip

    assert failures(scenario, mock.engine) == []
    assert failures(scenario, mock.engine) == []


def test_edit_changes_the_state_of_the_play_only(mock: Mock) -> None:
    order = {"id": mock.scenario(None).id_of("order", "an-2026-00431")}
    shown = {"as": "dev-anna", "operation": "getOrder", "params": order}
    scenario = expecting(
        mock,
        {"edit": "order/an-2026-00431", "with": {"status": "quote", "expires_at": None}},
        {**shown, "status": 200, "body": {"entity": {"status": "quote"}}, "without": ["/entity/expires_at"]},
        {"edit": "order/an-2026-00431", "with": None},
        {**shown, "status": 404},
    )
    before = scenario.state

    assert failures(scenario, mock.engine) == []
    assert scenario.state is before


def test_clock_is_set_for_the_entries_after_it(mock: Mock) -> None:
    scenario = expecting(
        mock,
        {"clock": {"now": "2026-07-05T09:00:00+02:00", "step": 0}},
        {**BALANCE, "body": {"balance": 21000}},
    )

    assert failures(scenario, mock.engine) == []


def test_record_that_is_put_is_there(mock: Mock) -> None:
    order = mock.scenario(None).id_of("order", "an-2026-00431")
    record = dict(mock.world().draft().collection("order").get(order), status="quote")
    shown = {"as": "dev-anna", "operation": "getOrder", "params": {"id": order}, "status": 200}
    scenario = expecting(
        mock,
        {"edit": "order/an-2026-00431", "with": None},
        {"put": "order/an-2026-00431", "with": record},
        {**shown, "body": {"entity": {"status": "quote"}}},
    )

    assert [str(one) for one in failures(scenario, mock.engine)] == []


def test_rule_comes_and_goes(mock: Mock) -> None:
    rule = {"id": "down", "operation": "getContact", "fault": {"connection": "reset"}}
    scenario = expecting(
        mock,
        {"add_rule": rule},
        {**CONTACT, "fault": "reset"},
        {"drop_rule": "down"},
        {**CONTACT, "fault": ""},
    )

    assert [str(one) for one in failures(scenario, mock.engine)] == []


def test_request_is_sent_as_it_is_spelled(mock: Mock) -> None:
    target = "/v2/portal/contract?from=none"
    scenario = expecting(
        mock,
        {**BALANCE, "operation": "getAllContracts", "target": target, "status": 400},
        {**BALANCE, "operation": "createMeterReading", "send_text": "{not json", "status": 400},
        {**CONTACT, "send_headers": {"Prefer": "code=404"}, "status": 404},
    )

    assert [str(one) for one in failures(scenario, mock.engine)] == []


def test_exact_answer_is_compared_to_the_byte(mock: Mock) -> None:
    body = mock.engine.answer(
        mock.spec.operations["getCustomerBalance"], Request("GET", "/", headers={"authorization": "Bearer dev-anna"}),
        mock.world(),
    ).reply.body  # fmt: skip
    less = {name: value for name, value in body.items() if name != "balance"}
    digest = hashlib.sha256(encode(body)).hexdigest()
    scenario = expecting(
        mock,
        {**BALANCE, "body": body, "exact": True, "sha256": digest},
        {**BALANCE, "body": less},
        {**BALANCE, "body": less, "exact": True},
        {**BALANCE, "sha256": "0" * 64},
    )

    found = failures(scenario, mock.engine)

    assert [one.entry for one in found] == [2, 3]
    assert str(found[0]) == "getCustomerBalance: expected nothing else at body/balance; came 0"
    assert found[1].came == digest


def test_headers_of_an_answer_are_compared_whatever_their_case(mock: Mock) -> None:
    rule = rule_of(
        "rule-0",
        {"operation": "getContact", "fault": {"status": 503, "headers": {"Retry-After": "2"}}},
        mock.spec,
    )
    scenario = replace(
        expecting(mock, {**CONTACT, "status": 503, "headers": {"retry-after": "2"}}), rules=(rule,)
    )

    assert failures(scenario, mock.engine) == []


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
        ("{operation: getContact}", "'operation' needs 'status' too"),
        ("{status: 200}", "'status' needs 'operation' too"),
        ("{as: dev-anna}", "'as' needs 'operation' too"),
        ("{operation: getContact, status: 200, send: {}}", "'send' needs 'as' too"),
        ("{operation: getContract, status: 200, params: {id: x}}", "'params' needs 'as' too"),
        ("{operation: getContact, status: 200, body: {}}", "'body' needs 'as' too"),
        ("{advance: P1D, operation: getContact, status: 200}", "has too many keys to stand together with 'advance'"),
        ("{advance: tomorrow}", "is not a duration such as"),
        ("{advance: P}", "is not a duration such as"),
        ("{advance: PT}", "is not a duration such as"),
        ("{advance: P1M}", "is not a duration such as"),
        ("{as: dev-anna, operation: getContact, status: 200, times: 1}", "cannot stand together with 'times'"),
        ("{operation: getContactt, status: 200}", "unknown operation 'getContactt'; did you mean 'getContact'?"),
        ("{operation: getContact, status: 200, sent: {}}", "unknown key 'sent'; did you mean 'send'?"),
        ("{edit: contract/x}", "'edit' needs 'with' too"),
        ("{edit: contract, with: {}}", "is not a record such as"),
        ("{edit: contract/x, with: {}, status: 200}", "'status' needs 'operation' too"),
        ("{operation: getContact, status: 200, save: {a: /b}}", "'save' needs 'as' too"),
        ("{as: dev-anna, operation: getContact, status: 200, without: [data]}", "is not a JSON pointer"),
        ("{with: {}}", "'edit' is a required property"),
        ("{put: contract/x, with: null}", "one of type 'object' is expected"),
        ("{add_rule: {operation: getContactt}}", "unknown operation"),
        ("{operation: getContact, status: 200, exact: true}", "'exact' needs 'as' too"),
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
    assert re.search(r"x\.yaml:2:\d+: /expect/0", found.value.where)
