"""Tokens that are given out and used up; a target that gives the same to all, or takes one twice, is found out."""

from mockportal.judge.checks.tokens.minting import minted_tokens_differ, single_use_is_honoured
from mockportal.mock import Mock
from tests.support.runs import findings_of
from tests.support.seeded import blamed


def test_mock_gives_out_other_tokens_each_time_and_takes_them_once(mock: Mock) -> None:
    assert findings_of(mock, minted_tokens_differ) == []
    assert findings_of(mock, single_use_is_honoured) == []


def test_a_token_that_two_users_have_is_found(mock: Mock) -> None:
    seeded = ("loginToPortalAsUser-same", "ssoLogin-same", "ssoLoginV3-same")

    assert blamed(mock, minted_tokens_differ, *seeded) == {"loginToPortalAsUser", "ssoLogin", "ssoLoginV3"}


def test_a_code_that_is_good_twice_is_found(mock: Mock) -> None:
    seeded = ("ssoCallback-again", "confirmUser-again")

    assert blamed(mock, single_use_is_honoured, *seeded) == {"ssoCallback", "confirmUser"}
