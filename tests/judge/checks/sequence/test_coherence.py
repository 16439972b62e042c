"""Lists, details and both versions tell the same; what was there is there; times are those of now."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from mockportal.judge.checks.sequence.coherence import ids_agree, versions_agree
from mockportal.judge.checks.sequence.completeness import properties_are_seen
from mockportal.judge.checks.sequence.timestamps import timestamps_are_now
from mockportal.judge.knowledge import knowledge
from mockportal.judge.model import Received
from mockportal.judge.wire.transports import Transport, in_process
from mockportal.mock import Mock
from mockportal.values import Json
from mockportal.web.app import create_app
from tests.support.runs import Break, context_on, findings_of

RULES = ("visibility", "coherence", "side_effects", "timestamps", "secrets")
OLD = "1970-01-01T00:00:00.000Z"


def test_mock_is_coherent(mock: Mock) -> None:
    assert findings_of(mock, ids_agree) == []
    assert findings_of(mock, versions_agree) == []
    assert findings_of(mock, properties_are_seen) == []
    assert findings_of(mock, timestamps_are_now) == []


@pytest.mark.parametrize(
    ("operation", "change", "signature"),
    [
        ("getContract", lambda body: {"entity": {**body["entity"], "_id": "x"}}, "entity._id echoes id"),
        (
            "getContract",
            lambda body: {"entity": {**body["entity"], "status": "x"}},
            "status of getAllContracts",
        ),
        ("getFileById", lambda body: {"file": {**body["file"], "filename": "x"}}, "filename of getAllFiles"),
        ("getPortalPage", lambda body: {**body, "slug": "x"}, "slug of getPortalPages"),
        ("getPortalConfigV3", lambda body: {**body, "name": "x"}, "name of listAllPortalConfigs"),
        (
            "getBillingAccount",
            lambda body: {"entity": {**body["entity"], "_id": "x"}},
            "entity._id echoes id",
        ),
    ],
)
def test_details_that_disagree_are_found(
    mock: Mock, operation: str, change: Callable[[Json], Json], signature: str
) -> None:
    found = findings_of(mock, ids_agree, {operation: on_success(change)})

    assert (operation, signature) in {(one.operation, one.signature) for one in found}


@pytest.mark.parametrize(
    ("operation", "at"), [("getOrder", "getAllOrders data"), ("getFileById", "getAllFiles results")]
)
def test_ids_that_lead_nowhere_are_found(mock: Mock, operation: str, at: str) -> None:
    breaks: dict[str, Break] = {operation: lambda status, body: (404, {"message": "no such thing"})}

    found = findings_of(mock, ids_agree, breaks)

    assert (operation, at) in {(one.operation, one.signature) for one in found}


@pytest.mark.parametrize(
    "operation", ["getPortalWidgetsV3", "getEmailTemplatesByPortalId", "getOrgPortalConfigV3"]
)
def test_versions_that_disagree_are_found(mock: Mock, operation: str) -> None:
    other = {"widgets": [], "confirmAccount": "x", "name": "x"}

    found = findings_of(mock, versions_agree, {operation: on_success(lambda body: body | other)})

    assert operation in {one.operation for one in found}


@pytest.mark.parametrize(
    ("operation", "change", "signature"),
    [
        ("getContract", lambda body: {**body, "meters": []}, "meters"),
        ("getCustomerBalance", lambda body: {}, "balance_currency"),
        ("getPortalUser", lambda body: {"data": {**body["data"], "email": None}}, "data.email"),
        ("updateOrder", lambda body: {"data": {}}, "data"),
    ],
)
def test_what_is_missing_is_found(
    mock: Mock, operation: str, change: Callable[[Json], Json], signature: str
) -> None:
    found = findings_of(mock, properties_are_seen, {operation: on_success(change)})

    assert (operation, signature) in {(one.operation, one.signature) for one in found}


@pytest.mark.parametrize(
    ("operation", "change", "signature"),
    [
        ("createPortalPage", lambda body: {**body, "last_modified_at": OLD}, "last_modified_at"),
        ("updateContact", lambda body: {"data": {**body["data"], "_updated_at": OLD}}, "data._updated_at"),
        ("updateOrder", lambda body: {"data": {**body["data"], "_created_at": OLD}}, "data._created_at of getOrder"),
        ("getContract", lambda body: {"entity": {**body["entity"], "_updated_at": OLD}}, "data._updated_at of getContract"),
    ],
)  # fmt: skip
def test_wrong_times_are_found(
    mock: Mock, operation: str, change: Callable[[Json], Json], signature: str
) -> None:
    found = findings_of(mock, timestamps_are_now, {operation: on_success(change)})

    assert signature in {one.signature for one in found}


@pytest.mark.parametrize(
    ("clock", "identity", "found"),
    [
        ("2026-06-15T07:00:00Z", {"path": "/x"}, False),  # of data that are not there
        ("2026-06-15T07:00:00Z", {}, False),
        ("2026-06-15T12:00:00Z", {}, True),
        ("", {}, True),  # then it is the date of the answer
    ],
)
def test_without_the_data_the_clock_of_the_file_counts_if_it_is_sure(
    mock: Mock, clock: str, identity: dict[str, str], found: bool
) -> None:
    with context_on(mock, "timestamps_are_now", transport=dated(mock), populated=False) as context:
        target = replace(context.target, clock=clock, identity=identity, isolation="")
        timestamps_are_now(replace(context, target=target))

        assert bool(context.ledger.findings) == found


@pytest.mark.parametrize("name", RULES)
def test_rules_name_operations_of_the_contract(newer_mock: Mock, name: str) -> None:
    named = {
        text
        for text in _texts(knowledge(name))
        if text.startswith(("get", "update", "create", "list", "save"))
    }

    assert {text for text in named if text not in newer_mock.spec.operations and text[3:4].isupper()} == set()


def dated(mock: Mock) -> Transport:
    """The mock without a word of its worlds, behind a server that says which day it is."""
    inner = in_process(create_app(mock))

    async def send(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Received:
        received = await inner(method, target, headers, body)
        fields = (pair for pair in received.headers if not pair[0].startswith("x-mockportal"))
        return replace(received, headers=(*fields, ("date", "Mon, 23 Nov 2026 12:00:00 GMT")))

    return send


def on_success(change: Callable[[Json], Json]) -> Break:
    """Changes the bodies of successes."""
    return lambda status, body: (status, change(body) if status < 300 else body)


def _texts(value: Json) -> set[str]:
    if isinstance(value, dict):
        return {*map(str, value)} | {text for item in value.values() for text in _texts(item)}
    if isinstance(value, list):
        return {text for item in value for text in _texts(item)}
    return {value} if isinstance(value, str) else set()
