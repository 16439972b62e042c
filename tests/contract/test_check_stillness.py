"""Reading and being refused change nothing; a target in which they do is found out."""

from collections.abc import Mapping

import pytest

from mockportal.contract.checks.refusals import refusals_are_as_documented
from mockportal.contract.checks.stillness import reads_change_nothing, refusals_change_nothing
from mockportal.contract.model import Received
from mockportal.contract.transports import Transport, in_process
from mockportal.mock import Mock
from mockportal.spec.spec import Spec
from mockportal.values import Json
from mockportal.web.app import App
from tests.contract.runs import Break, findings_of

WRITES = ("updateContact", "updateNotificationsStatus", "createPortalPage")


def test_mock_is_still(mock: Mock) -> None:
    assert findings_of(mock, reads_change_nothing) == []
    assert findings_of(mock, refusals_change_nothing) == []


def test_mock_refuses_as_documented(mock: Mock) -> None:
    assert findings_of(mock, refusals_are_as_documented) == []


@pytest.mark.parametrize("operation", ["getContract", "getPortalPages", "getCustomerBalance"])
def test_an_answer_that_differs_every_time_is_found(mock: Mock, operation: str) -> None:
    found = findings_of(mock, reads_change_nothing, {operation: counting()}, (operation,))

    assert {(one.operation, one.signature) for one in found} >= {(operation, "again")}


def test_a_get_that_changes_another_one_is_found(mock: Mock) -> None:
    transport = followed(mock.spec, in_process(App(mock)), "getOrder", "PATCH", '{"language": "en"}')

    found = findings_of(
        mock, reads_change_nothing, operations=("getOrder", "getPortalUser"), transport=transport
    )

    assert ("getOrder", "changes getPortalUser") in {(one.operation, one.signature) for one in found}


@pytest.mark.parametrize("operation", WRITES)
def test_a_refused_request_that_changes_something_is_found(mock: Mock, operation: str) -> None:
    transport = followed(mock.spec, in_process(App(mock)), operation, "PATCH", '{"language": "en"}')

    found = findings_of(
        mock, refusals_change_nothing, operations=(*WRITES, "getPortalUser"), transport=transport
    )

    assert [(one.operation, one.signature) for one in found] == [(operation, "changes getPortalUser")]
    assert found[0].exchanges[-2].status >= 400


@pytest.mark.parametrize(
    ("operation", "status", "instead", "signature"),
    [
        ("getContract", 404, 403, "404 another caller"),
        ("addContractByIdentifiers", 409, 400, "409 another caller and another body"),
        ("updateContact", 401, 403, "401 another caller"),
        ("createPortalConfig", 409, 201, "409 another domain"),
    ],
)
def test_another_status_is_found(
    mock: Mock, operation: str, status: int, instead: int, signature: str
) -> None:
    def change(got: int, body: Json) -> tuple[int, Json]:
        return (instead, body) if got == status else (got, body)

    found = findings_of(mock, refusals_are_as_documented, {operation: change}, (operation,))

    assert (operation, signature) in {(one.operation, one.signature) for one in found}


@pytest.mark.parametrize(
    ("operation", "signature"),
    [("createMeterReading", "400 timestamp_future"), ("confirmUser", "400 invalid_token"),
     ("getAllOrders", "403 PORTAL_USER_PENDING_ACTIVATION")],
)  # fmt: skip
def test_another_reason_is_found(mock: Mock, operation: str, signature: str) -> None:
    def change(status: int, body: Json) -> tuple[int, Json]:
        return status, {**body, "reason": "no_counter"} if status >= 400 else body

    found = findings_of(mock, refusals_are_as_documented, {operation: change}, (operation,))

    assert (operation, signature) in {(one.operation, one.signature) for one in found}


def counting() -> Break:
    """Each success has a number more."""
    numbers = iter(range(10_000))

    def change(status: int, body: Json) -> tuple[int, Json]:
        return status, {"number": next(numbers), "was": body}

    return change


def followed(spec: Spec, transport: Transport, operation: str, method: str, body: str) -> Transport:
    """After each answer of an operation that is refused, or only reads, Anna's user changes."""

    async def send(own: str, target: str, headers: Mapping[str, str], content: bytes) -> Received:
        received = await transport(own, target, headers, content)
        route = spec.routes.find(target.partition("?")[0])
        found = route.operation(own) if route else None
        if found and found[0].id == operation and (own == "GET" or received.status >= 400):
            fields = {**headers, "authorization": "Bearer dev-anna", "content-type": "application/json"}
            await transport(method, "/v2/portal/user", fields, body.encode())
        return received

    return send
