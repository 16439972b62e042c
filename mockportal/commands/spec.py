"""`mockportal spec`: the contract as compiled, for other tools."""

import argparse

from mockportal.commands.output import say_json
from mockportal.commands.setup_flags import setup_of
from mockportal.mock import load_mock_spec


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Adds nothing: `spec` has only the flags of every command."""


def run(given: argparse.Namespace) -> int:
    """Prints the document with the overlay applied. Raises `SpecError`."""
    say_json(load_mock_spec(setup_of(given)).document)
    return 0
