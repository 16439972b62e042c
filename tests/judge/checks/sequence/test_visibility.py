"""Customers see and change only what is theirs; a target that does otherwise is found out."""

from collections.abc import Callable, Mapping

import pytest

from contracts.mutants import MUTANTS, mutated
from mockportal.judge.checks.sequence.visibility import others_data_stay_hidden, others_data_stay_untouched
from mockportal.judge.model import Received
from mockportal.judge.wire.transports import Transport, in_process
from mockportal.mock import Mock
from mockportal.values import Json
from mockportal.web.app import create_app
from tests.support.runs import Break, findings_of, target_of

Leak = Callable[[Json], Json]
ANNA = "Bearer dev-anna"


def test_mock_keeps_customers_apart(mock: Mock) -> None:
    assert findings_of(mock, others_data_stay_hidden) == []
    assert findings_of(mock, others_data_stay_untouched) == []


@pytest.mark.parametrize(
    ("path", "operation", "signature"),
    [
        ("/v2/portal/contract/", "getContract", "foreign contract"),
        ("/v2/portal/user/file/", "getFileById", "foreign file"),
        ("/v2/portal/billing/accounts/", "getBillingAccount", "foreign billing_account"),
        ("/v2/portal/metering/reading/allowed-range/", "getAllowedMeterReadingRange", "foreign meter"),
        ("/v2/portal/order", "getAllOrders", "shared order"),
        ("/v2/portal/contact", "getContact", "shared contact"),
        ("/v2/portal/entity:get", "getPortalUserEntity", "foreign contract"),
    ],
)
def test_what_is_shown_to_everybody_is_found(mock: Mock, path: str, operation: str, signature: str) -> None:
    found = findings_of(mock, others_data_stay_hidden, transport=as_anna(in_process(create_app(mock)), path))

    assert (operation, signature) in {(one.operation, one.signature) for one in found}


def test_list_that_shows_what_is_not_theirs_blames_nobody_else(mock: Mock) -> None:
    app = mutated(mock, [one for one in MUTANTS if one.id == "getAllContracts-foreign"])

    found = findings_of(mock, others_data_stay_hidden, transport=in_process(app))

    assert {one.operation for one in found} == {"getAllContracts"}


@pytest.mark.parametrize(
    ("path", "operation"),
    [("/v2/portal/contract/", "updateContract"), ("/v2/portal/order/", "postOrderAcceptance"),
     ("/v2/portal/entity/file", "deleteEntityFile"), ("/v2/portal/notifications", "updateNotificationsStatus")],
)  # fmt: skip
def test_what_everybody_can_change_is_found(mock: Mock, path: str, operation: str) -> None:
    found = findings_of(
        mock, others_data_stay_untouched, transport=as_anna(in_process(create_app(mock)), path)
    )

    assert operation in {one.operation for one in found}


@pytest.mark.parametrize(
    ("operation", "leak"),
    [("getSchemas", lambda body: {**body, "for": "anna.berger@example.org"}),
     ("getCustomerBalance", lambda body: {**body, "contract_number": "V-900001"})],
)  # fmt: skip
def test_what_tells_of_another_customer_is_found(mock: Mock, operation: str, leak: Leak) -> None:
    breaks: dict[str, Break] = {operation: lambda status, body: (status, leak(body))}

    found = findings_of(mock, others_data_stay_hidden, breaks)

    assert {(one.operation, one.signature) for one in found} == {(operation, "leak")}


def test_a_refusal_that_changes_all_the_same_is_found(mock: Mock) -> None:
    transport = as_anna(in_process(create_app(mock)), "/v2/portal/contract/", status=404)

    found = findings_of(mock, others_data_stay_untouched, transport=transport)

    assert ("updateContract", "changed contract") in {(one.operation, one.signature) for one in found}


def test_target_names_other_customers_without_their_tokens(mock: Mock) -> None:
    target = target_of(mock)

    assert target.strangers() == ["$MOCKPORTAL_TOKEN_OTHER_1", "$MOCKPORTAL_TOKEN_OTHER_2"]
    assert target.variables()["$MOCKPORTAL_TOKEN_OTHER_1"] == "dev-mehmet"


def as_anna(transport: Transport, prefix: str, status: int = 0) -> Transport:
    """Everybody's requests under `prefix` as if they were Anna's, answered with `status` if it is given."""

    async def send(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Received:
        if not target.startswith(prefix) or headers.get("authorization", ANNA) == ANNA:
            return await transport(method, target, headers, body)
        received = await transport(method, target, {**headers, "authorization": ANNA}, body)
        return Received(status or received.status, received.headers, received.body)

    return send
