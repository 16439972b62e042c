"""The flags of `serve` that are about the clock, dates and domains."""

import argparse
import json
from pathlib import Path

import pytest

from mockportal import cli
from mockportal.commands.flags import domain_of
from mockportal.commands.setup_flags import setup_of
from mockportal.errors import UsageError
from mockportal.mock import Setup, load_mock


def setup_with(*flags: str) -> Setup:
    return setup_of(cli.build_parser().parse_args(["serve", *flags]))


@pytest.mark.parametrize(
    ("flags", "moves"),
    [
        (["--clock", "now"], True),
        (["--clock", "now", "--no-shift"], False),
        (["--clock", "2031-01-01T00:00:00Z"], False),
    ],
)
def test_now_moves_dates_along_unless_told_not_to(flags: list[str], moves: bool) -> None:
    clock = setup_with(*flags).clock

    assert clock is not None
    assert clock.moves_dates is moves


def test_without_a_clock_the_scenario_keeps_its_own() -> None:
    assert setup_with().clock is None
    assert setup_with("--no-shift").clock is None


def test_domains_may_be_given_several_times() -> None:
    assert setup_with("--domain", "Portal.test", "--domain", "b.test:80").domains == (
        "portal.test",
        "b.test:80",
    )
    assert setup_with().domains == ()


@pytest.mark.parametrize("text", ["", "http://portal.test", "a b", "-a.test", "a.test:x", "a.test/x"])
def test_a_domain_is_a_name_with_or_without_a_port(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is not a domain"):
        domain_of(text)


def test_an_api_without_a_frontend_takes_no_domain(tmp_path: Path) -> None:
    document = {"openapi": "3.0.3", "info": {"title": "Other", "version": "1"}, "paths": {}}
    (tmp_path / "openapi.json").write_text(json.dumps(document))

    with pytest.raises(UsageError, match="--domain"):
        load_mock(Setup(spec=tmp_path / "openapi.json", scenarios=tmp_path, domains=("portal.test",)))
