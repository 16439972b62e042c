"""Every scenario that ships shows what it says: its expectations hold."""

import pytest

from mockportal.config import content
from mockportal.expectations import failures
from mockportal.mock import Mock
from mockportal.state.scenario import Scenario

FOLDER = content("scenarios")
NAMES = sorted(file.stem for file in FOLDER.glob("*.yaml"))
SITUATIONS = (
    "default", "empty-portal", "new-customer-no-contract", "first-login", "overdue-invoice", "offer-awaiting-acceptance",
    "pending-offer-expired", "solar-prosumer-feed-in", "dynamic-tariff-dst", "meter-decommissioned", "moved-out",
    "implausible-reading", "multi-contract-household", "shared-household", "partner-invite-pending", "registration-variants",
    "sso-only-portal", "token-expired", "account-disabled", "upload-rejected", "cadence-blocked-edit",
    "contract-claim-conflicts", "installer-pv-project", "portal-maintenance", "domain-setup-pending",
    "portal-admin-clone-swap", "slow-backend", "flaky-backend", "campaign-and-notifications", "large-texts-i18n",
)  # fmt: skip


@pytest.fixture(scope="module", params=NAMES)
def scenario(mock: Mock, request: pytest.FixtureRequest) -> Scenario:
    return mock.scenario(request.param)


def test_expectations_hold(mock: Mock, scenario: Scenario) -> None:
    assert [str(failure) for failure in failures(scenario, mock.engine)] == []


def test_one_sentence_says_what_a_tester_sees(scenario: Scenario) -> None:
    assert scenario.about.endswith(".")
    assert ". " not in scenario.about
    assert scenario.expect or scenario.name == "default"


def test_ids_are_those_of_the_default_scenario(scenario: Scenario) -> None:
    assert scenario.id_of("contact", "anna") == "183c9ee5-80f6-57d3-9024-c3a16d941515"


@pytest.mark.parametrize("name", NAMES)
def test_scenario_is_one_of_the_situations_or_a_variant_of_one(name: str) -> None:
    assert name in SITUATIONS or any(name.startswith(f"{situation}-") for situation in SITUATIONS)


def test_every_situation_ships() -> None:
    assert set(SITUATIONS) <= set(NAMES)
    assert len(SITUATIONS) == 30
