"""Every limit has a line in the docs, can be changed, and is named by whoever is stopped by it."""

import argparse
from dataclasses import fields
from pathlib import Path

import pytest

from mockportal.commands.flags import limit_of
from mockportal.config import LIMITS, Limits
from mockportal.values import decode
from mockportal.web.document.limits_page import page
from tests.support.limits import limited

PAGE = Path(__file__).parent.parent / "docs" / "limits.md"


def test_page_lists_every_limit() -> None:
    assert PAGE.read_text() == page()


@pytest.mark.parametrize("name", [one.name for one in fields(Limits) if one.metadata["status"]])
def test_refusal_has_a_status_of_http_and_names_its_limit(name: str) -> None:
    with limited(**{name: 7}):
        status, message = LIMITS.refusal(name)

    assert 400 <= status < 600
    assert message.endswith(f" (limit {name})")
    assert "7" in message or name == "token"


@pytest.mark.parametrize(
    ("text", "limit"),
    [("body=2048", ("body", 2048)), ("idle=1.5", ("idle", 1.5)), ("held=0", ("held", 0))],
)
def test_limit_is_read_from_its_flag(text: str, limit: tuple[str, float]) -> None:
    assert limit_of(text) == limit
    assert isinstance(limit_of(text)[1], type(limit[1]))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("bodi=1", "there is no limit 'bodi'; did you mean 'body'?"),
        ("body", "'body' is not body=NUMBER, such as body=1048576"),
        ("body=", "is not body=NUMBER"),
        ("body=1.5", "is not body=NUMBER"),
        ("body=-1", "is not body=NUMBER"),
        ("idle=nan", "is not idle=NUMBER"),
        ("idle=1e9", "is not idle=NUMBER"),
        ("body=" + "9" * 5_000, "is not body=NUMBER"),
    ],
)
def test_bad_limit_is_told(text: str, problem: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError) as said:
        limit_of(text)

    assert problem in str(said.value)


@pytest.mark.parametrize("number", ["1" * 301, "-" + "1" * 301, "0." + "1" * 1_000, "1" * 299 + ".11"])
def test_number_of_too_many_digits_is_refused(number: str) -> None:
    with pytest.raises(ValueError, match=r"a number of more than 300 digits \(limit digits\)"):
        decode(f'{{"a": [{number}]}}'.encode())


def test_long_number_and_longer_text_of_digits_are_read() -> None:
    assert decode(b'["%s", %s]' % (b"1" * 2_000, b"1" * 300)) == ["1" * 2_000, int("1" * 300)]
