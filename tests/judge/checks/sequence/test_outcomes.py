"""Answers that fit the schema and are wrong all the same are found by what is known of the data."""

import pytest

from mockportal.judge.checks.sequence.outcomes import outcomes_are_as_known
from mockportal.mock import Mock
from mockportal.values import Json
from tests.support.faulty_transports import hearing, losing, without
from tests.support.runs import Break, context_on, findings_of, target_of


def test_every_known_outcome_comes_out_on_the_mock(mock: Mock) -> None:
    asked = sum(len(entry["operations"]) for entry in target_of(mock).outcomes)

    with context_on(mock, "outcomes_are_as_known") as context:
        outcomes_are_as_known(context)
        tallies = [
            record.checks["outcomes_are_as_known"]
            for record in context.ledger.records.values()
            if record.checks
        ]

    assert context.ledger.findings == []
    assert sum(tally.passed for tally in tallies) == asked


@pytest.mark.parametrize(
    ("operation", "always"),
    [
        ("userExists", {"exists": True}),
        ("userExistsV3", {"exists": False}),
        ("checkContactExists", {"exists": False}),
        ("canTriggerPortalFlow", {"can_trigger": False}),
        ("validateCaaRecordsV3", {"isDNSConfigured": True, "retry": False, "message": "x"}),
        ("verifyDns", {"domain_status": "SUCCEED", "message": "x"}),
        ("validateCadenceEntityEditRules", {"isBlockedByRules": False}),
        ("searchPaymentRelationsInEntities", {"results": [], "hits": 0}),
        ("fetchPortalUsersByRelatedEntity", {"portalUsers": []}),
        ("getFilesCountByEntity", []),
        ("portalProxyExecute", {"success": True}),
    ],
)
def test_an_answer_that_is_always_the_same_is_found(mock: Mock, operation: str, always: Json) -> None:
    def same(status: int, body: Json) -> tuple[int, Json]:
        return status, always

    found = findings_of(mock, outcomes_are_as_known, {operation: same})

    assert {finding.operation for finding in found} == {operation}


def test_a_token_that_is_always_good_is_found(mock: Mock) -> None:
    found = findings_of(mock, outcomes_are_as_known, {"validateToken": lambda status, body: (204, None)})

    assert "as $MOCKPORTAL_TOKEN_DEV_GONE" in {finding.signature for finding in found}


@pytest.mark.parametrize(
    ("operation", "ignored"),
    [
        ("getAllowedMeterReadingRange", "timestamp"),
        ("getTriggeredJourney", "context_entities"),
        ("getOrgPortalConfigV3", "portal_id"),
        ("getEmailTemplates", "origin"),
    ],
)
def test_a_parameter_that_is_ignored_is_found(mock: Mock, operation: str, ignored: str) -> None:
    deaf = hearing(mock, operation, without(ignored))

    found = findings_of(mock, outcomes_are_as_known, transport=deaf)

    assert operation in {finding.operation for finding in found}


@pytest.mark.parametrize("write", ["putPortalConfig", "upsertPortalWidget"])
def test_a_write_that_is_shown_nowhere_was_lost(mock: Mock, write: str) -> None:
    found = findings_of(mock, outcomes_are_as_known, transport=losing(mock, write))

    assert {finding.operation for finding in found} == {write}


@pytest.mark.parametrize("read", ["getPublicPortalConfigV3", "getPortalWidgetsV3"])
def test_a_read_that_alone_does_not_show_a_write_is_stale(mock: Mock, read: str) -> None:
    first: dict[str, Json] = {}

    def stale(status: int, body: Json) -> tuple[int, Json]:
        known = str(body.get("portal_id")) if isinstance(body, dict) else ""
        return status, first.setdefault(known, body)

    broken: Break = stale
    found = findings_of(mock, outcomes_are_as_known, {read: broken})

    assert read in {finding.operation for finding in found}
