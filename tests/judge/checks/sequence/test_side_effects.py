"""Reading and being refused change nothing; a target in which they do is found out."""

from collections.abc import Callable, Mapping
from itertools import count

import pytest

from mockportal.judge.checks.sequence.refusals import refusals_are_as_documented
from mockportal.judge.checks.sequence.side_effects import (
    reads_are_steady,
    reads_change_nothing,
    refusals_change_nothing,
)
from mockportal.judge.checks.sequence.timestamps import timestamps_are_now
from mockportal.judge.context import Context
from mockportal.judge.model import Received
from mockportal.judge.wire.transports import Transport, in_process
from mockportal.mock import Mock
from mockportal.spec.spec import Spec
from mockportal.values import Json
from mockportal.web.app import create_app
from tests.support.runs import Break, findings_of

WRITES = ("updateContact", "updateNotificationsStatus", "createPortalPage")


def test_mock_is_still(mock: Mock) -> None:
    assert findings_of(mock, reads_are_steady) == []
    assert findings_of(mock, reads_change_nothing) == []
    assert findings_of(mock, refusals_change_nothing) == []


def test_mock_refuses_as_documented(mock: Mock) -> None:
    assert findings_of(mock, refusals_are_as_documented) == []


@pytest.mark.parametrize("operation", ["getContract", "getPortalPages", "getCustomerBalance"])
def test_an_answer_that_differs_every_time_is_found(mock: Mock, operation: str) -> None:
    found = findings_of(mock, reads_are_steady, {operation: counting()}, (operation,))

    assert [(one.operation, one.signature) for one in found] == [(operation, "again")]


@pytest.mark.parametrize("operation", ["getContract", "getPublicPortalConfig"])
def test_a_get_that_fails_now_and_then_is_found(mock: Mock, operation: str) -> None:
    turns = count()

    def flaky(status: int, body: Json) -> tuple[int, Json]:
        return (503, {"message": "busy"}) if next(turns) % 5 == 3 else (status, body)

    found = findings_of(mock, reads_are_steady, {operation: flaky}, (operation,))

    assert [(one.operation, one.signature) for one in found] == [(operation, "again")]


@pytest.mark.parametrize("operation", ["getContract", "getContact"])
def test_a_read_that_is_not_steady_is_blamed_itself_and_nobody_else(mock: Mock, operation: str) -> None:
    for check in (refusals_change_nothing, refusals_are_as_documented, reads_change_nothing):
        found = findings_of(mock, check, {operation: counting()})

        assert [one for one in found if one.signature.startswith("changes")] == []


@pytest.mark.parametrize("operation", ["getContract", "getContact"])
def test_timestamps_of_a_read_that_is_not_steady_blame_no_change(mock: Mock, operation: str) -> None:
    minutes = count()

    def drifting(status: int, body: Json) -> tuple[int, Json]:
        if status == 200:
            body["entity"]["_updated_at"] = f"2026-06-15T08:{next(minutes) % 60:02}:00.000Z"
        return status, body

    assert findings_of(mock, timestamps_are_now, {operation: drifting}) == []


def test_a_get_that_changes_another_one_is_found(mock: Mock) -> None:
    transport = followed(mock.spec, in_process(create_app(mock)), "getOrder", "PATCH", '{"language": "en"}')

    found = findings_of(
        mock, reads_change_nothing, operations=("getOrder", "getPortalUser"), transport=transport
    )

    assert ("getOrder", "changes getPortalUser") in {(one.operation, one.signature) for one in found}


@pytest.mark.parametrize("check", [refusals_change_nothing, refusals_are_as_documented])
def test_what_a_get_changes_is_blamed_on_no_refusal(mock: Mock, check: Callable[[Context], None]) -> None:
    transport = followed(mock.spec, in_process(create_app(mock)), "getOrder", "PATCH", '{"language": "en"}')

    assert (
        findings_of(mock, check, operations=(*WRITES, "getOrder", "getPortalUser"), transport=transport) == []
    )


@pytest.mark.parametrize("operation", WRITES)
def test_a_refused_request_that_changes_something_is_found(mock: Mock, operation: str) -> None:
    transport = followed(mock.spec, in_process(create_app(mock)), operation, "PATCH", '{"language": "en"}')

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
