"""What only administrators may see is judged where it is known whether one asks."""

import pytest

from mockportal.judge.checks.answer.answers import answer_of
from mockportal.judge.checks.answer.consistency import SentValues
from mockportal.judge.checks.answer.registry import Known, answer_checks
from mockportal.judge.model import Interaction, Received, Sent
from mockportal.judge.target.targets import Target, read_target
from mockportal.mock import Mock

BODY = b'{"extensions": [{"options": {"api_key": "hush-hush-1"}}]}'
FILE = {"PortalAuth": "anna", "EpilotAuth": "admin", "EitherAuth": "anna"}
CUSTOMER, ADMIN, EITHER, GIVEN = (
    f"$MOCKPORTAL_TOKEN_{name}" for name in ("PORTALAUTH", "EPILOTAUTH", "EITHERAUTH", "GIVEN_EITHERAUTH")
)


def told(mock: Mock, target: Target, caller: str) -> bool:
    """True if the key in a portal's configuration is a secret that this caller should not see."""
    received = Received(200, (("content-type", "application/json"),), BODY)
    sent = Sent("getPortalConfigV3", "GET", "/v3/portal/config/x", {"authorization": f"Bearer {caller}"})
    answer = answer_of(mock.spec.operations["getPortalConfigV3"], Interaction(sent, received), received)
    checks = answer_checks(Known.of(target, SentValues({}), ()))
    return any(checks["secrets_stay_secret"](answer))


@pytest.mark.parametrize(
    ("tokens", "as_known", "caller", "is_told"),
    [
        ({}, False, CUSTOMER, True),
        ({}, False, EITHER, True),
        ({}, False, ADMIN, False),
        ({"EitherAuth": "admin"}, True, ADMIN, False),
        ({"EitherAuth": "somebody"}, True, GIVEN, False),
        ({"EitherAuth": "somebody"}, True, EITHER, True),
        ({"EitherAuth": "somebody"}, False, EITHER, False),
        ({"EpilotAuth": "other"}, True, "$MOCKPORTAL_TOKEN_GIVEN_EPILOTAUTH", False),
        ({"PortalAuth": "other"}, True, "$MOCKPORTAL_TOKEN_GIVEN_PORTALAUTH", True),
    ],
)
def test_key_that_only_administrators_see_is_a_finding_for_known_customers(
    mock: Mock, tokens: dict[str, str], as_known: bool, caller: str, is_told: bool
) -> None:
    target = read_target({"tokens": FILE}, mock.spec, tokens)

    assert told(mock, target.as_known() if as_known else target, caller) is is_told
