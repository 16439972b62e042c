"""Each operation without a verdict says why, and what to do about it."""

import pytest

from mockportal.judge.model import Interaction, OperationRecord, Received, Sent
from mockportal.judge.target.advice import missing, no_token, no_value, unreached
from mockportal.judge.target.targets import Case
from mockportal.spec.spec import Spec
from mockportal.values import Json, Record

ID = "b3022fff-43bb-5c2a-8753-d7615ce57ff8"


def said(spec: Spec, name: str, status: int, params: Record, body: Json = None) -> str:
    operation = spec.operations[name]
    case = Case(name, "token", params, body, 200, "application/json", "PortalAuth")
    exchange = Interaction(Sent(name, operation.method, "/", {}), Received(status, ()))
    return unreached(operation, case, exchange, OperationRecord(name, "GET", "/", (), cases=3))


@pytest.mark.parametrize(
    ("name", "status", "params", "body", "reason"),
    [
        ("getContract", 404, {"id": ID}, None, f"answered 404 to id={ID}: set params.id"),
        ("getContract", 403, {"id": ID}, None,
         "answered 403 to its token: give one that may, by --token or operations.getContract.token"),
        ("updateContact", 422, {}, {"first_name": "A"}, "answered 422 to its body: set operations.updateContact.body"),
        ("getAllContracts", 400, {"from": 0}, None,
         "answered 400 to its valid request: set operations.getAllContracts.params"),
    ],
)  # fmt: skip
def test_refused_request_says_what_to_set(
    spec: Spec, name: str, status: int, params: Record, body: Json, reason: str
) -> None:
    assert said(spec, name, status, params, body) == reason


def test_parameters_without_a_value_are_named(spec: Spec) -> None:
    lacking = missing(spec.operations["getPortalPageBlock"], {"from": 0})

    assert no_value(lacking) == "no value for id and block_id: set params.id and params.block_id"
    assert missing(spec.operations["getContract"], {"id": ID}) == []


def test_token_that_is_missing_is_asked_for(spec: Spec) -> None:
    assert no_token(spec.operations["getContract"]) == "no token for PortalAuth: give --token PortalAuth=…"
