"""Rules at work: what they delay, break and count, and how the journal names them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mockportal.engine import signing
from mockportal.engine.journal import brief
from mockportal.mock import Mock, Setup
from mockportal.spec.spec import Spec
from mockportal.testing import Client

UNKNOWN = "00000000-0000-4000-8000-000000000000"
Ruled = Callable[[str], Client]


@pytest.fixture
def ruled(spec: Spec, tmp_path: Path) -> Ruled:
    """Anna in a world with these rules on top of the default scenario."""

    def make(rules: str) -> Client:
        (tmp_path / "ruled.yaml").write_text(f"extends: default\nrules:\n{rules}")
        mock = Mock(Setup(scenario="ruled", scenarios=tmp_path), spec)
        return Client(mock, mock.world(), "dev-anna")

    return make


def test_refusal_does_not_overtake_the_delayed_answer(ruled: Ruled) -> None:
    anna = ruled(" - {operation: getContract, delay: 2s}")
    known = anna.world.scenario.id_of("contract", "v-900001")

    replies = [anna.exchange("getContract", id=id).reply for id in (known, UNKNOWN)]

    assert [(reply.status, reply.delay) for reply in replies] == [(200, 2.0), (404, 2.0)]


def test_refused_call_uses_up_a_delay_only_because_it_was_delayed(ruled: Ruled) -> None:
    anna = ruled(" - {id: slow, operation: createMeterReading, times: 1, delay: 2s}")
    meter = anna.world.scenario.id_of("meter", "1tst0010000001")
    low = {"meter_id": meter, "value": 1, "source": "ECP"}

    unreadable = anna.exchange("createMeterReading", body={"meter_id": meter})
    refused = anna.exchange("createMeterReading", body=low)
    next_one = anna.exchange("createMeterReading", body=low)

    assert [(one.reply.status, one.reply.delay, one.rule) for one in (unreadable, refused, next_one)] == [
        (400, 0.0, ""),
        (400, 2.0, "slow"),
        (400, 0.0, ""),
    ]


def test_refused_request_waits_as_long_as_it_prefers(anna: Client) -> None:
    operation = anna.mock.spec.operations["getContract"]
    answered = anna.exchange("getContract", id=UNKNOWN).request
    headers = {**answered.headers, "prefer": "delay=2s"}
    request = type(answered)("GET", answered.path, headers=headers, path_params=answered.path_params)

    reply = anna.mock.engine.answer(operation, request, anna.world).reply

    assert (reply.status, reply.delay) == (404, 2.0)


@pytest.mark.parametrize("breakage", ["truncated", "garbage"])
def test_broken_body_is_that_of_the_real_answer(ruled: Ruled, breakage: str) -> None:
    anna = ruled(f" - {{operation: getContract, times: 2, fault: {{body: {breakage}}}}}")
    id = anna.world.scenario.id_of("contract", "v-900001")

    broken, refused, real = (anna.exchange("getContract", id=one) for one in (id, UNKNOWN, id))

    assert broken.reply.body == real.reply.body
    assert (broken.reply.status, broken.reply.fault, broken.reply.answered_by) == (200, breakage, "rule")
    assert (refused.reply.status, refused.reply.fault) == (404, breakage)
    assert real.reply.fault == ""
    assert (broken.content == real.content) is (breakage == "truncated")


def test_broken_body_may_have_a_status_and_headers_of_its_own(ruled: Ruled) -> None:
    anna = ruled(
        " - {operation: getPortalUser, fault: {body: truncated, status: 502, headers: {Retry-After: '1'}}}"
    )

    reply = anna.exchange("getPortalUser").reply

    assert (reply.status, reply.headers, reply.fault) == (502, {"Retry-After": "1"}, "truncated")
    assert reply.body["data"]["email"] == "anna.berger@example.org"


def test_write_whose_answer_is_broken_is_not_carried_out(ruled: Ruled) -> None:
    anna = ruled(" - {operation: updatePortalUser, times: 1, fault: {body: truncated}}")

    exchange = anna.exchange("updatePortalUser", body={"language": "xx"})

    assert exchange.reply.body["data"]["language"] == "xx"
    assert exchange.after is exchange.before
    assert anna.call("getPortalUser")["data"].get("language") != "xx"


@pytest.mark.parametrize(
    ("fault", "status", "content", "headers"),
    [
        ("{body: {contracts: null}}", 200, b'{"contracts":null}', {}),
        ("{body: [1, 2]}", 200, b"[1,2]", {}),
        ("{body: 5, status: 502}", 502, b"5", {}),
        ("{body: null}", 200, b"null", {}),
        ("{body: '<h1>Bad gateway</h1>', status: 502}", 502, b"<h1>Bad gateway</h1>", {"Content-Type": "text/plain; charset=utf-8"}),
        ("{body: '{\"da', headers: {content-type: application/json}}", 200, b'{"da', {"content-type": "application/json"}),
        ("{status: 204}", 204, b"", {}),
        ("{status: 503, message: maintenance}", 503, b'{"message":"maintenance"}', {}),
    ],
)  # fmt: skip
def test_fault_sends_any_body_as_it_is(
    ruled: Ruled, fault: str, status: int, content: bytes, headers: dict[str, str]
) -> None:
    exchange = ruled(f" - {{operation: getPortalUser, fault: {fault}}}").exchange("getPortalUser")

    assert (exchange.reply.status, exchange.content, exchange.reply.headers) == (status, content, headers)
    assert exchange.violations == ()


def test_garbage_in_place_of_an_answer_without_a_body_has_a_status_that_allows_one(ruled: Ruled) -> None:
    anna = ruled(" - {operation: validateToken, fault: {body: garbage}}")

    exchange = anna.exchange("validateToken")

    assert (exchange.reply.status, exchange.content) == (200, b"<html>")


def test_entry_names_the_rule_and_its_hits(ruled: Ruled) -> None:
    anna = ruled(" - {id: slow, operation: getPortalUser, every: 2, delay: 1s}")

    exchanges = [anna.exchange("getPortalUser") for _ in range(4)]

    assert [brief(one)["rule"] for one in exchanges] == [None, "slow", None, "slow"]
    assert [one.hits for one in exchanges] == [0, 2, 0, 4]


def test_rule_for_a_caller_is_for_every_token_of_that_person(ruled: Ruled) -> None:
    anna = ruled(" - {operation: getPortalUser, when: {as: dev-anna}, fault: {status: 503}}")
    scenario, draft = anna.world.scenario, anna.world.draft()
    claims = anna.mock.api.claims_of({"user": "portal_user/anna"}, scenario, draft)
    minted = signing.sign(signing.issued(claims, "http://localhost", anna.world.clock.now(), 60, "other"))

    statuses = [anna.as_(token).exchange("getPortalUser").reply.status for token in (minted, "dev-mehmet")]

    assert statuses == [503, 200]
