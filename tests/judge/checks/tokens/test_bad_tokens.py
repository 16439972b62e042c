"""Forged, expired and foreign tokens: a target that takes one is found out."""

from collections import Counter
from dataclasses import replace

from mockportal.engine import signing
from mockportal.judge.checks.tokens.bad_tokens import (
    bad_tokens_are_refused,
    no_good_token,
    token_in_query_is_refused,
)
from mockportal.judge.model import Interaction
from mockportal.judge.wire.gate import SendingLimits
from mockportal.mock import Mock
from tests.support.runs import context_on, findings_of, target_of
from tests.support.seeded import blamed


def test_mock_takes_no_bad_token(mock: Mock) -> None:
    assert findings_of(mock, bad_tokens_are_refused) == []
    assert findings_of(mock, token_in_query_is_refused) == []


def test_every_kind_of_bad_token_that_is_taken_is_found(mock: Mock) -> None:
    seeded = (
        "getBillingAccount-expired-token", "getFileById-early-token", "getAllRequests-unsigned",
        "verifyDns-public-key", "getContract-wrong-signature", "ssoLoginV3-other-issuer",
        "getExternalLinks-other-audience", "getOrder-other-pool",
    )  # fmt: skip

    found = blamed(mock, bad_tokens_are_refused, *seeded)

    assert found == {name.partition("-")[0] for name in seeded}


def test_a_token_in_the_query_that_is_taken_is_found(mock: Mock) -> None:
    seeded = ("getConsumption-token-in-query", "updatePortalPage-token-in-query")

    assert blamed(mock, token_in_query_is_refused, *seeded) == {"getConsumption", "updatePortalPage"}


def test_forged_tokens_stand_in_no_report(mock: Mock) -> None:
    with context_on(mock, "bad_tokens_are_refused") as context:
        seen: list[Interaction] = []
        context.sender.gate.watchers.append(seen.append)

        bad_tokens_are_refused(context)

    assert all("$MOCKPORTAL_TOKEN" in one.sent.headers["authorization"] for one in seen)


def test_a_few_reads_stand_for_all_where_requests_are_counted(mock: Mock) -> None:
    with context_on(mock, "bad_tokens_are_refused") as context:
        reads = frozenset(name for name, one in mock.spec.operations.items() if one.method == "GET")
        context.sender.gate.limits = SendingLimits(reads, budget=5000)
        sent: Counter[str] = Counter()
        context.sender.gate.watchers.append(lambda exchange: sent.update((exchange.sent.operation,)))

        bad_tokens_are_refused(replace(context, writes=False))

        assert no_good_token(context) == "tokens in queries would stay in the logs of the target"
    assert len(sent) == 3
    assert sent.total() <= 50


def test_good_and_bad_tokens_of_the_default_targets_are_what_they_say(mock: Mock) -> None:
    target = target_of(mock)
    now = mock.scenario(None).clock.now().timestamp()

    claims = [signing.verified_claims(token) for token in target.issued.values()]
    bad = [(entry["who"], signing.verified_claims(entry["token"])) for entry in target.bad_tokens]

    assert all(one is not None and one["exp"] > now for one in claims)
    assert {who: known["exp"] <= now for who, known in bad if known and "expired" in who} == {
        who: True for who, _ in bad if "expired" in who
    }
    assert all(known is not None for _, known in bad)
