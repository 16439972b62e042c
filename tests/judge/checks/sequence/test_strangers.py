"""Nobody is taken for somebody; days exist, periods are in order, taken names stay taken."""

import pytest

from contracts.mutants import MUTANTS, mutated
from mockportal.judge.checks.lists.combining import filters_combine
from mockportal.judge.checks.sequence.strangers import strangers_are_told_apart, unknown
from mockportal.judge.checks.variations.links import links_lead_somewhere
from mockportal.judge.checks.variations.periods import impossible_days_are_refused, turned_periods_are_empty
from mockportal.judge.checks.variations.uniqueness import taken_names_are_refused
from mockportal.judge.wire.transports import in_process
from mockportal.mock import Mock
from tests.support.runs import findings_of

ASKED = {
    "getContract-nobody": strangers_are_told_apart,
    "getSSOProvider-nobody": strangers_are_told_apart,
    "updateOrder-nobody": strangers_are_told_apart,
    "userExistsV3-alike": strangers_are_told_apart,
    "getAllowedMeterReadingRange-february": impossible_days_are_refused,
    "updateContract-february": impossible_days_are_refused,
    "getEntityActivityFeed-turned": turned_periods_are_empty,
    "prepareVisualizationExport-turned": turned_periods_are_empty,
    "getSSOProvider-endpoint": links_lead_somewhere,
    "saveEntityFile-link": links_lead_somewhere,
    "createUser-capitals": taken_names_are_refused,
    "getAllFiles-types-and-entity": filters_combine,
    "getPublicPages-filter-and-fields": filters_combine,
}


@pytest.mark.parametrize("id", ASKED)
def test_a_fault_is_found_once_and_nothing_without_it(mock: Mock, id: str) -> None:
    mutant = next(one for one in MUTANTS if one.id == id)
    check, operations = ASKED[id], sorted(mutant.operations)

    right = findings_of(mock, check, operations=operations)
    wrong = findings_of(mock, check, operations=operations, transport=in_process(mutated(mock, [mutant])))

    assert right == []
    assert {one.operation for one in wrong} == mutant.seeded


def test_an_unknown_text_has_the_form_of_the_known_one() -> None:
    assert unknown("anna@example.org").endswith("@example.org")
    assert unknown("mein.example.org").endswith(".example.org")
    assert len(unknown("b3022fff-43bb-5c2a-8753-d7615ce57ff8")) == 36
    assert unknown("mein") != "mein"
