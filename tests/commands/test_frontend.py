"""The address of the frontend on the command line."""

import argparse

import pytest

from mockportal.commands.flags import frontend_of


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("http://localhost:5173", "http://localhost:5173"),
        ("http://localhost:5173/", "http://localhost:5173"),
        ("https://portal.example/app/", "https://portal.example/app"),
        ("http://[::1]:3000", "http://[::1]:3000"),
    ],
)
def test_address_of_a_frontend_has_no_slash_at_its_end(text: str, address: str) -> None:
    assert frontend_of(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "localhost:5173",
        "ftp://host",
        "http://",
        "http://[",
        "http://h:99999",
        "http://a@b",
        "http://h/?x",
        "http://h/ x",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is not an address"):
        frontend_of(text)
