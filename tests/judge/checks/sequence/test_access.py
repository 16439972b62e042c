"""Who gets in: only bearers of good tokens, and nobody who is locked out."""

from collections.abc import Mapping

import pytest

from mockportal.judge.checks.sequence.access import locked_out_stay_out, token_is_needed
from mockportal.judge.model import Received
from mockportal.judge.wire.transports import Transport, in_process
from mockportal.mock import Mock
from mockportal.values import Json
from mockportal.web.app import create_app
from tests.support.runs import findings_of

LOOSE = ("getContract", "updateContact", "putPortalConfig")


def test_mock_lets_in_bearers_of_good_tokens_only(mock: Mock) -> None:
    assert findings_of(mock, token_is_needed) == []
    assert findings_of(mock, locked_out_stay_out) == []


@pytest.mark.parametrize(
    ("word", "signature"),
    [("basic", "Basic token"), ("token", "Token token"), ("", "token"), ("bearer", "bearertoken")],
)
@pytest.mark.parametrize("operation", LOOSE)
def test_a_good_token_in_another_scheme_is_found(
    mock: Mock, operation: str, word: str, signature: str
) -> None:
    found = findings_of(
        mock, token_is_needed, operations=(operation,), transport=lenient(in_process(create_app(mock)), word)
    )

    assert [(one.operation, one.signature) for one in found] == [(operation, signature)]


@pytest.mark.parametrize(
    "operation", ["getPortalUser", "getPortalPages", "getOrgPortalConfig", "putPortalConfig"]
)
def test_a_caller_who_is_locked_out_and_let_in_is_found(mock: Mock, operation: str) -> None:
    found = findings_of(mock, locked_out_stay_out, {operation: lambda status, body: (200, {})})

    assert {one.operation for one in found} == {operation}


def test_a_refusal_for_another_reason_is_found(mock: Mock) -> None:
    def vague(status: int, body: Json) -> tuple[int, Json]:
        return status, {"message": "no"}

    found = findings_of(mock, locked_out_stay_out, {"getContract": vague, "getAllFiles": vague})

    assert {one.operation for one in found} == {"getContract", "getAllFiles"}
    assert all(one.signature.startswith("reason") for one in found)


def lenient(transport: Transport, word: str) -> Transport:
    """Takes a token after `word` for a bearer token."""

    async def send(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Received:
        sent = headers.get("authorization", "")
        first, _, rest = sent.partition(" ")
        if (
            not rest
            and word in ("", "bearer")
            and sent.startswith(word)
            and sent.startswith("bearer") == bool(word)
        ):
            first, rest = word, sent.removeprefix(word)
        if rest and first.lower() == word:
            headers = {**headers, "authorization": f"Bearer {rest}"}
        return await transport(method, target, headers, body)

    return send
