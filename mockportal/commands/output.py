"""What commands print: results on stdout, everything else on stderr."""

import json
import sys

from mockportal.values import Json


def say(text: str) -> None:
    """Prints a result, at once."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")
    sys.stdout.flush()


def warn(text: str) -> None:
    """Prints a line that is no result."""
    sys.stderr.write(text + "\n")


def say_json(value: Json) -> None:
    """Prints a value as indented JSON."""
    say(json.dumps(value, indent=2, ensure_ascii=False))
