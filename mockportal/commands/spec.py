"""`mockportal spec`: the contract as compiled, for other tools."""

from mockportal.commands.output import say_json
from mockportal.mock import Setup, load_mock_spec


def spec(setup: Setup) -> int:
    """Prints the document with the overlay applied. Raises `SpecError`."""
    say_json(load_mock_spec(setup).document)
    return 0
