"""Every operation answers a valid request with a success, and a wrong one with a refusal, in the default scenario."""

from typing import Any

import pytest

from mockportal.config import content
from mockportal.mock import Mock
from mockportal.spec.document import load_document, operations
from mockportal.testing import Client
from tests.support.cases import cases

OPERATIONS = [raw["operationId"] for _, _, raw, _ in operations(load_document(content("openapi.json")))]
WITH_BODY = [
    raw["operationId"]
    for _, _, raw, _ in operations(load_document(content("openapi.json")))
    if "requestBody" in raw
]


@pytest.mark.parametrize("name", OPERATIONS)
def test_valid_request_succeeds(mock: Mock, nobody: Client, name: str) -> None:
    case = cases(mock.spec, nobody.world.scenario)[name]

    exchange = nobody.as_(case.token).exchange(
        name, body=case.body, media_type=case.media_type, **case.params
    )

    assert exchange.reply.status == case.status, exchange.reply
    assert exchange.reply.answered_by == "behaviour"
    assert exchange.violations == ()


@pytest.mark.parametrize(
    "wrong", [[], "text", 5, {"slug": 1, "email": [], "entity_id": 7, "widgets": "x", "pages": 5}], ids=str
)
@pytest.mark.parametrize("name", WITH_BODY)
def test_body_of_the_wrong_shape_is_refused(mock: Mock, nobody: Client, name: str, wrong: Any) -> None:
    operation = mock.spec.operations[name]
    assert operation.body is not None
    validator = next(iter(operation.body.validators.values()))
    if validator.is_valid(wrong):
        wrong = []
    case = cases(mock.spec, nobody.world.scenario)[name]

    exchange = nobody.as_(case.token).exchange(name, body=wrong, **case.params)

    assert 400 <= exchange.reply.status < 500
    assert exchange.reply.answered_by == "read"
    assert exchange.after is exchange.before


@pytest.mark.parametrize("name", OPERATIONS)
def test_missing_parameter_is_refused(mock: Mock, nobody: Client, name: str) -> None:
    required = [p.name for p in mock.spec.operations[name].parameters if p.required and p.location == "query"]
    if not required:
        return
    case = cases(mock.spec, nobody.world.scenario)[name]
    params = {key: value for key, value in case.params.items() if key not in required}

    reply = nobody.as_(case.token).exchange(name, body=case.body, media_type=case.media_type, **params).reply

    assert (reply.status, reply.answered_by) == (400, "read")
