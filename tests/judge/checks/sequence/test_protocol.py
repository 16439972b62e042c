"""Methods that a path does not have, and bodies that are not said to be JSON, are refused as HTTP has it."""

from collections.abc import Callable, Mapping

import pytest

from mockportal.judge.checks.sequence.protocol import wrong_media_type_is_refused, wrong_methods_are_refused
from mockportal.judge.context import Context
from mockportal.judge.model import Received
from mockportal.judge.wire.transports import Transport, in_process
from mockportal.mock import Mock
from mockportal.web.app import create_app
from tests.support.runs import findings_of

# (method, target, headers) of a request, and the answer -> that which is sent instead
Change = Callable[[str, str, Mapping[str, str], Received], Received]


def changed(mock: Mock, change: Change) -> Transport:
    door = in_process(create_app(mock))

    async def send(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Received:
        return change(method, target, headers, await door(method, target, headers, body))

    return send


def trusting(mock: Mock, path: str) -> Transport:
    """Takes any body for JSON on one path."""
    door = in_process(create_app(mock))

    async def send(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Received:
        if target.startswith(path) and body:
            headers = {**headers, "content-type": "application/json"}
        return await door(method, target, headers, body)

    return send


@pytest.mark.parametrize("check", [wrong_methods_are_refused, wrong_media_type_is_refused])
def test_the_mock_keeps_to_http(mock: Mock, check: Callable[[Context], None]) -> None:
    assert findings_of(mock, check) == []


@pytest.mark.parametrize(
    ("path", "wrong", "operations"),
    [
        ("/v2/portal/pages/default", 404, {"getDefaultPages"}),
        ("/v2/portal/contact", 200, {"getContact", "updateContact"}),
    ],
)
def test_another_answer_than_405_is_found_at_each_operation_of_the_path(
    mock: Mock, path: str, wrong: int, operations: set[str]
) -> None:
    def change(method: str, target: str, headers: Mapping[str, str], received: Received) -> Received:
        other = target.partition("?")[0] == path and received.status == 405
        return Received(wrong, received.headers, b"{}") if other else received

    found = findings_of(mock, wrong_methods_are_refused, transport=changed(mock, change))

    assert {finding.operation for finding in found} == operations


@pytest.mark.parametrize("allow", ["", "GET", "GET, HEAD, PATCH, PUT"])
def test_a_wrong_allow_is_found(mock: Mock, allow: str) -> None:
    def change(method: str, target: str, headers: Mapping[str, str], received: Received) -> Received:
        kept = tuple(pair for pair in received.headers if pair[0] != "allow")
        return Received(received.status, (*kept, ("allow", allow)), received.body)

    found = findings_of(
        mock, wrong_methods_are_refused, operations=["getContact"], transport=changed(mock, change)
    )

    assert [(finding.signature, finding.count) for finding in found] == [("allow", 4)]


@pytest.mark.parametrize("operation", ["getContact", "getPublicPages"])
def test_a_head_with_a_body_is_found(mock: Mock, operation: str) -> None:
    def change(method: str, target: str, headers: Mapping[str, str], received: Received) -> Received:
        return Received(received.status, received.headers, b"{}") if method == "HEAD" else received

    found = findings_of(
        mock, wrong_methods_are_refused, operations=[operation], transport=changed(mock, change)
    )

    assert {finding.signature for finding in found} == {"HEAD body"}


@pytest.mark.parametrize(
    ("path", "operation"),
    [("/v3/portal/config/clone", "clonePortalConfig"), ("/v2/portal/metering/readings", "getMeterReadings")],
)
def test_a_body_that_is_taken_for_json_is_found(mock: Mock, path: str, operation: str) -> None:
    found = findings_of(mock, wrong_media_type_is_refused, transport=trusting(mock, path))

    assert [(one.operation, one.signature, one.count) for one in found] == [(operation, "accepted", 3)]


def test_a_body_that_is_refused_but_written_is_found(mock: Mock) -> None:
    door = in_process(create_app(mock))

    async def send(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Received:
        if method == "PATCH" and target == "/v2/portal/contact":
            await door(method, target, {**headers, "content-type": "application/json"}, body)
        return await door(method, target, headers, body)

    found = findings_of(mock, wrong_media_type_is_refused, transport=send)

    assert {(finding.operation, finding.signature) for finding in found} == {
        ("updateContact", "changes getContact")
    }
