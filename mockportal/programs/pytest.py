"""Exchanges as a test for pytest."""

from mockportal.programs.answer import ANYTHING, Expected
from mockportal.programs.literals import PYTHON, value_text
from mockportal.programs.program import Program, function_of
from mockportal.programs.python import needs_os, sent
from mockportal.values import Json

_COLUMN = 4


def pytest(program: Program) -> str:
    """Asserts status and body of the answer, or that it breaks off."""
    expected = program.expected
    head = "".join(f"{line}\n" for line in _imports(program))
    if expected.breaks:
        body = f"    with pytest.raises(httpx.TransportError):\n{sent(program, 2 * _COLUMN)}"
    else:
        asserted = [f"assert response.status_code == {expected.status}", *_assertions(expected)]
        lines = "".join(f"    {line}\n" for line in asserted)
        body = f"{sent(program, _COLUMN)}\n{lines}"
    return f"{head}\n\ndef {function_of(program)}() -> None:\n{body}"


def _imports(program: Program) -> list[str]:
    expected = program.expected
    standard = [
        *(["import os"] if needs_os(program) else []),
        *(["from hashlib import sha256"] if expected.digest else []),
        *(["from unittest.mock import ANY"] if _holds_anything(expected.value) else []),
    ]
    return [
        *standard,
        *([""] if standard else []),
        "import httpx",
        *(["import pytest"] if expected.breaks else []),
    ]


def _assertions(expected: Expected) -> list[str]:
    if expected.is_json:
        return [f"assert response.json() == {value_text(expected.value, PYTHON, _COLUMN)}"]
    if expected.digest:
        return [f'assert sha256(response.content).hexdigest() == "{expected.digest}"']
    return [] if expected.content is None else [f"assert response.content == {expected.content!r}"]


def _holds_anything(value: Json) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_anything, value.values()))
    return any(map(_holds_anything, value)) if isinstance(value, list) else value is ANYTHING
