"""Exchanges as Python with httpx: a script, and the call that a test makes as well."""

import math
import re

from mockportal.programs.literals import PYTHON, block, is_text, python_parts, python_text
from mockportal.programs.parts import Variable
from mockportal.programs.program import Program

_USUAL = 4  # seconds that httpx waits anyway
# Everything that httpx sends as it is written.
_PLAIN = re.compile(rb"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?\[\]]|%[0-9A-Fa-f]{2})*")
_DOTS = re.compile(rb"/\.\.?(?:[/?]|$)")


def python(program: Program) -> str:
    """Prints status and body of the answer."""
    imports = "import os\n\n" if needs_os(program) else ""
    return f"{imports}import httpx\n\n{sent(program, 0)}print(response.status_code)\nprint(response.text)\n"


def sent(program: Program, column: int) -> str:
    """The statement that sends the request, indented by `column`; `response` is what comes."""
    margin = " " * column
    if _is_plain(program.sending.target):
        return f"{margin}response = httpx.request{_arguments(program, column)}\n"
    inner = column + PYTHON.indent
    called = f"{' ' * inner}response = client.request{_arguments(program, inner)}\n"
    return f"{margin}with httpx.Client() as client:  # which can send the address as it is\n{called}"


def needs_os(program: Program) -> bool:
    """True if the program reads a secret from the environment."""
    sending = program.sending
    parts = (*sending.url, *sending.body, *(part for _, value in sending.headers for part in value))
    return any(isinstance(part, Variable) for part in parts)


def _arguments(program: Program, column: int) -> str:
    sending, seconds = program.sending, program.expected.seconds
    arguments = [python_text(sending.method), python_parts(sending.url)]
    if sending.headers:
        headers = [f"{python_text(name)}: {_header_value(value)}" for name, value in sending.headers]
        arguments.append(f"headers={block(headers, column + PYTHON.indent, PYTHON.indent, '{}')}")
    if sending.body:
        arguments.append(f"content={_bytes(sending.body)}")
    if seconds > _USUAL:
        arguments.append(f"timeout={math.ceil(seconds) + 30}")
    if not _is_plain(sending.target):
        arguments.append(f'extensions={{"target": {_bytes(sending.target)}}}')
    return block(arguments, column, PYTHON.indent, "()")


def _header_value(value: tuple[bytes | Variable, ...]) -> str:
    """ASCII as a text, since httpx takes no other; anything else as bytes."""
    is_ascii = all(part.isascii() for part in value if isinstance(part, bytes))
    return python_parts(value) if is_ascii else _bytes(value)


def _bytes(parts: tuple[bytes | Variable, ...]) -> str:
    text = python_parts(parts)
    if not is_text(parts):
        return text
    return f"({text}).encode()" if len(parts) > 1 else f"{text}.encode()"


def _is_plain(target: tuple[bytes | Variable, ...]) -> bool:
    written = b"".join(part for part in target if isinstance(part, bytes))
    return _PLAIN.fullmatch(written) is not None and not _DOTS.search(written)
