"""Whoever tells of a thing tells the same as everybody else."""

from collections.abc import Callable

import pytest

from mockportal.judge.checks.sequence.agreement import records_agree
from mockportal.mock import Mock
from mockportal.values import Json
from tests.support.runs import findings_of


def test_mock_agrees_with_itself(mock: Mock) -> None:
    assert findings_of(mock, records_agree) == []


@pytest.mark.parametrize(
    ("operation", "change", "signature"),
    [
        ("getAllOrders", lambda body: {"data": [{**one, "status": "x"} for one in body["data"]]}, "status"),
        ("getContract", lambda body: body | {"entity": {**body["entity"], "balance": 1}}, "balance"),
        (
            "getOpportunity",
            lambda body: (
                body | {"entity": {**body["entity"], "customer": {"$relation": [{"entity_id": "x"}]}}}
            ),
            "customer",
        ),
        ("getFilesCountByEntity", lambda body: [{**one, "_title": "x"} for one in body], "_title"),
    ],
)
def test_the_one_that_differs_is_blamed_and_nobody_else(
    mock: Mock, operation: str, change: Callable[[Json], Json], signature: str
) -> None:
    breaks = {operation: lambda status, body: (status, change(body) if status == 200 else body)}

    found = findings_of(mock, records_agree, breaks)

    assert [(one.operation, one.signature) for one in found] == [(operation, signature)]
